"""Rules on ElastiCache."""
