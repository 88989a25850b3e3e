"""ECS on Fargate: clusters, services, workers, tasks, deployments and autoscaling.

The bake time and the strategy of deployments are settings of the stack (`bake_minutes` and `deployment` in
stacks/config/model.py); `deployment` has their bounds.
"""
