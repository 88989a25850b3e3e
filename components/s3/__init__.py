"""S3 buckets of the site and of access logs, and replication."""
