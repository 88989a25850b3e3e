"""Settings of a stack: their model, groups, secrets, constraints, transitions and errors."""
