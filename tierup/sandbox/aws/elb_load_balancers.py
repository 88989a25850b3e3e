"""Elastic Load Balancing: load balancers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tierup.sandbox.behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Name,
    Plain,
    Quota,
    Reference,
    Rejection,
    Stage,
    located,
    rule,
)

from .access import decide
from .elb import BUCKET, ELB, HYPHENATED, LOAD_BALANCER, QUOTAS, kind_of
from .network import (
    APPLY,
    INTERNET_GATEWAY,
    SUBNET,
    VPC,
    network_of,
    subnets_in_own_zones,
    subnets_in_vpc,
    to_security_group,
    to_subnet,
    vpc_of_group,
    vpc_of_subnets,
)
from .same_scope import known, output_of
from .security_group_quotas import groups_per_interface
from .sources import api, provider, quoted, sdk

BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"

LOG_DELIVERY = api("elbv2", "LoadBalancerAttribute")

CANONICAL_ZONES = {
    "af-south-1": "Z268VQBMOI5EKX",
    "ap-east-1": "Z3DQVH9N71FHZ0",
    "ap-northeast-1": "Z14GRHDCWA56QT",
    "ap-northeast-2": "ZWKZPGTI48KDX",
    "ap-northeast-3": "Z5LXEXXYW11ES",
    "ap-south-1": "ZP97RAFLXTNZK",
    "ap-southeast-1": "Z1LMS91P8CMLE5",
    "ap-southeast-2": "Z1GM3OXH4ZPM65",
    "ca-central-1": "ZQSVJUPU6J1EY",
    "eu-central-1": "Z215JYRZR1TBD5",
    "eu-north-1": "Z23TAZ6LKFMNIO",
    "eu-south-1": "Z3ULH7SSC9OV64",
    "eu-west-1": "Z32O12XQLNTSW2",
    "eu-west-2": "ZHURV8PSTC4K8",
    "eu-west-3": "Z3Q77PNBQS71R4",
    "me-south-1": "ZS929ML54UICD",
    "sa-east-1": "Z2P70J7HTTTPLU",
    "us-east-1": "Z35SXDOTRQ7X7K",
    "us-east-2": "Z3AADJGX6KTTL2",
    "us-west-1": "Z368ELLRRE2KJ0",
    "us-west-2": "Z1H1FL5HABSF5",
}
"""The Route 53 hosted zone id of a region's Application Load Balancers:
https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/elbv2/hosted_zone_id_data_source.go
(read 2026-11-24)."""


def subnets_of(call: Call) -> list[tuple[str, str]]:
    """Return the load balancer's subnets, each with its input path."""
    found = [*located(call.inputs, "subnets[*]"), *located(call.inputs, "subnetMappings[*].subnetId")]
    return [(at, subnet) for at, subnet in found if isinstance(subnet, str)]


def vpc_of_load_balancer(call: Call) -> Plain:
    """Return the VPC of the load balancer's subnets."""
    return vpc_of_subnets(call, subnets_of(call))


@rule("load-balancer-has-two-subnets", Stage.PLAN, source=api(ELB, "CreateLoadBalancer"))
def two_subnets(call: Call) -> Iterator[Rejection]:
    if call.get("loadBalancerType") is UNKNOWN or kind_of(call.inputs) != "application":
        return
    for path in ("subnets", "subnetMappings"):
        given = call.get(path)
        if isinstance(given, list) and len(given) < 2:
            yield Rejection(
                path,
                f"too few subnets (got {len(given)}). An application load balancer requires subnets in at least two"
                " zones.",
                "ValidationError",
            )


@rule("load-balancer-spans-zones", *APPLY, source=api(ELB, "CreateLoadBalancer"))
def spans_zones(call: Call) -> Iterator[Rejection]:
    subnets = subnets_of(call)
    yield from subnets_in_vpc(call, subnets, vpc_of_load_balancer(call), code="InvalidSubnet")
    hint = "A load balancer has one subnet per zone."
    yield from subnets_in_own_zones(call, subnets, hint=hint, code="InvalidConfigurationRequest")
    zones: set[str] = set()
    for at, subnet in subnets:
        found = call.cloud.get(SUBNET, subnet)
        if found is None:
            continue
        zones.add(str(found.outputs.get("availabilityZone")))
        network = network_of(found.outputs.get("cidrBlock"))
        if network is not None and network.prefixlen > 27:
            yield Rejection(
                at,
                f"{subnet} is too small (got /{network.prefixlen}). A load balancer requires a /27 subnet or larger.",
                "InvalidSubnet",
            )
        if str(call.get("ipAddressType", "")).startswith("dualstack") and not found.outputs.get("ipv6CidrBlock"):
            yield Rejection(
                at, f"{subnet} has no IPv6 CIDR block, which ipAddressType dualstack requires", "ValidationError"
            )
    if kind_of(call.inputs) == "application" and len(zones) == 1:
        yield Rejection(
            "subnets", f"all subnets are in {next(iter(zones))}. At least two zones are required.", "ValidationError"
        )


