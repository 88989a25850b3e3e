"""Rules that CloudFront and Cloudflare share: cache, security headers, and the choice of the provider. No resources."""
