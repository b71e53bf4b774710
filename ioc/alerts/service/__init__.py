"""One turn of delivering: looks, decides, writes down, hands over."""
