"""Files to take away; every function returns bytes."""
