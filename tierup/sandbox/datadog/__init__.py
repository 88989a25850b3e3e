"""Behaviour rows and functions of Datadog."""
