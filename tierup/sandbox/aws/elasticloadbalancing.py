"""Elastic Load Balancing: load balancers, target groups, listeners and their rules and certificates."""

from __future__ import annotations

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
    assumed,
    located,
    rule,
    values_at,
)

from .acm import issued
from .network import (
    APPLY,
    INTERNET_GATEWAY,
    SUBNET,
    VPC,
    network_of,
    to_security_group,
    to_subnet,
    to_vpc,
    vpc_of_group,
)
from .same_scope import known, others_in_region, output_of
from .sources import FORCE_NEW, api, created_only, provider, sdk

LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer"
TARGET_GROUP = "aws:lb/targetGroup:TargetGroup"
LISTENER = "aws:lb/listener:Listener"
LISTENER_RULE = "aws:lb/listenerRule:ListenerRule"
LISTENER_CERTIFICATE = "aws:lb/listenerCertificate:ListenerCertificate"
TRUST_STORE = "aws:lb/trustStore:TrustStore"
CERTIFICATE = "aws:acm/certificate:Certificate"
BUCKET = "aws:s3/bucket:Bucket"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"

ELB = "elasticloadbalancing v2"
QUOTAS = assumed("default quotas of Application Load Balancers in Service Quotas, from memory")
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

SSL_POLICIES = frozenset(
    f"ELBSecurityPolicy-{name}"
    for name in (
        *("2016-08", "2015-05", "TLS-1-1-2017-01", "TLS-1-2-2017-01", "TLS-1-2-Ext-2018-06"),
        *("FS-2018-06", "FS-1-1-2019-08", "FS-1-2-2019-08", "FS-1-2-Res-2019-08", "FS-1-2-Res-2020-10"),
        *("TLS13-1-3-2021-06", "TLS13-1-2-2021-06", "TLS13-1-2-Res-2021-06", "TLS13-1-2-Ext1-2021-06"),
        *("TLS13-1-2-Ext2-2021-06", "TLS13-1-1-2021-06", "TLS13-1-0-2021-06"),
        *("TLS13-1-3-FIPS-2023-04", "TLS13-1-2-FIPS-2023-04", "TLS13-1-2-Res-FIPS-2023-04"),
        *("TLS13-1-2-Ext0-FIPS-2023-04", "TLS13-1-2-Ext1-FIPS-2023-04", "TLS13-1-2-Ext2-FIPS-2023-04"),
        *("TLS13-1-1-FIPS-2023-04", "TLS13-1-0-FIPS-2023-04"),
        *("TLS13-1-3-PQ-2025-09", "TLS13-1-2-PQ-2025-09", "TLS13-1-2-Res-PQ-2025-09", "TLS13-1-0-PQ-2025-09"),
        *("TLS13-1-2-Ext1-PQ-2025-09", "TLS13-1-2-Ext2-PQ-2025-09", "TLS13-1-3-FIPS-PQ-2025-09"),
        *("TLS13-1-2-FIPS-PQ-2025-09", "TLS13-1-2-Res-FIPS-PQ-2025-09", "TLS13-1-0-FIPS-PQ-2025-09"),
        *("TLS13-1-2-Ext0-FIPS-PQ-2025-09", "TLS13-1-2-Ext1-FIPS-PQ-2025-09", "TLS13-1-2-Ext2-FIPS-PQ-2025-09"),
    )
)
"""SslPolicy of aws-cdk-lib 2.275.0 (read 2026-11-24); page to check:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html"""

_HYPHENATED = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"


# ---------------------------------------------------------------------------------------------------------------
# Load balancers
# ---------------------------------------------------------------------------------------------------------------


def subnets_of(call: Call) -> list[tuple[str, str]]:
    """Return the load balancer's subnets, each with its input path."""
    found = [*located(call.inputs, "subnets[*]"), *located(call.inputs, "subnetMappings[*].subnetId")]
    return [(at, subnet) for at, subnet in found if isinstance(subnet, str)]


def vpc_of_load_balancer(call: Call) -> str | None:
    """Return the VPC of the load balancer's first existing subnet."""
    return next((vpc for _, subnet in subnets_of(call) if (vpc := output_of(call, SUBNET, subnet, "vpcId"))), None)


