"""The application load balancer of the API: an HTTPS listener with one target group of Fargate tasks.

Creates the security group, the load balancer, an HTTPS listener, an HTTP listener that redirects, and the target group.
It does not create the certificate, the DNS record, the web ACL association, routes of further services, or the rules
that allow connections to the tasks: each service creates these in both security groups, so a load balancer without a
service has no egress.
Checklist: HTTPS enforced, security headers (HSTS), load balancing, health checks, access logs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.alb.load_balancer_outputs import LoadBalancerComponent
from components.alb.target_group import TargetSettings, check_in_range, check_name_length, target_group

# The policy families with TLS 1.2 as their minimum; AWS adds dated versions.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html; read as SslPolicy of
# aws-cdk-lib 2.275.0 (2026-11-24)
_SSL_POLICY = re.compile(r"ELBSecurityPolicy-TLS13-1-[23]-[A-Za-z0-9-]*\d{4}-\d{2}")

_LISTENER_PORTS = {"https": 443, "http": 80}
_TWO_YEARS_SECONDS = 63_072_000


@dataclass(frozen=True, kw_only=True, slots=True)
class IngressSource:
    """Source addresses of allowed connections. Raises ValueError unless exactly one of the three is set."""

    cidr_ipv4: str | None = None
    """IPv4 CIDR block, such as 203.0.113.0/24."""
    cidr_ipv6: str | None = None
    """IPv6 CIDR block, such as 2001:db8::/32."""
    prefix_list_id: Input[str] | None = None
    """Id of a managed prefix list. It counts as many rules as its maximum size: CloudFront's as 55 of the quota of 60.
    https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html (read 2026-11-24)"""

    def __post_init__(self) -> None:
        given = [each for each in (self.cidr_ipv4, self.cidr_ipv6, self.prefix_list_id) if each is not None]
        if len(given) != 1:
            raise ValueError(
                f"cidr_ipv4, cidr_ipv6, prefix_list_id: not exactly one (got {len(given)}). "
                "Set one of them: a security group rule has a single source."
            )


_INTERNET = {"ipv4": IngressSource(cidr_ipv4="0.0.0.0/0"), "ipv6": IngressSource(cidr_ipv6="::/0")}


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadBalancerArgs:
    """Arguments of LoadBalancer. Raises ValueError for values out of range and for older TLS policies."""

    vpc_id: Input[str]
    """Id of the subnets' VPC."""
    subnet_ids: Input[Sequence[Input[str]]]
    """Ids of public subnets in two zones or more."""
    certificate_arn: Input[str]
    """ARN of a validated certificate in the load balancer's region."""
    access_log_bucket: Input[str]
    """Name of a bucket whose policy already allows the log delivery, which AWS tests immediately."""
    ssl_policy: str
    """TLS policy ELBSecurityPolicy-TLS13-1-2-... or -1-3-...; it has no default, because policies become outdated."""
    target_port: int
    """Port on which tasks listen, 1 to 65535."""
    tags: Mapping[str, str]
    """Tags of every taggable resource; a Name is added."""
    health_check_path: str = "/health"
    """Path that returns 200 while a task is healthy."""
    deletion_protection: bool = True
    """Whether AWS prevents deletion of the load balancer."""
    idle_timeout_seconds: int = 60
    """Idle time-out of connections in seconds, 1 to 4,000. Tasks must keep idle connections open longer than this
    (Node: server.keepAliveTimeout), otherwise clients get 502 responses."""
    client_keep_alive_seconds: int = 3_600
    """Seconds after which a client's connection ends, 60 to 604,800. Clients use an open connection after their name
    points elsewhere, so a switch to a CDN waits that long (client keep-alive duration in
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html, from
    memory)."""
    deregistration_delay_seconds: int = 30
    """Seconds in which a deregistering task may finish its requests, 0 to 3,600. The tasks' stop time-out should
    match."""
    sticky_seconds: int | None = None
    """Duration of target stickiness in seconds (TargetSettings.sticky_seconds)."""
    dual_stack: bool = False
    """Whether the load balancer has IPv6 addresses too. The subnets need IPv6 CIDR blocks first, and the DNS alias
    should get an AAAA record."""
    trust_store_arn: Input[str] | None = None
    """ARN of the trust store of mutual TLS, which makes client certificates mandatory. None disables mutual TLS."""
    ingress_sources: Mapping[str, IngressSource] | None = None
    """Allowed sources of HTTPS connections, by a short name that becomes part of the rules' names: the addresses of a
    CDN, so that clients cannot bypass it. None allows the internet, on HTTPS and on HTTP for the redirect."""
    second_ingress_sources: Mapping[str, IngressSource] | None = None
    """Further allowed sources, in a second security group: a prefix list such as CloudFront's leaves no room for them
    in the quota of the first one. `ingress_sources` must not be None then, and may be empty."""

    def __post_init__(self) -> None:
        if not _SSL_POLICY.fullmatch(self.ssl_policy):
            raise ValueError(
                f"ssl_policy: accepts TLS older than 1.2 or lacks TLS 1.3 (got {self.ssl_policy!r}). "
                "Set ELBSecurityPolicy-TLS13-1-2-* or ELBSecurityPolicy-TLS13-1-3-*."
            )
        check_in_range("idle_timeout_seconds", self.idle_timeout_seconds, range(1, 4_001))
        check_in_range("client_keep_alive_seconds", self.client_keep_alive_seconds, range(60, 604_801))
        if self.ingress_sources is None and self.second_ingress_sources is not None:
            raise ValueError(
                "second_ingress_sources: the first security group allows the internet (got None for ingress_sources). "
                "Set ingress_sources, which may be empty."
            )
        if self.ingress_sources is not None and not (self.ingress_sources or self.second_ingress_sources):
            raise ValueError(
                "ingress_sources: no source is allowed to connect (got an empty mapping). "
                "Set one or more sources, or None for the internet."
            )
        check_in_range("target_port", self.target_port, range(1, 65_536))
        self.targets()

    def targets(self) -> TargetSettings:
        """Return the target group's settings, which a BlueGreen component needs too. Raises ValueError as they do."""
        return TargetSettings(
            port=self.target_port,
            health_check_path=self.health_check_path,
            deregistration_delay_seconds=self.deregistration_delay_seconds,
            sticky_seconds=self.sticky_seconds,
        )


