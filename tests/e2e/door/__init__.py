"""Desks, through gateway and worker, to the figures; run by one process, as `scheduling` says."""
