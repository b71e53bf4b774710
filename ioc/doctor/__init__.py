"""`ioc doctor`: looks at every part of the system and says what to do."""
