"""Data files of the calendar; a package so that they are installed with it."""
