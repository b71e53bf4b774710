"""The catalogue of panels and the two renderers of it."""
