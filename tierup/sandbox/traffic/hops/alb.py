"""Application Load Balancer: listener, rule, target group and the health of targets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..conditions import ConditionKind
from ..hop import Hop, Request, World, fails, passes, unknown
from ..manifests import pods_name
from ..memory import SERVICE
from ..rows import Rows, label, listed, within
from . import ecs, network, pod_targets, pods, routes, tls, waf

LISTENER = "aws:lb/listener:Listener"
LISTENER_RULE = "aws:lb/listenerRule:ListenerRule"
LISTENER_CERTIFICATE = "aws:lb/listenerCertificate:ListenerCertificate"
TARGET_GROUP = "aws:lb/targetGroup:TargetGroup"
LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer"


def party(load_balancer: CloudResource) -> network.Party:
    """Return a load balancer as one end of a connection."""
    subnets = [str(each) for each in listed(load_balancer.value("subnets"))]
    subnets = subnets or [str(each.get("subnetId")) for each in listed(load_balancer.value("subnetMappings"))]
    return network.Party(
        name="the load balancer",
        subnets=subnets,
        groups=[str(each) for each in listed(load_balancer.value("securityGroups"))],
        public=not load_balancer.value("internal"),
    )


def reach(
    world: World, load_balancer: CloudResource, source: network.Party, request: Request, *, server_name: str = ""
) -> Iterator[Hop]:
    """Yield the hops from a source to the load balancer's answer: network, TLS, web ACL, listener, targets.

    `server_name` is the name that the certificate must cover, if it is not the host of the request.
    """
    here = party(load_balancer)
    if request.ipv6 and load_balancer.value("ipAddressType") != "dualstack":
        reason = "The load balancer has no IPv6 addresses."
        yield fails("load-balancer", label(load_balancer), "ipAddressType", reason, sources.LISTENER_RULES)
    if load_balancer.value("internal"):
        reason = "The load balancer is internal; the internet does not reach it."
        yield fails("load-balancer", label(load_balancer), "internal", reason, sources.LISTENER_RULES)
    yield routes.reachable_from_internet(world, here.subnets)
    acl = network.network_acl(world, list(here.subnets), request.port, ingress=True)
    if acl is not None:
        yield acl
    yield network.security_group(world, here, source, request.port, ingress=True, ipv6=request.ipv6)
    listener = next(
        (
            each
            for each in world.rows.find(LISTENER, loadBalancerArn=load_balancer.id)
            if each.value("port") == request.port
        ),
        None,
    )
    if listener is None:
        reason = f"The load balancer has no listener on port {request.port}."
        yield fails("listener", label(load_balancer), "listeners", reason, sources.LISTENER_RULES)
        return
    protocol = str(listener.value("protocol"))
    if (protocol == "HTTPS") is not (request.scheme in ("https", "wss")):
        reason = f"The listener speaks {protocol}, and the request is {request.scheme}."
        yield fails("listener", label(listener), "protocol", reason, sources.LISTENER_RULES)
    if protocol == "HTTPS":
        yield listener_tls(world, listener, server_name or request.host)
        accepted = tls.listener_versions(str(listener.value("sslPolicy") or ""))
        hop = tls.version(label(listener), "sslPolicy", "the load balancer", accepted, request)
        if not hop.passed and accepted == ("1.3",) and request.client_scheme:
            reason = "The load balancer accepts only TLS 1.3, which the model does not know of the CDN's connections."
            hop = unknown("tls-version", label(listener), "sslPolicy", reason, sources.TLS_VERSIONS)
        yield hop
        if verifies_clients(listener):
            yield _mutual_tls(listener, request)
    web_acl = waf.acl_of(world.rows, load_balancer.id)
    if web_acl is not None:
        yield waf.web_acl(world, web_acl, request)
    yield from answer(world, load_balancer, listener, request)


def listener_tls(world: World, listener: CloudResource, host: str) -> Hop:
    """Return whether one of a listener's certificates covers a host name."""
    arns = [str(listener.value("certificateArn") or "")]
    arns += [
        str(each.value("certificateArn")) for each in world.rows.find(LISTENER_CERTIFICATE, listenerArn=listener.id)
    ]
    result = tls.certificate(world, arns[0], host, edge="the load balancer")
    for arn in arns[1:]:
        if result.passed:
            break
        further = tls.certificate(world, arn, host, edge="the load balancer")
        if further.passed:
            result = further
    return result


