"""What the desk holds against what is stored here."""
