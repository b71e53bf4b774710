"""`ioc up`: starts every part in order, keeps them running, stops them in order."""
