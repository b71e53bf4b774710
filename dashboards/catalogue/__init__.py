"""The catalogue of panels, one module a row of the wall."""
