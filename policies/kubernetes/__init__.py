"""Rules on Kubernetes objects."""
