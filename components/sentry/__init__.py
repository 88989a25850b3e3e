"""Error tracking by Sentry. Its SDK is the optional dependency `tierup[sentry]` (components/optional_sdk.py)."""
