"""Rules on ElastiCache and MemoryDB."""
