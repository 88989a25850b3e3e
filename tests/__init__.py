"""Tests, laid out like the folders they test; shared instruments are modules of this package."""
