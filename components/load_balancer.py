"""The application load balancer of the API: HTTPS in, one group of Fargate tasks behind.

Makes: its security group, the load balancer, an HTTPS listener, an HTTP listener that only redirects, the target group.
Not here: the certificate, the DNS name, the firewall's association, and the rule that lets it reach the tasks: each
service opens that itself, on both ends, so a load balancer without a service reaches nothing.
Checklist: HTTPS enforced, security headers (HSTS), load balancing, health checks, access logs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

# AWS cuts a load balancer's and a target group's name at 32 characters; autonaming takes 8 of them.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html (read 2026-11-24)
_LONGEST_LOGICAL_NAME = 32 - 8

# The families that end at TLS 1.2 and not lower; AWS adds dated members.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html (read 2026-11-24)
_SSL_POLICY = re.compile(r"ELBSecurityPolicy-TLS13-1-[23]-[A-Za-z0-9-]*\d{4}-\d{2}")

_WORLD = {"ipv4": "0.0.0.0/0", "ipv6": "::/0"}
_LISTENING = {"https": 443, "http": 80}
_TWO_YEARS_SECONDS = 63_072_000


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadBalancerArgs:
    """What one load balancer needs."""

    vpc_id: Input[str]
    subnet_ids: Input[Sequence[Input[str]]]
    """Public subnets of two zones or more."""
    certificate_arn: Input[str]
    """A validated certificate of the load balancer's region."""
    access_log_bucket: Input[str]
    """Name of a bucket whose policy already lets load balancers write: AWS tries it at once."""
    ssl_policy: str
    """ELBSecurityPolicy-TLS13-1-2-... or -1-3-...; no default, because each ages."""
    target_port: int
    tags: Mapping[str, str]
    health_check_path: str = "/health"
    deletion_protection: bool = True
    idle_timeout_seconds: int = 60
    """The tasks must keep idle connections longer than this (Node: server.keepAliveTimeout), or clients see 502s."""
    deregistration_delay_seconds: int = 30
    """How long a stopping task may finish its requests; the tasks' stop timeout should match."""

    def __post_init__(self) -> None:
        if not _SSL_POLICY.fullmatch(self.ssl_policy):
            raise ValueError(
                f"ssl_policy: got {self.ssl_policy!r}, allowed ELBSecurityPolicy-TLS13-1-2-* or "
                "ELBSecurityPolicy-TLS13-1-3-*: all others accept TLS older than 1.2 or cannot speak 1.3"
            )
        if not self.health_check_path.startswith("/"):
            raise ValueError(f"health_check_path: got {self.health_check_path!r}, allowed a path that starts with /")
        for argument, value, allowed in (
            ("target_port", self.target_port, range(1, 65_536)),
            ("idle_timeout_seconds", self.idle_timeout_seconds, range(1, 4_001)),
            ("deregistration_delay_seconds", self.deregistration_delay_seconds, range(3_601)),
        ):
            if value not in allowed:
                raise ValueError(
                    f"{argument}: got {value}, allowed {allowed.start} to {allowed.stop - 1}: AWS takes no other"
                )