def verifies_clients(listener: CloudResource) -> bool:
    """Return whether a listener requires a client certificate that its trust store accepts."""
    return str((listener.value("mutualAuthentication") or {}).get("mode")) == "verify"


def _mutual_tls(listener: CloudResource, request: Request) -> Hop:
    if request.client_certificate:
        reason = "The client presents a certificate that the trust store accepts."
        return passes("mutual-tls", label(listener), "mutualAuthentication", reason, sources.MUTUAL_TLS)
    reason = "The listener requires a client certificate, and the client presents none."
    return fails("mutual-tls", label(listener), "mutualAuthentication", reason, sources.MUTUAL_TLS)


def answer(world: World, load_balancer: CloudResource, listener: CloudResource, request: Request) -> Iterator[Hop]:
    """Yield the hops from the listener on: its rule, and the targets of each target group with a weight."""
    rule, actions = rule_for(world.rows, listener, request)
    place = label(rule) if rule is not None else label(listener)
    if actions is None:
        reason = "A rule has a condition that the model does not know."
        yield unknown("listener-rule", place, "conditions", reason, sources.LISTENER_RULES)
        return
    final = next(
        (each for each in actions if each.get("type") not in ("authenticate-oidc", "authenticate-cognito")), {}
    )
    kind = str(final.get("type"))
    if request.rule and (rule is None or rule.id != request.rule):
        wanted = world.rows.one(LISTENER_RULE, id=request.rule)
        reason = f"{place} decides the request before {label(wanted) if wanted is not None else 'its own rule'}."
        yield fails("listener-rule", place, "priority", reason, sources.LISTENER_RULES)
    if any(each.get("type") in ("authenticate-oidc", "authenticate-cognito") for each in actions):
        reason = "The rule requires users to sign in, and the model knows no users."
        yield unknown("listener-rule", place, "actions", reason, sources.LISTENER_RULES)
    if kind == "redirect":
        target = final.get("redirect") or {}
        yield from _redirect(place, target, request)
        reason = (
            f"The rule redirects to {target.get('protocol', '#{protocol}')} on port {target.get('port', '#{port}')}."
        )
        yield passes("listener-rule", place, "actions", reason, sources.LISTENER_RULES)
        return
    if kind == "fixed-response":
        status = str((final.get("fixedResponse") or {}).get("statusCode", ""))
        make = passes if status.startswith("2") else fails
        yield make("listener-rule", place, "actions", f"The rule answers {status}.", sources.LISTENER_RULES)
        return
    groups = weighted_groups(final)
    if not groups:
        yield fails("listener-rule", place, "actions", "The rule forwards to no target group.", sources.LISTENER_RULES)
        return
    names = [label(group) if (group := world.rows.one(TARGET_GROUP, arn=arn)) else arn for arn in groups]
    yield passes("listener-rule", place, "actions", f"The rule forwards to {', '.join(names)}.", sources.LISTENER_RULES)
    for arn in groups:
        yield from targets(world, load_balancer, arn)


