"""Rules on the settings, records and rulesets of Cloudflare zones."""
