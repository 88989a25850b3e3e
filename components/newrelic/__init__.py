"""Monitoring by New Relic. Its SDK is the optional dependency `tierup[newrelic]` (components/optional_sdk.py)."""
