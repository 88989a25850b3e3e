"""Rules on ECS task definitions."""
