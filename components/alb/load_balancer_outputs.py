"""The outputs that a new and an existing load balancer have."""

from __future__ import annotations

from pulumi import ComponentResource, Output


class LoadBalancerComponent(ComponentResource):
    """A component with a load balancer, its HTTPS listener and a target group of the stack."""

    arn: Output[str]
    """ARN of the load balancer, for the web ACL association."""
    arn_suffix: Output[str]
    """The `LoadBalancer` dimension of its metrics."""
    dns_name: Output[str]
    """DNS name of the load balancer in AWS's domain, which resolves before the stack's records do."""
    zone_id: Output[str]
    """Hosted zone of `dns_name`, for alias records."""
    security_group_id: Output[str]
    """Id of the security group, the source of the tasks' ingress rules. The first one, if an existing load balancer has
    several."""
    https_listener_arn: Output[str]
    """ARN of the HTTPS listener, for further rules."""
    target_group_arn: Output[str]
    """ARN of the stack's target group. It resolves after the listener or its rule uses the group: ECS rejects a target
    group without a load balancer."""
    target_group_arn_suffix: Output[str]
    """The `TargetGroup` dimension of the target group's metrics."""

    def _register_outputs(self) -> None:
        self.register_outputs({name: getattr(self, name) for name in LoadBalancerComponent.__annotations__})
