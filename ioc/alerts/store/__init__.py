"""What the alert process reads from the warehouse and writes there."""
