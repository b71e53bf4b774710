"""The Faust application: thin agents around the pipeline."""