class LoadBalancer(ComponentResource):
    """A public load balancer that speaks HTTPS and sends everything to one target group."""

    arn: Output[str]
    arn_suffix: Output[str]
    """The `LoadBalancer` dimension of its metrics."""
    dns_name: Output[str]
    zone_id: Output[str]
    """Hosted zone of `dns_name`, for alias records."""
    security_group_id: Output[str]
    https_listener_arn: Output[str]
    target_group_arn: Output[str]
    """Known once the HTTPS listener stands: ECS refuses a target group that no load balancer uses."""
    target_group_arn_suffix: Output[str]
    """The `TargetGroup` dimension of its metrics."""

    def __init__(self, name: str, args: LoadBalancerArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:LoadBalancer", name, None, opts)
        if len(f"{name}-targets") > _LONGEST_LOGICAL_NAME:
            raise ValueError(
                f"name: got {name!r}, allowed {_LONGEST_LOGICAL_NAME - len('-targets')} characters or fewer: "
                "AWS names of target groups have 32, and Pulumi's random ending needs 8 of them"
            )
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)

        security_group = self._security_group()
        balancer = self._balancer(security_group)
        targets = self._targets()
        https = self._https_listener(balancer, targets)
        self._redirecting_listener(balancer)

        self.arn = balancer.arn
        self.arn_suffix = balancer.arn_suffix
        self.dns_name = balancer.dns_name
        self.zone_id = balancer.zone_id
        self.security_group_id = security_group.id
        self.https_listener_arn = https.arn
        self.target_group_arn = Output.all(targets.arn, https.arn).apply(lambda both: str(both[0]))
        self.target_group_arn_suffix = targets.arn_suffix
        self.register_outputs(
            {
                "arn": self.arn,
                "arn_suffix": self.arn_suffix,
                "dns_name": self.dns_name,
                "zone_id": self.zone_id,
                "security_group_id": self.security_group_id,
                "https_listener_arn": self.https_listener_arn,
                "target_group_arn": self.target_group_arn,
                "target_group_arn_suffix": self.target_group_arn_suffix,
            }
        )

    def _tags(self, part: str) -> dict[str, str]:
        return {**self._args.tags, "Name": f"{self._logical_name}-{part}"}

    def _security_group(self) -> aws.ec2.SecurityGroup:
        group = aws.ec2.SecurityGroup(
            f"{self._logical_name}-load-balancer",
            vpc_id=self._args.vpc_id,
            description="Load balancer: HTTPS and HTTP from the internet",
            tags=self._tags("load-balancer"),
            opts=self._child,
        )
        # The IPv6 rules idle until the load balancer is made dual-stack; they cost nothing.
        for protocol, port in _LISTENING.items():
            for family, cidr in _WORLD.items():
                aws.vpc.SecurityGroupIngressRule(
                    f"{self._logical_name}-from-world-{protocol}-{family}",
                    security_group_id=group.id,
                    description=f"{protocol.upper()} from the internet",
                    ip_protocol="tcp",
                    from_port=port,
                    to_port=port,
                    cidr_ipv4=cidr if family == "ipv4" else None,
                    cidr_ipv6=cidr if family == "ipv6" else None,
                    tags=self._tags(f"from-world-{protocol}-{family}"),
                    opts=self._child,
                )
        return group

    def _balancer(self, security_group: aws.ec2.SecurityGroup) -> aws.lb.LoadBalancer:
        return aws.lb.LoadBalancer(
            f"{self._logical_name}-alb",
            load_balancer_type="application",
            internal=False,
            subnets=self._args.subnet_ids,
            security_groups=[security_group.id],
            drop_invalid_header_fields=True,
            desync_mitigation_mode="defensive",
            enable_deletion_protection=self._args.deletion_protection,
            idle_timeout=self._args.idle_timeout_seconds,
            access_logs={"bucket": self._args.access_log_bucket, "enabled": True},
            tags=self._tags("alb"),
            opts=self._child,
        )

    def _targets(self) -> aws.lb.TargetGroup:
        return aws.lb.TargetGroup(
            f"{self._logical_name}-targets",
            vpc_id=self._args.vpc_id,
            target_type="ip",
            protocol="HTTP",
            port=self._args.target_port,
            deregistration_delay=self._args.deregistration_delay_seconds,
            # A task is in after 30 seconds of good answers and out after 45 of bad ones.
            health_check={
                "enabled": True,
                "path": self._args.health_check_path,
                "protocol": "HTTP",
                "port": "traffic-port",
                "matcher": "200",
                "interval": 15,
                "timeout": 5,
                "healthy_threshold": 2,
                "unhealthy_threshold": 3,
            },
            # Every task can answer every request: sessions are in tokens, not in a task's memory.
            stickiness={"type": "lb_cookie", "enabled": False},
            tags=self._tags("targets"),
            opts=self._child,
        )

    def _https_listener(self, balancer: aws.lb.LoadBalancer, targets: aws.lb.TargetGroup) -> aws.lb.Listener:
        return aws.lb.Listener(
            f"{self._logical_name}-https",
            load_balancer_arn=balancer.arn,
            port=443,
            protocol="HTTPS",
            ssl_policy=self._args.ssl_policy,
            certificate_arn=self._args.certificate_arn,
            default_actions=[{"type": "forward", "target_group_arn": targets.arn}],
            # The app sets its own headers; these hold for what the load balancer answers itself, too.
            routing_http_response_strict_transport_security_header_value=f"max-age={_TWO_YEARS_SECONDS}",
            routing_http_response_x_content_type_options_header_value="nosniff",
            routing_http_response_server_enabled=False,
            tags=self._tags("https"),
            opts=self._child,
        )

    def _redirecting_listener(self, balancer: aws.lb.LoadBalancer) -> None:
        aws.lb.Listener(
            f"{self._logical_name}-http",
            load_balancer_arn=balancer.arn,
            port=80,
            protocol="HTTP",
            default_actions=[
                {"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443", "status_code": "HTTP_301"}}
            ],
            tags=self._tags("http"),
            opts=self._child,
        )
