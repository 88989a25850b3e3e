"""Rules on secrets, the keys that seal them, and who may use either."""
