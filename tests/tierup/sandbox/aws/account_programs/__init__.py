"""Programs that AWS refuses or accepts for what exists in an account."""
