"""The application load balancer of the API: HTTPS in, one group of Fargate tasks behind.

Makes: its security group, the load balancer, an HTTPS listener, an HTTP listener that only redirects, the target group.
Not here: the certificate, the DNS name, the firewall's association, further services' routes, and the rule that lets it
reach the tasks: each service opens that itself, on both ends, so a load balancer without a service reaches nothing.
Checklist: HTTPS enforced, security headers (HSTS), load balancing, health checks, access logs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.alb.target_group import TargetSettings, check_in_range, check_name_fits, target_group

# The families that end at TLS 1.2 and not lower; AWS adds dated members.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html; read as SslPolicy of
# aws-cdk-lib 2.275.0 (2026-11-24)
_SSL_POLICY = re.compile(r"ELBSecurityPolicy-TLS13-1-[23]-[A-Za-z0-9-]*\d{4}-\d{2}")

_LISTENING = {"https": 443, "http": 80}
_TWO_YEARS_SECONDS = 63_072_000


@dataclass(frozen=True, kw_only=True, slots=True)
class IngressSource:
    """Addresses that may connect, by exactly one of the three."""

    cidr_ipv4: str | None = None
    """A range of addresses: 203.0.113.0/24."""
    cidr_ipv6: str | None = None
    """A range of addresses: 2001:db8::/32."""
    prefix_list_id: Input[str] | None = None
    """A managed prefix list counts as many rules as its maximum size: CloudFront's 55 of the 60 a security group has.
    https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html (read 2026-11-24)"""

    def __post_init__(self) -> None:
        given = [each for each in (self.cidr_ipv4, self.cidr_ipv6, self.prefix_list_id) if each is not None]
        if len(given) != 1:
            raise ValueError(
                f"cidr_ipv4, cidr_ipv6, prefix_list_id: got {len(given)} of them, allowed one: "
                "a security group rule has one other end"
            )


_WORLD = {"ipv4": IngressSource(cidr_ipv4="0.0.0.0/0"), "ipv6": IngressSource(cidr_ipv6="::/0")}


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadBalancerArgs:
    """What one load balancer needs."""

    vpc_id: Input[str]
    """The VPC that the subnets are in."""
    subnet_ids: Input[Sequence[Input[str]]]
    """Public subnets of two zones or more."""
    certificate_arn: Input[str]
    """A validated certificate of the load balancer's region."""
    access_log_bucket: Input[str]
    """Name of a bucket whose policy already lets load balancers write: AWS tries it at once."""
    ssl_policy: str
    """ELBSecurityPolicy-TLS13-1-2-... or -1-3-...; no default, because each ages."""
    target_port: int
    """Where tasks listen, 1 to 65535."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    health_check_path: str = "/health"
    """What a task that is well answers with 200."""
    deletion_protection: bool = True
    """Whether AWS refuses to delete it."""
    idle_timeout_seconds: int = 60
    """The tasks must keep idle connections longer than this (Node: server.keepAliveTimeout), or clients see 502s."""
    deregistration_delay_seconds: int = 30
    """How long a stopping task may finish its requests; the tasks' stop timeout should match."""
    sticky_seconds: int | None = None
    """Keeps a client at one task for so long, by a cookie; see TargetSettings."""
    dual_stack: bool = False
    """IPv6 as well as IPv4; the subnets need IPv6 ranges first. Then the DNS alias should have its AAAA record."""
    trust_store_arn: Input[str] | None = None
    """Mutual TLS: clients must show a certificate of the trust store's authorities. None asks for none."""
    ingress_sources: Mapping[str, IngressSource] | None = None
    """Who may connect, by a short name that goes into the rules' names, on HTTPS alone: a CDN's addresses, so that
    nobody goes around it. None: the world, on HTTPS and on HTTP for the redirect."""

    def __post_init__(self) -> None:
        if not _SSL_POLICY.fullmatch(self.ssl_policy):
            raise ValueError(
                f"ssl_policy: got {self.ssl_policy!r}, allowed ELBSecurityPolicy-TLS13-1-2-* or "
                "ELBSecurityPolicy-TLS13-1-3-*: all others accept TLS older than 1.2 or cannot speak 1.3"
            )
        check_in_range("idle_timeout_seconds", self.idle_timeout_seconds, range(1, 4_001))
        if self.ingress_sources is not None and not self.ingress_sources:
            raise ValueError(
                "ingress_sources: got none, allowed one or more, or None for the world: nobody could connect"
            )
        check_in_range("target_port", self.target_port, range(1, 65_536))
        self.targets()

    def targets(self) -> TargetSettings:
        """The target group's settings; a TrafficShift's second one takes the same. Raises ValueError as it does."""
        return TargetSettings(
            port=self.target_port,
            health_check_path=self.health_check_path,
            deregistration_delay_seconds=self.deregistration_delay_seconds,
            sticky_seconds=self.sticky_seconds,
        )


