"""Mappings: how records of other shapes (JSON, CSV) become dossier events."""
