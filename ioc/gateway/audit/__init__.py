"""What the gateway writes down: use in sums per minute, refusals, rejects, clock skew."""
