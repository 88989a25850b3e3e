"""Rules on ECS clusters, services and task definitions."""
