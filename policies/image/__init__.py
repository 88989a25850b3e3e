"""Rules on ECR repositories, where images are kept."""
