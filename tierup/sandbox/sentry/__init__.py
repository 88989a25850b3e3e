"""Behaviour rows and functions of Sentry."""
