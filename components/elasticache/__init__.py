"""ElastiCache. `stacks/catalog` has the nodes of each tier (tiers.py) and the engine version (versions.py)."""
