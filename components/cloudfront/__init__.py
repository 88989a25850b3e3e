"""CloudFront as the CDN: the distributions of the site and of the API."""
