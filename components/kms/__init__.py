"""Customer managed KMS keys."""