class LoadBalancer(LoadBalancerComponent):
    """A public HTTPS load balancer that routes every request to one target group."""

    def __init__(self, name: str, args: LoadBalancerArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:LoadBalancer", name, None, opts)
        check_name_length(name, "-targets")
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)

        security_group = self._security_group()
        second_group = [] if args.second_ingress_sources is None else [self._second_group(args.second_ingress_sources)]
        load_balancer = self._load_balancer([security_group, *second_group])
        targets = target_group(f"{name}-targets", args.targets(), vpc_id=args.vpc_id, tags=args.tags, child=self._child)
        https = self._https_listener(load_balancer, targets)
        self._redirect_listener(load_balancer)

        self.arn = load_balancer.arn
        self.arn_suffix = load_balancer.arn_suffix
        self.dns_name = load_balancer.dns_name
        self.zone_id = load_balancer.zone_id
        self.security_group_id = security_group.id
        self.https_listener_arn = https.arn
        self.target_group_arn = Output.all(targets.arn, https.arn).apply(lambda both: str(both[0]))
        self.target_group_arn_suffix = targets.arn_suffix
        self._register_outputs()

    def _tags(self, part: str) -> dict[str, str]:
        return {**self._args.tags, "Name": f"{self._logical_name}-{part}"}

    def _security_group(self) -> aws.ec2.SecurityGroup:
        group = self._group("load-balancer", "Load balancer: HTTPS and HTTP from the internet")
        if self._args.ingress_sources is not None:
            self._allow(group, self._args.ingress_sources)
            return group
        # The IPv6 rules have no effect until the load balancer is dual-stack, and are free.
        for protocol, port in _LISTENER_PORTS.items():
            for family, source in _INTERNET.items():
                part = f"from-internet-{protocol}-{family}"
                self._ingress(group, part, f"{protocol.upper()} from the internet", port, source)
        return group

    def _second_group(self, sources: Mapping[str, IngressSource]) -> aws.ec2.SecurityGroup:
        group = self._group("load-balancer-addresses", "Load balancer: HTTPS from the addresses of a CDN")
        self._allow(group, sources)
        return group

    def _group(self, part: str, description: str) -> aws.ec2.SecurityGroup:
        return aws.ec2.SecurityGroup(
            f"{self._logical_name}-{part}",
            vpc_id=self._args.vpc_id,
            description=description,
            tags=self._tags(part),
            opts=self._child,
        )

    def _allow(self, group: aws.ec2.SecurityGroup, sources: Mapping[str, IngressSource]) -> None:
        for name, source in sources.items():
            self._ingress(group, f"from-{name}", f"HTTPS from {name}", _LISTENER_PORTS["https"], source)

    def _ingress(
        self, group: aws.ec2.SecurityGroup, part: str, description: str, port: int, source: IngressSource
    ) -> None:
        aws.vpc.SecurityGroupIngressRule(
            f"{self._logical_name}-{part}",
            security_group_id=group.id,
            description=description,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            cidr_ipv4=source.cidr_ipv4,
            cidr_ipv6=source.cidr_ipv6,
            prefix_list_id=source.prefix_list_id,
            tags=self._tags(part),
            opts=self._child,
        )

    def _load_balancer(self, security_groups: Sequence[aws.ec2.SecurityGroup]) -> aws.lb.LoadBalancer:
        return aws.lb.LoadBalancer(
            f"{self._logical_name}-alb",
            load_balancer_type="application",
            internal=False,
            subnets=self._args.subnet_ids,
            security_groups=[each.id for each in security_groups],
            ip_address_type="dualstack" if self._args.dual_stack else None,
            drop_invalid_header_fields=True,
            desync_mitigation_mode="defensive",
            enable_deletion_protection=self._args.deletion_protection,
            idle_timeout=self._args.idle_timeout_seconds,
            client_keep_alive=self._args.client_keep_alive_seconds,
            access_logs={"bucket": self._args.access_log_bucket, "enabled": True},
            tags=self._tags("alb"),
            opts=self._child,
        )

    def _https_listener(self, load_balancer: aws.lb.LoadBalancer, targets: aws.lb.TargetGroup) -> aws.lb.Listener:
        return aws.lb.Listener(
            f"{self._logical_name}-https",
            load_balancer_arn=load_balancer.arn,
            port=443,
            protocol="HTTPS",
            ssl_policy=self._args.ssl_policy,
            certificate_arn=self._args.certificate_arn,
            default_actions=[{"type": "forward", "target_group_arn": targets.arn}],
            # The application sets its own headers; these also apply to responses of the load balancer itself.
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

    def _redirect_listener(self, load_balancer: aws.lb.LoadBalancer) -> None:
        aws.lb.Listener(
            f"{self._logical_name}-http",
            load_balancer_arn=load_balancer.arn,
            port=80,
            protocol="HTTP",
            default_actions=[
                {"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443", "status_code": "HTTP_301"}}
            ],
            tags=self._tags("http"),
            opts=self._child,
        )
