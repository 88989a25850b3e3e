"""Rules on secrets, the keys that encrypt them, and the policies of both."""
