"""Rules on CloudFront distributions and their response headers."""
