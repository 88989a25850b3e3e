"""AWS WAF web ACLs. Cloudflare's WAF is in `components/cloudflare`."""
