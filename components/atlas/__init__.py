"""MongoDB Atlas. `stacks/catalog` has the instance size of each tier (tiers.py) and the version (versions.py)."""