@rule("load-balancer-security-groups-in-vpc", *APPLY, source=api(ELB, "CreateLoadBalancer"))
def groups_in_vpc(call: Call) -> Iterator[Rejection]:
    vpc = vpc_of_load_balancer(call)
    for at, group in located(call.inputs, "securityGroups[*]"):
        other_vpc = vpc_of_group(call, group)
        if vpc and other_vpc and other_vpc != vpc:
            yield Rejection(
                at, f"{group} belongs to {other_vpc}, the load balancer belongs to {vpc}", "InvalidSecurityGroup"
            )


@rule(
    "public-load-balancer-needs-internet-gateway",
    *APPLY,
    source=quoted("InvalidSubnet: VPC vpc-… has no internet gateway"),
)
def needs_internet_gateway(call: Call) -> Iterator[Rejection]:
    vpc = vpc_of_load_balancer(call)
    if call.get("internal") or vpc is None or kind_of(call.inputs) == "gateway":
        return
    if next(call.cloud.find(INTERNET_GATEWAY, vpcId=vpc), None) is None:
        yield Rejection(
            "subnets",
            f"{vpc} has no internet gateway. Make an internet-facing load balancer depend on the internet gateway.",
            "InvalidSubnet",
        )


@rule("load-balancer-can-write-logs", *APPLY, source=LOG_DELIVERY)
def may_write_logs(call: Call) -> Iterator[Rejection]:
    for block in ("accessLogs", "connectionLogs", "healthCheckLogs"):
        bucket = call.get(f"{block}.bucket")
        if not call.get(f"{block}.enabled") or not bucket:
            continue
        if call.cloud.get(BUCKET, bucket) is not None and not _may_write(call, block, str(bucket)):
            yield Rejection(
                f"{block}.bucket",
                f"Access Denied for bucket: {bucket}. Please check S3bucket permission: its policy must allow"
                f" {_LOG_WRITER} to put objects, and must exist before the load balancer",
                "InvalidConfigurationRequest",
            )


_LOG_WRITER = "logdelivery.elasticloadbalancing.amazonaws.com"


def _may_write(call: Call, block: str, bucket: str) -> bool:
    """Return whether ELB can write its test object: as its service principal, or in the older form as its account."""
    prefix = call.get(f"{block}.prefix")
    key = f"{prefix}/AWSLogs" if prefix else "AWSLogs"
    test_object = f"arn:aws:s3:::{bucket}/{key}/{call.account}/ELBAccessLogTestFile"
    source = f"arn:aws:elasticloadbalancing:{call.region}:{call.account}:loadbalancer/app/{call.get('name')}/0"
    context = {"aws:SourceArn": source, "aws:SourceAccount": call.account}
    found = decide(_LOG_WRITER, "s3:PutObject", test_object, context, call.cloud)
    if not found.denied:
        return True
    policies = [str(each.outputs.get("policy")) for each in call.cloud.find(BUCKET_POLICY, bucket=bucket)]
    accounts = {account for text in policies for account in _ACCOUNT.findall(text)} - {call.account}
    return not found.is_explicit and bool(accounts)


_ACCOUNT = re.compile(r"arn:aws:iam::(\d{12}):root")


@rule("load-balancer-deletion-protection", Stage.DELETE, source=api(ELB, "DeleteLoadBalancer"))
def protected(call: Call) -> Iterator[Rejection]:
    if call.this and call.this.outputs.get("enableDeletionProtection"):
        yield Rejection(
            "enableDeletionProtection",
            f"load balancer {call.this.outputs.get('name')} has deletion protection. Disable enableDeletionProtection"
            " in an update first.",
            "OperationNotPermitted",
        )


def _suffix(kind: str) -> str:
    return {"application": "app", "network": "net", "gateway": "gwy"}[kind]


def _physical_name(call: Call) -> str:
    return call.outputs.get("name") or call.get("name")  # with namePrefix, the name is only an output


def _load_balancer_arn(call: Call) -> str:
    path = f"{_suffix(kind_of(call.inputs))}/{_physical_name(call)}/{call.hex(16)}"
    return f"arn:aws:elasticloadbalancing:{call.region}:{call.account}:loadbalancer/{path}"


def _host_name(call: Call) -> str:
    name = f"{_physical_name(call)}-{int(call.hex(8, 'host'), 16) % 10**10}"
    if kind_of(call.inputs) == "network":
        return f"{_physical_name(call)}-{call.hex(16)}.elb.{call.region}.amazonaws.com"
    return f"{'internal-' if call.get('internal') else ''}{name}.{call.region}.elb.amazonaws.com"


def _zone(call: Call) -> str:
    alike = kind_of(call.inputs) == "application" and CANONICAL_ZONES.get(call.region)
    return alike or f"Z{call.region.upper().replace('-', '')}"


