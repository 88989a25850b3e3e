"""Programs for those who work on tierup itself. A wheel does not carry them."""
