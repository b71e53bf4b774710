"""Bodies of requests: read within limits, unpacked, cut into events."""
