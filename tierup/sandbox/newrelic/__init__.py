"""Behaviour rows and functions of New Relic."""
