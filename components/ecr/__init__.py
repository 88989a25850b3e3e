"""ECR repositories and their lifecycle policies."""
