"""What is done to a stack that runs, beside the engine: indexes, checks, drills."""