class LoadBalancer(ComponentResource):
    """A public load balancer that speaks HTTPS and sends everything to one target group."""

    arn: Output[str]
    """For a web ACL."""
    arn_suffix: Output[str]
    """The `LoadBalancer` dimension of its metrics."""
    dns_name: Output[str]
    """AWS's name for it, which answers before any of ours does."""
    zone_id: Output[str]
    """Hosted zone of `dns_name`, for alias records."""
    security_group_id: Output[str]
    """Whom tasks let in."""
    https_listener_arn: Output[str]
    """Where further rules go."""
    target_group_arn: Output[str]
    """Known once the HTTPS listener stands: ECS refuses a target group that no load balancer uses."""
    target_group_arn_suffix: Output[str]
    """The `TargetGroup` dimension of its metrics."""

    def __init__(self, name: str, args: LoadBalancerArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:LoadBalancer", name, None, opts)
        check_name_fits(name, "-targets")
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)

        security_group = self._security_group()
        balancer = self._balancer(security_group)
        targets = target_group(f"{name}-targets", args.targets(), vpc_id=args.vpc_id, tags=args.tags, child=self._child)
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
        if self._args.ingress_sources is not None:
            for ingress_source, addresses in self._args.ingress_sources.items():
                self._ingress(
                    group, f"from-{ingress_source}", f"HTTPS from {ingress_source}", _LISTENING["https"], addresses
                )
            return group
        # The IPv6 rules idle until the load balancer is made dual-stack; they cost nothing.
        for protocol, port in _LISTENING.items():
            for family, addresses in _WORLD.items():
                part = f"from-world-{protocol}-{family}"
                self._ingress(group, part, f"{protocol.upper()} from the internet", port, addresses)
        return group

    def _ingress(
        self, group: aws.ec2.SecurityGroup, part: str, description: str, port: int, addresses: IngressSource
    ) -> None:
        aws.vpc.SecurityGroupIngressRule(
            f"{self._logical_name}-{part}",
            security_group_id=group.id,
            description=description,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            cidr_ipv4=addresses.cidr_ipv4,
            cidr_ipv6=addresses.cidr_ipv6,
            prefix_list_id=addresses.prefix_list_id,
            tags=self._tags(part),
            opts=self._child,
        )

    def _balancer(self, security_group: aws.ec2.SecurityGroup) -> aws.lb.LoadBalancer:
        return aws.lb.LoadBalancer(
            f"{self._logical_name}-alb",
            load_balancer_type="application",
            internal=False,
            subnets=self._args.subnet_ids,
            security_groups=[security_group.id],
            ip_address_type="dualstack" if self._args.dual_stack else None,
            drop_invalid_header_fields=True,
            desync_mitigation_mode="defensive",
            enable_deletion_protection=self._args.deletion_protection,
            idle_timeout=self._args.idle_timeout_seconds,
            access_logs={"bucket": self._args.access_log_bucket, "enabled": True},
            tags=self._tags("alb"),
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
            mutual_authentication=(
                {"mode": "verify", "trust_store_arn": self._args.trust_store_arn}
                if self._args.trust_store_arn is not None
                else None
            ),
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
