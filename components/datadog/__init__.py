"""Monitoring by Datadog. Its SDK is the optional dependency `tierup[datadog]` (components/optional_sdk.py)."""
