"""Rules on what a Cloudflare zone is set to, on its records and its rulesets."""
