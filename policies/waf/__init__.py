"""Rules on AWS WAF web ACLs."""
