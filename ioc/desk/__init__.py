"""What runs at the desk, or stands in for it: the client that never loses an event."""
