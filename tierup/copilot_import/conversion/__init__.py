"""Functions that convert fields of a manifest to settings. tierup/copilot_import/fields.py lists them by field."""
