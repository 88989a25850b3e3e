"""Cloudflare as the CDN: DNS records, rulesets, WAF and zone settings."""
