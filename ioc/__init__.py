"""What people start: command line, embedded engines, wall server, scenarios."""