def _redirect(place: str, target: dict[str, Any], request: Request) -> Iterator[Hop]:
    """Yield a hop if a redirect does not bring the client to an answer."""
    to_https = str(target.get("protocol") or "#{protocol}") == "HTTPS"
    if request.scheme in ("http", "ws") and to_https:
        if request.client_scheme in ("https", "wss"):
            reason = "The CDN connects over HTTP and the client over HTTPS, so the redirect to HTTPS never ends."
            yield fails("listener-rule", place, "actions", reason, sources.LISTENER_RULES)
        return
    same_host = str(target.get("host") or "#{host}") in ("#{host}", request.host)
    same_path = str(target.get("path") or "/#{path}") in ("/#{path}", request.uri_path)
    if same_host and same_path:
        reason = "The rule redirects the request to itself, which never ends."
        yield fails("listener-rule", place, "actions", reason, sources.LISTENER_RULES)
        return
    reason = "The rule redirects the request elsewhere, where the model does not follow it."
    yield unknown("listener-rule", place, "actions", reason, sources.LISTENER_RULES)


def actions_of(rows: Rows, listener: CloudResource) -> list[dict[str, Any]]:
    """Return the default actions of a listener and those of its rules."""
    rules = rows.find(LISTENER_RULE, listenerArn=listener.id)
    return [
        *listed(listener.value("defaultActions")),
        *(each for rule in rules for each in listed(rule.value("actions"))),
    ]


def weighted_groups(action: dict[str, Any]) -> list[str]:
    """Return the ARNs of the target groups that a forward action sends requests to."""
    forward = action.get("forward") or {}
    groups = listed(forward.get("targetGroups"))
    if not groups:
        return [str(action["targetGroupArn"])] if action.get("targetGroupArn") else []
    return [
        str(group["arn"]) for group in groups if int(group.get("weight", 1) if group.get("weight") is not None else 1)
    ]


def rule_for(
    rows: Rows, listener: CloudResource, request: Request
) -> tuple[CloudResource | None, list[dict[str, Any]] | None]:
    """Return the rule that matches a request and its actions. The actions are None if the model cannot decide."""
    found = sorted(rows.find(LISTENER_RULE, listenerArn=listener.id), key=lambda rule: int(rule.value("priority") or 0))
    for rule in found:
        matched = [_condition(condition, request) for condition in listed(rule.value("conditions"))]
        if None in matched:
            return rule, None
        if all(matched):
            return rule, listed(rule.value("actions"))
    return None, listed(listener.value("defaultActions"))


def _condition(condition: dict[str, Any], request: Request) -> bool | None:
    """Return whether a condition matches. Hosts and headers are compared without case, paths and methods with it.

    HostHeaderConditionConfig and its neighbours in elbv2's API model (botocore, read 2026-11-28)
    """
    for kind, value in condition.items():
        if not value:
            continue
        values = [str(each) for each in listed(value.get("values") if isinstance(value, dict) else None)]
        if kind == "hostHeader":
            return any(fnmatchcase(request.host.lower(), each.lower()) for each in values)
        if kind == "pathPattern":
            return any(fnmatchcase(request.uri_path, each) for each in values)
        if kind == "httpRequestMethod":
            return request.method in values
        if kind == "sourceIp":
            return any(within(request.address, each) for each in values)
        if kind == "httpHeader":
            given = request.headers.get(str(value.get("httpHeaderName", "")).lower(), "")
            return any(fnmatchcase(given.lower(), each.lower()) for each in values)
        return None
    return True


# --- targets ---


def services_of(rows: Rows, target_group_arn: str) -> list[tuple[CloudResource, dict[str, Any]]]:
    """Return the ECS services that register their tasks with a target group, each with its load balancer block."""
    return [
        (service, block)
        for service in rows.all(SERVICE)
        for block in listed(service.value("loadBalancers"))
        if target_group_arn
        in (block.get("targetGroupArn"), (block.get("advancedConfiguration") or {}).get("alternateTargetGroupArn"))
    ]


