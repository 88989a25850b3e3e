"""Rules on S3 buckets."""