def kind_of(inputs: Plain) -> str:
    """Return the type: application, network or gateway."""
    return inputs.get("loadBalancerType") or "application"


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
    vpc = vpc_of_load_balancer(call)
    zones: dict[str, str] = {}
    for at, subnet in subnets_of(call):
        found = call.cloud.get(SUBNET, subnet)
        if found is None:
            continue
        if found.outputs.get("vpcId") != vpc:
            yield Rejection(
                at,
                f"{subnet} belongs to {found.outputs.get('vpcId')}, the first subnet belongs to {vpc}",
                "InvalidSubnet",
            )
        zone = str(found.outputs.get("availabilityZone"))
        if zone in zones:
            yield Rejection(
                at,
                f"{subnet} and {zones[zone]} are both in {zone}. A load balancer has one subnet per zone.",
                "InvalidConfigurationRequest",
            )
        zones[zone] = subnet
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
        theirs = vpc_of_group(call, group)
        if vpc and theirs and theirs != vpc:
            yield Rejection(
                at, f"{group} belongs to {theirs}, the load balancer belongs to {vpc}", "InvalidSecurityGroup"
            )


@rule(
    "public-load-balancer-needs-internet-gateway",
    *APPLY,
    source=assumed("CreateLoadBalancer's message, from memory: 'VPC vpc-… has no internet gateway'"),
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
        policies = [str(found.outputs.get("policy")) for found in call.cloud.find(BUCKET_POLICY, bucket=bucket)]
        if not any("elasticloadbalancing.amazonaws.com" in text or ":root" in text for text in policies):
            yield Rejection(
                f"{block}.bucket",
                f"access denied for bucket {bucket}. Its policy must allow"
                " logdelivery.elasticloadbalancing.amazonaws.com"
                " to put objects, and must exist before the load balancer",
                "InvalidConfigurationRequest",
            )


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


# ---------------------------------------------------------------------------------------------------------------
# Target groups
# ---------------------------------------------------------------------------------------------------------------


@rule("target-group-requires-port-protocol-and-vpc", Stage.PLAN, source=sdk("lb/targetgroup"))
def target_group_inputs(call: Call) -> Iterator[Rejection]:
    is_lambda = known(call, "targetType", "instance") == "lambda"
    for path in ("port", "protocol", "vpcId"):
        given = call.get(path) is not None
        if given and is_lambda:
            yield Rejection(path, f"{path} is not supported for targetType lambda", "ValidationError")
        if not given and not is_lambda and call.get("targetType") is not UNKNOWN:
            yield Rejection(
                path, f"{path} is required for targetType {call.get('targetType', 'instance')}", "ValidationError"
            )
    if known(call, "protocolVersion") is not None and known(call, "protocol", "HTTP") not in ("HTTP", "HTTPS"):
        yield Rejection(
            "protocolVersion", "protocolVersion is supported only for HTTP and HTTPS target groups", "ValidationError"
        )
    slow = known(call, "slowStart", 0)
    if slow != 0 and not 30 <= int(slow) <= 900:
        yield Rejection(
            "slowStart",
            f"invalid slow start (got {slow}). Allowed: 0 (disabled) and 30 to 900 seconds.",
            "ValidationError",
        )


@rule("target-group-health-check", Stage.PLAN, source=sdk("lb/targetgroup"))
def health_check(call: Call) -> Iterator[Rejection]:
    at = "healthCheck"
    protocol = known(call, "protocol", "HTTP")
    checks = known(call, f"{at}.protocol", "HTTP")
    if protocol in ("HTTP", "HTTPS") and checks == "TCP":
        yield Rejection(
            f"{at}.protocol", f"a TCP health check is not supported for {protocol} target groups", "ValidationError"
        )
    path = known(call, f"{at}.path")
    if path is not None and checks == "TCP":
        yield Rejection(f"{at}.path", "a TCP health check does not support a path", "ValidationError")
    if path not in (None, "") and not (path.startswith("/") and len(path) <= 1024):
        yield Rejection(
            f"{at}.path",
            f"the path must begin with / and have at most 1,024 characters (got '{path}')",
            "ValidationError",
        )
    port = known(call, f"{at}.port", "traffic-port")
    if port != "traffic-port" and not (str(port).isdigit() and 1 <= int(port) <= 65535):
        yield Rejection(
            f"{at}.port", f"invalid port (got '{port}'). Allowed: traffic-port and 1 to 65535.", "ValidationError"
        )
    interval, timeout = known(call, f"{at}.interval", 30), known(call, f"{at}.timeout")
    if timeout is not None and float(interval) <= float(timeout):
        yield Rejection(
            f"{at}.timeout",
            f"timeout {timeout} must be shorter than the interval, {interval} seconds",
            "ValidationError",
        )
    matcher = known(call, f"{at}.matcher")
    low, high = _codes_allowed(call)
    for part in str(matcher).replace("-", ",").split(",") if matcher else ():
        if not part.strip().isdigit() or not low <= int(part) <= high:
            yield Rejection(
                f"{at}.matcher",
                f"invalid matcher (got '{matcher}'). Allowed: lists and ranges of codes from {low} to {high}.",
                "ValidationError",
            )
            return


def _codes_allowed(call: Call) -> tuple[int, int]:
    if known(call, "protocolVersion") == "GRPC":
        return 0, 99
    return (200, 499) if known(call, "protocol", "HTTP") in ("HTTP", "HTTPS") else (200, 599)


def _default_health_check(call: Call) -> dict[str, Plain]:
    protocol = call.get("protocol", "HTTP")
    by_http = protocol in ("HTTP", "HTTPS")
    return {
        "enabled": True,
        "healthyThreshold": 3,
        "unhealthyThreshold": 3,
        "interval": 30,
        "timeout": 6 if protocol == "HTTP" else 10,
        "port": "traffic-port",
        "protocol": "HTTP" if by_http else "TCP",
        "matcher": "200" if by_http else "",
        "path": "/" if by_http else "",
    }


# ---------------------------------------------------------------------------------------------------------------
# Listeners and their rules
# ---------------------------------------------------------------------------------------------------------------

ACTION_BLOCKS = {
    "forward": ("targetGroupArn", "forward"),
    "redirect": ("redirect",),
    "fixed-response": ("fixedResponse",),
    "authenticate-cognito": ("authenticateCognito",),
    "authenticate-oidc": ("authenticateOidc",),
    "jwt-validation": ("jwtValidation",),
}
FINAL_ACTIONS = ("forward", "redirect", "fixed-response")
CONDITION_FIELDS = ("hostHeader", "httpHeader", "httpRequestMethod", "pathPattern", "queryStrings", "sourceIp")


def _action_violations(call: Call, path: str) -> Iterator[Rejection]:
    actions = call.get(path)
    if not isinstance(actions, list):
        return
    if not actions:
        yield Rejection(path, f"{path} is empty. At least one action is required.", "InvalidLoadBalancerAction")
        return
    for at, action in located(call.inputs, f"{path}[*]"):
        if action is UNKNOWN or action.get("type") is UNKNOWN:
            continue
        kind = action.get("type")
        wanted = ACTION_BLOCKS.get(kind)
        if wanted is None:
            yield Rejection(
                f"{at}.type",
                f"unknown action type (got '{kind}'). Allowed: {', '.join(ACTION_BLOCKS)}.",
                "ValidationError",
            )
            continue
        if not any(action.get(block) is not None for block in wanted):
            yield Rejection(
                f"{at}.{wanted[0]}",
                f"an action of type {kind} requires {' or '.join(wanted)}",
                "InvalidLoadBalancerAction",
            )
        others = {block for blocks in ACTION_BLOCKS.values() for block in blocks} - set(wanted)
        for other in sorted(others & {key for key, value in action.items() if value is not None}):
            yield Rejection(
                f"{at}.{other}", f"{other} is not supported for an action of type {kind}", "InvalidLoadBalancerAction"
            )
    last = actions[-1]
    if last is not UNKNOWN and last.get("type") in set(ACTION_BLOCKS) - set(FINAL_ACTIONS):
        yield Rejection(path, f"the last action must be one of {', '.join(FINAL_ACTIONS)}", "InvalidLoadBalancerAction")


@rule("listener-actions", Stage.PLAN, source=sdk("lb/listener"))
def listener_actions(call: Call) -> Iterator[Rejection]:
    yield from _action_violations(call, "defaultActions")
    for at, redirect in located(call.inputs, "defaultActions[*].redirect"):
        if redirect is UNKNOWN or UNKNOWN in redirect.values():
            continue
        same_port = redirect.get("port", "#{port}") in ("#{port}", str(known(call, "port")))
        same_protocol = redirect.get("protocol", "#{protocol}") in ("#{protocol}", known(call, "protocol"))
        elsewhere = any(
            redirect.get(key) is not None and not str(redirect[key]).lstrip("/").startswith("#{")
            for key in ("host", "path")
        )
        if same_port and same_protocol and not elsewhere and redirect.get("query") is None:
            yield Rejection(at, "the redirect goes to the same listener and would loop", "InvalidLoadBalancerAction")


@rule("rule-actions", Stage.PLAN, source=sdk("lb/listenerrule"))
def rule_actions(call: Call) -> Iterator[Rejection]:
    yield from _action_violations(call, "actions")


@rule("rule-conditions", Stage.PLAN, source=sdk("lb/listenerrule"))
def rule_conditions(call: Call) -> Iterator[Rejection]:
    conditions = call.get("conditions")
    if not isinstance(conditions, list):
        return
    if not conditions:
        yield Rejection("conditions", "a rule requires at least one condition", "ValidationError")
    values = 0
    for at, condition in located(call.inputs, "conditions[*]"):
        if condition is UNKNOWN:
            continue
        given = [field for field in CONDITION_FIELDS if condition.get(field) is not None]
        if len(given) != 1:
            yield Rejection(
                at,
                f"a condition has exactly one of {', '.join(CONDITION_FIELDS)} (got {', '.join(given) or 'none'}).",
                "ValidationError",
            )
        for field in given:
            values += (
                len(condition[field])
                if field == "queryStrings"
                else sum(1 for _ in values_at(condition, f"{field}.values[*]"))
            )
    if values > 5:
        yield Rejection(
            "conditions", f"too many condition values (got {values}). A rule has at most 5.", "TooManyConditionValues"
        )


@rule("listener-certificate-by-protocol", Stage.PLAN, source=sdk("lb/listener"))
def certificate_by_protocol(call: Call) -> Iterator[Rejection]:
    if call.get("protocol") is UNKNOWN:
        return
    protocol = call.get("protocol", "HTTP")
    secure = protocol in ("HTTPS", "TLS")
    if secure and call.get("certificateArn") is None:
        yield Rejection(
            "certificateArn", f"a certificate must be specified for {protocol} listeners", "ValidationError"
        )
    for path in ("certificateArn", "sslPolicy"):
        if not secure and call.get(path) is not None:
            yield Rejection(
                path,
                f"{path} is not supported for {protocol} listeners. Only HTTPS and TLS listeners support it.",
                "ValidationError",
            )
    if protocol != "TLS" and call.get("alpnPolicy") is not None:
        yield Rejection(
            "alpnPolicy", f"alpnPolicy is supported only for TLS listeners (got {protocol})", "ValidationError"
        )
    policy = known(call, "sslPolicy")
    if policy is not None and policy not in SSL_POLICIES:
        yield Rejection(
            "sslPolicy",
            f"unknown security policy (got '{policy}'). Use for example ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09.",
            "SSLPolicyNotFound",
        )


@rule("mutual-tls-requires-https-and-trust-store", Stage.PLAN, source=sdk("lb/listener"))
def mutual_tls(call: Call) -> Iterator[Rejection]:
    at = "mutualAuthentication"
    mode = known(call, f"{at}.mode")
    if call.get(at) is None or mode is None:
        return
    if known(call, "protocol", "HTTPS") != "HTTPS":
        yield Rejection(
            at, f"{at} is supported only for HTTPS listeners (got {call.get('protocol')})", "ValidationError"
        )
    if (mode == "verify") != (call.get(f"{at}.trustStoreArn") is not None):
        verb = "needs" if mode == "verify" else "takes no"
        yield Rejection(f"{at}.trustStoreArn", f"mode {mode} {verb} trustStoreArn", "ValidationError")


@rule("listener-protocol-matches-load-balancer", *APPLY, source=sdk("lb/listener"))
def listener_protocol(call: Call) -> Iterator[Rejection]:
    owner = next(call.cloud.find(LOAD_BALANCER, arn=call.get("loadBalancerArn")), None)
    if owner is None:
        return
    kind, protocol = kind_of(owner.outputs), call.get("protocol")
    allowed = {
        "application": ("HTTP", "HTTPS"),
        "network": ("TCP", "TLS", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC"),
        "gateway": (),
    }[kind]
    if protocol is not None and protocol not in allowed:
        yield Rejection(
            "protocol",
            f"a load balancer of type {kind} does not support {protocol}. Allowed: {', '.join(allowed)}.",
            "UnsupportedProtocol",
        )
    if kind != "gateway" and call.get("port") is None:
        yield Rejection("port", "port is required. Allowed: 1 to 65535.", "ValidationError")


@rule("one-listener-per-port", *APPLY, source=api(ELB, "CreateListener"))
def one_listener_a_port(call: Call) -> Iterator[Rejection]:
    for other in others_in_region(call, LISTENER, loadBalancerArn=call.get("loadBalancerArn")):
        if other.outputs.get("port") == call.get("port"):
            yield Rejection(
                "port",
                f"the load balancer already listens on port {call.get('port')} ({other.name})",
                "DuplicateListener",
            )


@rule(
    "listener-certificate-is-issued",
    *APPLY,
    source=assumed("CreateListener returns UnsupportedCertificate for a pending certificate"),
)
def certificate_is_issued(call: Call) -> Iterator[Rejection]:
    arn = call.get("certificateArn")
    found = next(call.cloud.find(CERTIFICATE, arn=arn), None) if arn else None
    if found is not None and not issued(call.cloud, found):
        yield Rejection(
            "certificateArn",
            f"the certificate {arn} is not issued yet. Use the ARN of its CertificateValidation.",
            "UnsupportedCertificate",
        )


def _target_groups(call: Call) -> Iterator[tuple[str, str]]:
    for path in ("defaultActions", "actions"):
        for inner in ("targetGroupArn", "forward.targetGroups[*].arn"):
            yield from located(call.inputs, f"{path}[*].{inner}")


def load_balancer_of(call: Call) -> str | None:
    """Return the ARN of the load balancer of a listener or listener rule."""
    if arn := call.get("loadBalancerArn"):
        return arn
    listener = next(call.cloud.find(LISTENER, arn=call.get("listenerArn")), None)
    return listener.outputs.get("loadBalancerArn") if listener else None


def load_balancers_using(call: Call, target_group: str) -> set[str]:
    """Return the ARNs of the load balancers whose listeners or rules forward to a target group."""
    using: set[str] = set()
    for listener in call.cloud.find(LISTENER):
        if _sends_to(listener.inputs, "defaultActions", target_group):
            using.add(listener.outputs["loadBalancerArn"])
    for each in call.cloud.find(LISTENER_RULE):
        if _sends_to(each.inputs, "actions", target_group):
            listener = next(call.cloud.find(LISTENER, arn=each.outputs.get("listenerArn")), None)
            using |= {listener.outputs["loadBalancerArn"]} if listener else set()
    return using


def _sends_to(inputs: Plain, path: str, target_group: str) -> bool:
    return any(
        target_group in values_at(inputs, f"{path}[*].{inner}")
        for inner in ("targetGroupArn", "forward.targetGroups[*].arn")
    )


@rule("target-group-matches-load-balancer", *APPLY, source=api(ELB, "CreateListener"))
def target_group_fits(call: Call) -> Iterator[Rejection]:
    arn = load_balancer_of(call)
    owner = next(call.cloud.find(LOAD_BALANCER, arn=arn), None) if arn else None
    if owner is None:
        return
    for at, target_group in _target_groups(call):
        found = next(call.cloud.find(TARGET_GROUP, arn=target_group), None)
        if found is None:
            continue
        vpc = found.outputs.get("vpcId")
        if vpc and vpc != owner.outputs.get("vpcId"):
            yield Rejection(
                at,
                f"the target group is in {vpc}, the load balancer is in {owner.outputs.get('vpcId')}",
                "InvalidConfigurationRequest",
            )
        protocol = found.outputs.get("protocol")
        if kind_of(owner.outputs) == "application" and protocol not in ("HTTP", "HTTPS", None):
            yield Rejection(
                at, f"an application load balancer does not support {protocol} target groups", "IncompatibleProtocols"
            )
        if others := load_balancers_using(call, target_group) - {arn}:
            yield Rejection(
                at,
                f"the target group already belongs to {sorted(others)[0]}. A target group has one load balancer.",
                "TargetGroupAssociationLimit",
            )


@rule("rule-priority-is-unique", *APPLY, source=api(ELB, "CreateRule"))
def priority_is_free(call: Call) -> Iterator[Rejection]:
    priority = call.get("priority")
    for other in others_in_region(call, LISTENER_RULE, listenerArn=call.get("listenerArn")):
        if priority is not None and other.outputs.get("priority") == priority:
            yield Rejection("priority", f"priority {priority} is in use by {other.name}", "PriorityInUse")


@rule("extra-certificate-requires-https", Stage.CREATE, source=api(ELB, "AddListenerCertificates"))
def extra_certificate(call: Call) -> Iterator[Rejection]:
    listener = next(call.cloud.find(LISTENER, arn=call.get("listenerArn")), None)
    protocol = listener.outputs.get("protocol") if listener else "HTTPS"
    if protocol not in ("HTTPS", "TLS"):
        yield Rejection(
            "listenerArn",
            f"the listener's protocol is {protocol}. Only HTTPS and TLS listeners have certificates.",
            "OperationNotPermitted",
        )


def _below(arn: Plain, kind: str, call: Call) -> str:
    """Return the ARN of a listener or rule: its parent's path and one more part."""
    *service, path = str(arn).split(":")
    return f"{':'.join(service)}:{kind}/{path.partition('/')[2]}/{call.hex(16)}"


def _is_secure(call: Call) -> bool:
    return call.get("protocol") in ("HTTPS", "TLS")


def _next_priority(call: Call) -> int:
    taken = [
        other.outputs.get("priority", 0)
        for other in others_in_region(call, LISTENER_RULE, listenerArn=call.get("listenerArn"))
    ]
    return max(taken, default=0) + 1


_REQUEST_HEADERS = (
    *("XAmznMtlsClientcert", "XAmznMtlsClientcertIssuer", "XAmznMtlsClientcertLeaf", "XAmznMtlsClientcertSerialNumber"),
    *("XAmznMtlsClientcertSubject", "XAmznMtlsClientcertValidity", "XAmznTlsCipherSuite", "XAmznTlsVersion"),
)
_RESPONSE_HEADERS = (
    *("AccessControlAllowCredentials", "AccessControlAllowHeaders", "AccessControlAllowMethods"),
    *("AccessControlAllowOrigin", "AccessControlExposeHeaders", "AccessControlMaxAge", "ContentSecurityPolicy"),
    *("StrictTransportSecurity", "XContentTypeOptions", "XFrameOptions"),
)


def _forwards_to(path: str) -> tuple[Reference, ...]:
    return tuple(
        Reference(
            path=f"{path}[*].{inner}",
            to=TARGET_GROUP,
            by="arn",
            code="TargetGroupNotFound",
            in_use="ResourceInUse",
            source=api(ELB, "DeleteTargetGroup"),
        )
        for inner in ("targetGroupArn", "forward.targetGroups[*].arn")
    )


def _to_certificate() -> Reference:
    return Reference(
        path="certificateArn",
        to=CERTIFICATE,
        by="arn",
        external=r"arn:aws:iam::\d+:server-certificate/.*",
        code="CertificateNotFound",
        in_use="ResourceInUseException",
        source=api(ELB, "CreateListener"),
    )


def _to_listener(holds: bool) -> Reference:
    return Reference(
        path="listenerArn", to=LISTENER, by="arn", code="ListenerNotFound", holds=holds, source=api(ELB, "CreateRule")
    )


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
            pattern=rf"(?!internal-){_HYPHENATED}",
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
        ),
        rules=(two_subnets, spans_zones, groups_in_vpc, needs_internet_gateway, may_write_logs, protected),
    ),
    Behaviour(
        type=TARGET_GROUP,
        source=sdk("lb/targetgroup"),
        id="arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/{name}/{hex16}",
        outputs={
            "arn": "{id}",
            "arnSuffix": lambda call: call.id.rpartition(":")[2],
            "targetType": "instance",
            "namePrefix": "",
            "connectionTermination": False,
            "deregistrationDelay": 300,
            "healthCheck": _default_health_check,
            "ipAddressType": "ipv4",
            "lambdaMultiValueHeadersEnabled": False,
            "loadBalancerArns": [],
            "loadBalancingAlgorithmType": "round_robin",
            "loadBalancingAnomalyMitigation": "off",
            "loadBalancingCrossZoneEnabled": "use_load_balancer_configuration",
            "preserveClientIp": "",
            "protocolVersion": lambda call: "HTTP1" if call.get("protocol") in ("HTTP", "HTTPS") else "",
            "proxyProtocolV2": False,
            "slowStart": 0,
            "stickiness": {"enabled": False, "type": "lb_cookie", "cookieDuration": 86400, "cookieName": ""},
            "targetFailovers": [],
            "targetGroupHealth": {
                "dnsFailover": {"minimumHealthyTargetsCount": "1", "minimumHealthyTargetsPercentage": "off"},
                "unhealthyStateRouting": {
                    "minimumHealthyTargetsCount": 1,
                    "minimumHealthyTargetsPercentage": "off",
                },
            },
            "targetHealthStates": [],
        },
        replaces=frozenset(
            {
                "name",
                "namePrefix",
                "port",
                "protocol",
                "protocolVersion",
                "targetType",
                "vpcId",
                "ipAddressType",
                "targetControlPort",
            }
        ),
        replace_source=created_only("AWS::ElasticLoadBalancingV2::TargetGroup"),
        enums={
            "targetType": ("instance", "ip", "lambda", "alb"),
            "protocol": ("GENEVE", "HTTP", "HTTPS", "TCP", "TCP_UDP", "TLS", "UDP", "QUIC", "TCP_QUIC"),
            "protocolVersion": ("HTTP1", "HTTP2", "GRPC"),
            "ipAddressType": ("ipv4", "ipv6"),
            "loadBalancingAlgorithmType": ("round_robin", "least_outstanding_requests", "weighted_random"),
            "loadBalancingAnomalyMitigation": ("on", "off"),
            "loadBalancingCrossZoneEnabled": ("true", "false", "use_load_balancer_configuration"),
            "healthCheck.protocol": ("HTTP", "HTTPS", "TCP"),
            "stickiness.type": ("lb_cookie", "app_cookie", "source_ip", "source_ip_dest_ip", "source_ip_dest_ip_proto"),
        },
        ranges={
            "port": (1, 65535),
            "targetControlPort": (1, 65535),
            "deregistrationDelay": (0, 3600),
            "healthCheck.interval": (5, 300),
            "healthCheck.timeout": (2, 120),
            "healthCheck.healthyThreshold": (2, 10),
            "healthCheck.unhealthyThreshold": (2, 10),
            "stickiness.cookieDuration": (1, 604800),
        },
        name=Name(
            longest=32,
            pattern=_HYPHENATED,
            allowed="letters, digits and hyphens, without a hyphen first or last",
            taken="DuplicateTargetGroupName",
            source=api(ELB, "CreateTargetGroup"),
        ),
        references=(to_vpc(),),
        quotas=(
            Quota(limit=3000, per="region", what="target groups per Region", code="TooManyTargetGroups", source=QUOTAS),
        ),
        rules=(target_group_inputs, health_check),
    ),
    Behaviour(
        type=LISTENER,
        source=sdk("lb/listener"),
        id=lambda call: _below(call.get("loadBalancerArn"), "listener", call),
        outputs={
            "arn": "{id}",
            "protocol": "HTTP",
            "sslPolicy": lambda call: "ELBSecurityPolicy-2016-08" if _is_secure(call) else "",
            "mutualAuthentication": lambda call: {"mode": "off"} if _is_secure(call) else None,
            "tcpIdleTimeoutSeconds": lambda call: 350 if call.get("protocol") == "TCP" else None,
            **{f"routingHttpRequest{header}HeaderName": "" for header in _REQUEST_HEADERS},
            **{f"routingHttpResponse{header}HeaderValue": "" for header in _RESPONSE_HEADERS},
            "routingHttpResponseServerEnabled": True,
        },
        replaces=frozenset({"loadBalancerArn"}),
        replace_source=created_only("AWS::ElasticLoadBalancingV2::Listener"),
        enums={
            "protocol": ("HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC"),
            "mutualAuthentication.mode": ("off", "passthrough", "verify"),
            "alpnPolicy": ("HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred", "None"),
            "defaultActions[*].redirect.statusCode": ("HTTP_301", "HTTP_302"),
            "defaultActions[*].fixedResponse.contentType": (
                "text/plain",
                "text/css",
                "text/html",
                "application/javascript",
                "application/json",
            ),
        },
        ranges={
            "port": (1, 65535),
            "tcpIdleTimeoutSeconds": (60, 6000),
            "defaultActions[*].order": (1, 50000),
            "defaultActions[*].forward.targetGroups[*].weight": (0, 999),
        },
        references=(
            Reference(
                path="loadBalancerArn",
                to=LOAD_BALANCER,
                by="arn",
                code="LoadBalancerNotFound",
                holds=False,  # deleting a load balancer deletes its listeners
                source=api(ELB, "CreateListener"),
            ),
            _to_certificate(),
            Reference(
                path="mutualAuthentication.trustStoreArn",
                to=TRUST_STORE,
                by="arn",
                code="TrustStoreNotFound",
                in_use="TrustStoreInUse",
                source=api(ELB, "CreateListener"),
            ),
            *_forwards_to("defaultActions"),
        ),
        quotas=(
            Quota(
                limit=50,
                per="loadBalancerArn",
                what="listeners per load balancer",
                code="TooManyListeners",
                source=QUOTAS,
            ),
        ),
        rules=(
            certificate_by_protocol,
            mutual_tls,
            listener_actions,
            listener_protocol,
            one_listener_a_port,
            certificate_is_issued,
            target_group_fits,
        ),
    ),
    Behaviour(
        type=LISTENER_RULE,
        source=sdk("lb/listenerrule"),
        id=lambda call: _below(call.get("listenerArn"), "listener-rule", call),
        outputs={"arn": "{id}", "priority": _next_priority},
        replaces=frozenset({"listenerArn"}),
        replace_source=created_only("AWS::ElasticLoadBalancingV2::ListenerRule"),
        ranges={"priority": (1, 50000), "actions[*].order": (1, 50000)},
        references=(_to_listener(holds=False), *_forwards_to("actions")),
        quotas=(
            Quota(limit=100, per="listenerArn", what="rules per load balancer", code="TooManyRules", source=QUOTAS),
        ),
        rules=(rule_actions, rule_conditions, priority_is_free, target_group_fits),
    ),
    Behaviour(
        type=LISTENER_CERTIFICATE,
        source=sdk("lb/listenercertificate"),
        id="{listenerArn}_{certificateArn}",
        replaces=frozenset({"listenerArn", "certificateArn"}),
        replace_source=FORCE_NEW,
        references=(_to_listener(holds=False), _to_certificate()),
        quotas=(
            Quota(
                limit=25,
                per="listenerArn",
                what="certificates per load balancer, not counting the default one",
                code="TooManyCertificates",
                source=QUOTAS,
            ),
        ),
        rules=(extra_certificate, certificate_is_issued),
    ),
    Behaviour(
        type=TRUST_STORE,
        source=sdk("lb/truststore"),
        id="arn:aws:elasticloadbalancing:{region}:{account}:truststore/{name}/{hex16}",
        outputs={
            "arn": "{id}",
            "arnSuffix": lambda call: call.id.rpartition(":")[2],
            "namePrefix": "",
        },
        replaces=frozenset({"name", "namePrefix"}),
        replace_source=created_only("AWS::ElasticLoadBalancingV2::TrustStore"),
        name=Name(
            longest=32,
            pattern=_HYPHENATED,
            allowed="letters, digits and hyphens, without a hyphen first or last",
            taken="DuplicateTrustStoreName",
            source=api(ELB, "CreateTrustStore"),
        ),
        references=(
            Reference(
                path="caCertificatesBundleS3Bucket",
                to=BUCKET,
                by="bucket",
                code="CaCertificatesBundleNotFound",
                holds=False,  # ELB copies the bundle
                source=api(ELB, "CreateTrustStore"),
            ),
        ),
        quotas=(
            Quota(limit=20, per="region", what="trust stores per Region", code="TooManyTrustStores", source=QUOTAS),
        ),
    ),
)