def targets(world: World, load_balancer: CloudResource, target_group_arn: str) -> Iterator[Hop]:
    """Yield the hops from the load balancer to the tasks or pods of a target group, its health check included."""
    group = world.rows.one(TARGET_GROUP, arn=target_group_arn)
    if group is None:
        reason = "The target group does not exist."
        yield fails("target-group", target_group_arn, "arn", reason, sources.TARGET_HEALTH)
        return
    services = services_of(world.rows, target_group_arn)
    bindings = pod_targets.bindings_of(world.rows, target_group_arn)
    for binding in bindings:
        yield from pod_targets.registers(world.rows, binding, group)
        for target in pod_targets.targets_of(world.rows, binding):
            yield from _pod_target(world, load_balancer, group, target)
    if not services and not bindings:
        reason = "No service registers targets with the target group."
        yield fails("target-group", label(group), "targets", reason, sources.TARGET_HEALTH)
        return
    for service, block in services:
        yield from _target(world, load_balancer, group, service, block)


def _target(
    world: World, load_balancer: CloudResource, group: CloudResource, service: CloudResource, block: dict[str, Any]
) -> Iterator[Hop]:
    port = int(block.get("containerPort") or group.value("port") or 0)
    here, there = party(load_balancer), ecs.party(service)
    yield from _registers(world, group, service, there)
    yield ecs.listens(world, service, str(block.get("containerName")), port)
    yield from network.inside_vpc(world, here, there, port)
    yield ecs.running(world, service)
    checked = _Checked(
        name=f"the tasks of {label(service)}",
        fails=ecs.condition_holds(world, ConditionKind.HEALTH_FAILING, service),
        listens_on=partial(ecs.listens_on, world, service),
        doubt=partial(unanswered, world, service),
    )
    yield from _health(world, here, there, group, port, checked)


def _pod_target(
    world: World, load_balancer: CloudResource, group: CloudResource, target: pod_targets.PodTarget
) -> Iterator[Hop]:
    deployment = target.deployment
    cluster = pods.cluster_of(world.rows, deployment)
    yield pod_targets.listens(target)
    yield from _speaks_http(group)
    if cluster is None:
        return  # `registers` has said so
    here, there = party(load_balancer), pods.party(world, deployment, cluster)
    yield from network.inside_vpc(world, here, there, target.port)
    yield pods.running(world, deployment)
    checked = _Checked(
        name=f"the {pods_name(deployment)}",
        fails=world.conditions.holds(ConditionKind.HEALTH_FAILING, *pods.condition_names(deployment)),
        listens_on=lambda port: bool(pod_targets.port_of(deployment, port)),
        doubt=partial(pod_targets.answers, deployment),
    )
    yield from _health(world, here, there, group, target.port, checked)


def _registers(world: World, group: CloudResource, service: CloudResource, there: network.Party) -> Iterator[Hop]:
    """Yield a hop if ECS cannot register the tasks of a service with a target group."""
    name = label(group)
    if str(group.value("targetType") or "ip") != "ip":
        reason = "Tasks with network mode awsvpc need a target group of the type ip."
        yield fails("target-group", name, "targetType", reason, sources.TARGET_HEALTH)
    subnet = world.rows.one(network.SUBNET, id=there.subnets[0]) if there.subnets else None
    vpc = group.value("vpcId")
    if subnet is not None and vpc and subnet.value("vpcId") not in (None, vpc):
        reason = f"The target group is in another VPC than the tasks of {label(service)}."
        yield fails("target-group", name, "vpcId", reason, sources.TARGET_HEALTH)
    yield from _speaks_http(group)


