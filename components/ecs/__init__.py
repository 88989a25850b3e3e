"""ECS on Fargate: clusters, services, workers, tasks, deployments and autoscaling."""
