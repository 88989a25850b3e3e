"""Rules on who may reach what: security groups."""
