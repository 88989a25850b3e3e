"""Secrets Manager: the application's secrets, the signing keys and their rotation."""
