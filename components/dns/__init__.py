"""DNS records in Route 53, and ACM certificates with DNS validation."""
