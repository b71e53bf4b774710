"""What desks already send: the national messages, taken in and answered in the portal's manner."""
