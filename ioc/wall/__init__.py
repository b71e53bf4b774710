"""The built-in wall: one frame a tick for all screens, over server-sent events."""
