"""The integrator's page: what a key's holder sees of what was sent, and how to put it right."""
