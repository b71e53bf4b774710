"""What the gateway tells others: single dossiers, changes, statistics."""
