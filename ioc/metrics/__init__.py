"""What every process tells a monitor: whether it lives, whether it is ready, its figures."""
