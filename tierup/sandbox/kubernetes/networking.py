"""Network policies, and the custom resources of EKS: bindings of target groups, secrets and node pools."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from ..behaviour import UNKNOWN, Behaviour, Call, Reference, Rejection, Stage, documented, located, rule
from .objects import FORBIDDEN, INVALID, NOT_FOUND, SECRET_PROVIDER, SERVICE, items, mapping, neighbour, object_row
from .ports import LARGEST_PORT, PROTOCOLS, port_error
from .quantities import amount
from .selectors import selector_rule
from .sources import docs, validation

_TARGET_GROUP = "aws:lb/targetGroup:TargetGroup"
_BINDING = documented(
    "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/spec",
    read="2026-11-28",
)
_SECRETS_STORE = documented(
    "https://github.com/aws/secrets-store-csi-driver-provider-aws, README.md, SecretProviderClass options",
    read="2026-11-28",
)
_NODE_POOL = documented("https://github.com/kubernetes-sigs/karpenter, pkg/apis/v1/nodepool.go", read="2026-11-28")
_POLICY = validation("networking/validation/validation.go")
_PEERS = ("spec.ingress[*].from[*]", "spec.egress[*].to[*]")
_PORTS = ("spec.ingress[*].ports[*]", "spec.egress[*].ports[*]")
_DURATION = r"([0-9]+(s|m|h))+"
_COMPARISONS = ("Gt", "Lt", "Gte", "Lte")
_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist", *_COMPARISONS)


@rule("network-policy", Stage.PLAN, source=_POLICY)
def _policy(call: Call) -> Iterator[Rejection]:
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        for at, block in located(call.inputs, f"spec.{direction}[*].{peers}[*].ipBlock"):
            cidr = mapping(block).get("cidr")
            if not cidr and UNKNOWN not in (block, cidr):
                yield Rejection(f"{at}.cidr", "it is required.", INVALID)
            if not isinstance(cidr, str):
                continue
            try:
                network = ipaddress.ip_network(cidr if "/" in cidr else f"{cidr}/no prefix length", strict=False)
                inside = [ipaddress.ip_network(each, strict=False) for each in items(mapping(block).get("except"))]
            except ValueError as error:
                yield Rejection(f"{at}.cidr", f"not an address range ({error}).", INVALID)
                continue
            for each in inside:
                if each.version != network.version or not each.subnet_of(network) or each == network:  # pyright: ignore[reportArgumentType] (one version)
                    yield Rejection(f"{at}.except", f"not within {cidr} (got {each}).", INVALID)


@rule("network-policy-peers", Stage.PLAN, source=_POLICY)
def _policy_peers(call: Call) -> Iterator[Rejection]:
    for path in _PEERS:
        for at, peer in located(call.inputs, path):
            given = [
                kind for kind in ("podSelector", "namespaceSelector", "ipBlock") if mapping(peer).get(kind) is not None
            ]
            if not given and peer is not UNKNOWN:
                yield Rejection(at, "it must have a podSelector, a namespaceSelector or an ipBlock.", INVALID)
            if "ipBlock" in given and len(given) > 1:
                yield Rejection(at, "an ipBlock must have no other selector.", FORBIDDEN)
    types = items(call.get("spec.policyTypes"))
    if len(types) > len(_PEERS):
        yield Rejection("spec.policyTypes", f"too many (got {len(types)}). Allowed are {len(_PEERS)}.", INVALID)


@rule("network-policy-ports", Stage.PLAN, source=_POLICY)
def _policy_ports(call: Call) -> Iterator[Rejection]:
    for path in _PORTS:
        for at, each in located(call.inputs, path):
            port, last = mapping(each).get("port"), mapping(each).get("endPort")
            if error := port_error(port):
                yield Rejection(f"{at}.port", error, INVALID)
            if last is None or UNKNOWN in (port, last):
                continue
            if not isinstance(port, (int, float)):
                yield Rejection(f"{at}.endPort", "it needs a port that is a number.", INVALID)
            elif not port <= last <= LARGEST_PORT:
                yield Rejection(
                    f"{at}.endPort", f"out of range (got {last:g}). Allowed are {port:g} to {LARGEST_PORT}.", INVALID
                )


@rule("binding-target-type", Stage.PLAN, source=_BINDING)
def _target_type(call: Call) -> Iterator[Rejection]:
    kind = call.get("spec.targetType")
    if isinstance(kind, str) and kind not in ("ip", "instance"):
        yield Rejection("spec.targetType", f"unsupported value (got '{kind}'). Supported: ip, instance.", INVALID)
    for path in ("spec.targetGroupARN", "spec.serviceRef"):
        if call.get(path) is None and call.get("spec.targetGroupName") is None:
            yield Rejection(path, "it is required.", INVALID)


@rule("binding-agrees-with-target-group", Stage.CREATE, Stage.UPDATE, source=_BINDING)
def _agrees(call: Call) -> Iterator[Rejection]:
    wanted = call.get("spec.targetType")
    for group in call.cloud.find(_TARGET_GROUP, arn=call.get("spec.targetGroupARN")):
        got = group.inputs.get("targetType", "instance")
        if wanted is not None and got != wanted:
            yield Rejection("spec.targetType", f"the target group has the target type {got} (got {wanted}).", INVALID)
    reference = mapping(call.get("spec.serviceRef"))
    service = neighbour(call, SERVICE, reference.get("name"))
    if service is None:
        yield Rejection(
            "spec.serviceRef.name", f'BackendNotFound: service "{reference.get("name")}" not found', NOT_FOUND
        )
        return
    ports = [mapping(port) for port in items(mapping(service.inputs.get("spec")).get("ports"))]
    if reference.get("port") not in [value for port in ports for value in (port.get("port"), port.get("name"))]:
        yield Rejection("spec.serviceRef.port", f"the service has no port {reference.get('port')}.", NOT_FOUND)


@rule("secret-provider", Stage.PLAN, source=_SECRETS_STORE)
def _provider(call: Call) -> Iterator[Rejection]:
    provider = call.get("spec.provider")
    if provider is None:
        yield Rejection("spec.provider", "it is required.", INVALID)
    objects = call.get("spec.parameters.objects")
    if provider == "aws" and objects is None and call.get("spec") is not UNKNOWN:
        yield Rejection("spec.parameters.objects", "it is required.", INVALID)
    if provider != "aws" or not isinstance(objects, str):
        return
    try:
        entries = items(yaml.safe_load(objects))
    except yaml.YAMLError:
        yield Rejection("spec.parameters.objects", "it is no YAML.", INVALID)
        return
    aliases: set[str] = set()
    for entry in map(mapping, entries):
        name = str(entry.get("objectName") or "")
        if not name:
            yield Rejection("spec.parameters.objects", "objectName is required for each object.", INVALID)
        if name.startswith("arn:aws:ssm:"):
            yield Rejection(
                "spec.parameters.objects", f"a parameter is given by its name, not by its ARN (got {name}).", INVALID
            )
        elif not name.startswith("arn:") and entry.get("objectType") not in ("secretsmanager", "ssmparameter"):
            yield Rejection(
                "spec.parameters.objects", "objectType must be secretsmanager or ssmparameter without an ARN.", INVALID
            )
        own = [str(entry.get("objectAlias") or name), *(str(key.get("objectAlias")) for key in _keys(entry))]
        for alias in own:
            if alias in aliases:
                yield Rejection("spec.parameters.objects", f"duplicate objectAlias (got {alias}).", INVALID)
            aliases.add(alias)
    for entry in located(call.inputs, "spec.secretObjects[*].data[*].objectName"):
        if isinstance(entry[1], str) and entry[1] not in aliases:
            yield Rejection(entry[0], f"no object has this alias (got {entry[1]}).", NOT_FOUND)


def _keys(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [mapping(each) for each in items(entry.get("jmesPath"))]


@rule("node-pool", Stage.PLAN, source=_NODE_POOL)
def _node_pool(call: Call) -> Iterator[Rejection]:
    template = "spec.template.spec"
    for path in (f"{template}.nodeClassRef", f"{template}.requirements"):
        if call.get(path) is None:
            yield Rejection(path, "it is required.", INVALID)
    for at, requirement in located(call.inputs, f"{template}.requirements[*]"):
        operator, values = mapping(requirement).get("operator"), items(mapping(requirement).get("values"))
        if isinstance(operator, str) and operator not in _OPERATORS:
            yield Rejection(f"{at}.operator", f"unsupported value (got '{operator}').", INVALID)
        if operator == "In" and not values:
            yield Rejection(f"{at}.values", "requirements with operator 'In' must have a value defined.", INVALID)
        if operator in _COMPARISONS and not (len(values) == 1 and str(values[0]).isdigit()):
            yield Rejection(f"{at}.values", f"operator '{operator}' needs a single positive integer.", INVALID)
    for path, other in ((f"{template}.expireAfter", "|Never"), (f"{template}.terminationGracePeriod", "")):
        duration = call.get(path)
        if isinstance(duration, str) and not re.fullmatch(f"{_DURATION}{other}", duration):
            yield Rejection(path, f"not a duration (got '{duration}'). Use the form 336h.", INVALID)
    for at, nodes in located(call.inputs, "spec.disruption.budgets[*].nodes"):
        if isinstance(nodes, str) and not re.fullmatch(r"((100|[0-9]{1,2})%|[0-9]+)", nodes):
            yield Rejection(at, f"neither a number nor a percentage (got '{nodes}').", INVALID)
    for name, limit in mapping(call.get("spec.limits")).items():
        if limit is not UNKNOWN and amount(limit) is None:
            yield Rejection(f"spec.limits.{name}", f"not a quantity (got '{limit}').", INVALID)


def _binding(api: str) -> Behaviour:
    return object_row(
        f"kubernetes:{api}:TargetGroupBinding",
        source=_BINDING,
        rules=(_target_type, _agrees),
        references=(
            Reference(
                path="spec.targetGroupARN",
                to=_TARGET_GROUP,
                by="arn",
                same_region=False,
                holds=False,
                code="TargetGroupNotFound",
                source=_BINDING,
            ),
        ),
    )


BEHAVIOURS: tuple[Behaviour, ...] = (
    object_row(
        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
        source=docs("concepts/services-networking/network-policies/"),
        rules=(
            _policy,
            _policy_peers,
            _policy_ports,
            selector_rule(
                "spec.podSelector",
                *(f"{peer}.{kind}" for peer in _PEERS for kind in ("podSelector", "namespaceSelector")),
            ),
        ),
        enums={
            "spec.policyTypes[*]": ("Ingress", "Egress"),
            **{f"{port}.protocol": PROTOCOLS for port in _PORTS},
        },
    ),
    _binding("eks.amazonaws.com/v1"),
    _binding("elbv2.k8s.aws/v1beta1"),
    object_row(
        "kubernetes:karpenter.sh/v1:NodePool",
        source=_NODE_POOL,
        rules=(_node_pool,),
        namespaced=False,
        enums={"spec.disruption.consolidationPolicy": ("WhenEmpty", "WhenEmptyOrUnderutilized")},
    ),
    object_row(SECRET_PROVIDER, source=_SECRETS_STORE, rules=(_provider,)),
)