def _speaks_http(group: CloudResource) -> Iterator[Hop]:
    """Yield a hop if the load balancer does not speak HTTP/1.1 to the targets of a group."""
    protocol, version = str(group.value("protocol") or "HTTP"), str(group.value("protocolVersion") or "HTTP1")
    if protocol != "HTTP" or version != "HTTP1":
        reason = (
            f"The load balancer speaks {protocol} ({version}) to its targets, and the model does not know if they do."
        )
        yield unknown("target-group", label(group), "protocol", reason, sources.TARGET_HEALTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    """Targets whose health a load balancer checks."""

    name: str  # in messages: "the tasks of Service 'backend-service'"
    fails: bool  # whether a condition makes them fail the check
    listens_on: Callable[[int], bool]
    doubt: Callable[[str], str]
    """Returns why the model does not know whether they answer a path, or ""."""


def _health(
    world: World, here: network.Party, there: network.Party, group: CloudResource, port: int, targets: _Checked
) -> Iterator[Hop]:
    """Yield the hops of the health check of a target group."""
    name, source = label(group), sources.TARGET_HEALTH
    if targets.fails:
        yield fails("target-health", name, "healthCheck", f"{_begin(targets.name)} fail the health check.", source)
    check = group.value("healthCheck") or {}
    path = str(check.get("path") or "/")
    checked = str(check.get("port") or "traffic-port")
    if checked not in ("traffic-port", str(port)):
        if not checked.isdecimal() or not targets.listens_on(int(checked)):
            reason = f"The health check uses port {checked}, on which no container of {targets.name} listens."
            yield fails("target-health", name, "healthCheck.port", reason, source)
            return
        yield from network.inside_vpc(world, here, there, int(checked))
    if not matches_status(str(check.get("matcher") or "200"), 200):
        reason = f"The health check expects {check.get('matcher')}, and healthy targets answer 200."
        yield fails("target-health", name, "healthCheck.matcher", reason, source)
    if str(check.get("protocol") or "HTTP") != "HTTP":
        reason = f"The health check uses {check.get('protocol')}, and the model does not know if the targets do."
        yield unknown("target-health", name, "healthCheck.protocol", reason, source)
    doubt = targets.doubt(path)
    if doubt:
        yield unknown("target-health", name, "healthCheck.path", doubt, source)
    reason = f"The health check requests {path}, and {targets.name} answer it."
    yield passes("target-health", name, "healthCheck", reason, source)


def _begin(text: str) -> str:
    return text[:1].upper() + text[1:]


def matches_status(matcher: str, status: int) -> bool:
    """Return whether a matcher such as "200", "200,302" or "200-299" contains a status."""
    for part in matcher.split(","):
        first, _, last = part.strip().partition("-")
        if first.isdecimal() and int(first) <= status <= int(last if last.isdecimal() else first):
            return True
    return False


HEALTH_PATHS = (
    "health",
    "healthz",
    "healthcheck",
    "health-check",
    "ready",
    "readyz",
    "live",
    "livez",
    "status",
    "ping",
)
"""The last parts of paths that answer a health check by convention."""


def unanswered(world: World, service: CloudResource, path: str) -> str:
    """Return why the model does not know that the tasks of a service answer a health path, or "".

    No row contains the application's paths. So a path counts if it is a usual one, or `/`, and all checks of the
    service agree.
    """
    last = path.partition("?")[0].rstrip("/").rpartition("/")[2].lower()
    if last and last not in HEALTH_PATHS:
        return f"The model does not know whether the tasks of {label(service)} answer {path}."
    arns = [
        str(arn)
        for block in listed(service.value("loadBalancers"))
        for arn in (
            block.get("targetGroupArn"),
            (block.get("advancedConfiguration") or {}).get("alternateTargetGroupArn"),
        )
        if arn
    ]
    groups = [each for arn in arns if (each := world.rows.one(TARGET_GROUP, arn=arn)) is not None]
    paths = {str((each.value("healthCheck") or {}).get("path") or "/") for each in groups}
    if len(paths) > 1 or (paths and path not in paths):
        both = " and ".join(sorted({*paths, path}))
        return (
            f"Health checks of {label(service)} request different paths ({both}); the model does not know which work."
        )
    return ""


def health_check_seconds(group: CloudResource) -> int:
    """Return how long a new target takes to become healthy: its interval times its healthy threshold."""
    check = group.value("healthCheck") or {}
    return int(check.get("interval") or 30) * int(check.get("healthyThreshold") or 5)