def _default_groups(call: Call) -> list[str]:
    group = output_of(call, VPC, vpc_of_load_balancer(call), "defaultSecurityGroupId")
    return [group] if group and kind_of(call.inputs) == "application" else []


def _subnet_mappings(call: Call) -> Plain:
    return call.get("subnetMappings") or [{"subnetId": subnet} for _, subnet in subnets_of(call)]


def _network_load_balancer_replaced(call: Call) -> Iterable[str]:
    """On a network load balancer, removed subnets and the first or last security group replace."""
    old = call.old or {}
    if kind_of(call.inputs) != "network":
        return
    if set(old.get("subnets") or ()) - set(call.get("subnets") or ()):
        yield "subnets"
    if bool(old.get("securityGroups")) != bool(call.get("securityGroups")):
        yield "securityGroups"
    if (old.get("secondaryIpsAutoAssignedPerSubnet") or 0) > (known(call, "secondaryIpsAutoAssignedPerSubnet") or 0):
        yield "secondaryIpsAutoAssignedPerSubnet"


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=LOAD_BALANCER,
        source=sdk("lb/loadbalancer"),
        id=_load_balancer_arn,
        outputs={
            "arn": "{id}",
            "arnSuffix": lambda call: call.id.partition(":loadbalancer/")[2],
            "dnsName": _host_name,
            "zoneId": _zone,
            "internal": False,
            "loadBalancerType": "application",
            "ipAddressType": "ipv4",
            "namePrefix": "",
            "clientKeepAlive": 3600,
            "desyncMitigationMode": "defensive",
            "dropInvalidHeaderFields": False,
            "enableCrossZoneLoadBalancing": lambda call: kind_of(call.inputs) == "application",
            "enableDeletionProtection": False,
            "enableHttp2": True,
            "enablePrefixForIpv6SourceNat": "",
            "enableTlsVersionAndCipherSuiteHeaders": False,
            "enableWafFailOpen": False,
            "enableXffClientPort": False,
            "enableZonalShift": False,
            "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic": "",
            "idleTimeout": 60,
            "preserveHostHeader": False,
            "secondaryIpsAutoAssignedPerSubnet": 0,
            "securityGroups": _default_groups,
            "xffHeaderProcessingMode": "append",
        },
        derived={
            "subnets": lambda call: [subnet for _, subnet in subnets_of(call)],
            "subnetMappings": _subnet_mappings,
            "vpcId": vpc_of_load_balancer,
        },
        replaces=frozenset({"name", "namePrefix", "internal", "loadBalancerType", "customerOwnedIpv4Pool"}),
        replaces_when=_network_load_balancer_replaced,
        replace_source=provider("elbv2/load_balancer.go"),
        enums={
            "loadBalancerType": ("application", "gateway", "network"),
            "ipAddressType": ("ipv4", "dualstack", "dualstack-without-public-ipv4"),
            "desyncMitigationMode": ("monitor", "defensive", "strictest"),
            "dnsRecordClientRoutingPolicy": (
                "any_availability_zone",
                "availability_zone_affinity",
                "partial_availability_zone_affinity",
            ),
            "xffHeaderProcessingMode": ("append", "preserve", "remove"),
            "enablePrefixForIpv6SourceNat": ("on", "off"),
            "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic": ("on", "off"),
        },
        ranges={
            "idleTimeout": (1, 4000),
            "clientKeepAlive": (60, 604800),
            "secondaryIpsAutoAssignedPerSubnet": (0, 7),
        },
        exactly_one=(("subnets", "subnetMappings"),),
        name=Name(
            longest=32,
            pattern=rf"(?!internal-){HYPHENATED}",
            allowed="letters, digits and hyphens, without a hyphen first or last, not starting with 'internal-'",
            taken="DuplicateLoadBalancerName",
            source=api(ELB, "CreateLoadBalancer"),
        ),
        references=(
            to_subnet("subnets[*]", "SubnetNotFound"),
            to_subnet("subnetMappings[*].subnetId", "SubnetNotFound"),
            to_security_group("securityGroups[*]", "InvalidSecurityGroup"),
            *(
                Reference(
                    path=f"{block}.bucket",
                    to=BUCKET,
                    by="bucket",
                    code="InvalidConfigurationRequest",
                    holds=False,
                    source=LOG_DELIVERY,
                )
                for block in ("accessLogs", "connectionLogs", "healthCheckLogs")
            ),
        ),
        quotas=(
            Quota(limit=50, per="region", what="load balancers per Region", code="TooManyLoadBalancers", source=QUOTAS),
            groups_per_interface("securityGroups", "InvalidConfigurationRequest"),
        ),
        rules=(two_subnets, spans_zones, groups_in_vpc, needs_internet_gateway, may_write_logs, protected),
    ),
)
