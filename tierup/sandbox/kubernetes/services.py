"""Services."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, documented, rule
from .formats import QUALIFIED_NAME, format_rule
from .formats import address as address_error
from .objects import (
    FORBIDDEN,
    INVALID,
    SERVICE,
    items,
    label_errors,
    label_name_error,
    mapping,
    object_row,
    subdomain_error,
)
from .ports import LARGEST_PORT, PROTOCOLS, port_error
from .sources import docs, validation

_CORE = validation("core/validation/validation.go")
_ALLOCATOR = documented(
    "https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/registry/core/service/portallocator/allocator.go,"
    " ErrAllocated",
    read="2026-11-29",
)
_TYPES = ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName")
_EXTERNAL = ("NodePort", "LoadBalancer")
_NODE_PORTS = (30_000, 32_767)  # the default of --service-node-port-range


@rule("service-type", Stage.PLAN, source=_CORE)
def _type(call: Call) -> Iterator[Rejection]:
    spec = mapping(call.inputs.get("spec"))
    kind, address, name = spec.get("type", "ClusterIP") or "ClusterIP", spec.get("clusterIP"), spec.get("externalName")
    if kind is UNKNOWN:
        return
    if (
        not items(spec.get("ports"))
        and spec.get("ports") is not UNKNOWN
        and kind != "ExternalName"
        and address != "None"
    ):
        yield Rejection("spec.ports", "it is required.", INVALID)
    if kind in _EXTERNAL and address == "None":
        yield Rejection("spec.clusterIP", f"it must not be None for a service of type {kind}.", INVALID)
    if isinstance(address, str) and address not in ("", "None") and (error := address_error(address)):
        yield Rejection("spec.clusterIP", error, INVALID)
    if kind == "ExternalName":
        if not name and name is not UNKNOWN:
            yield Rejection("spec.externalName", "it is required for a service of type ExternalName.", INVALID)
        elif isinstance(name, str) and (error := subdomain_error(name.removesuffix("."))):
            yield Rejection("spec.externalName", error, INVALID)
        if address:
            yield Rejection("spec.clusterIP", "it must not be set for a service of type ExternalName.", FORBIDDEN)
    if spec.get("externalTrafficPolicy") and kind not in _EXTERNAL and not spec.get("externalIPs"):
        yield Rejection("spec.externalTrafficPolicy", f"it must not be set for a service of type {kind}.", INVALID)
    for field in ("loadBalancerSourceRanges", "loadBalancerClass", "allocateLoadBalancerNodePorts"):
        if spec.get(field) not in (None, []) and kind != "LoadBalancer":
            yield Rejection(f"spec.{field}", f"it needs the type LoadBalancer (got {kind}).", FORBIDDEN)
    for number, each in enumerate(items(spec.get("loadBalancerSourceRanges"))):
        if isinstance(each, str) and not _is_range(each.strip()):
            at = f"spec.loadBalancerSourceRanges[{number}]"
            yield Rejection(at, f"not an address range (got '{each}'). Use the form 10.0.0.0/24.", INVALID)
    for key, error in label_errors(spec.get("selector")):
        yield Rejection(f"spec.selector.{key}", error, INVALID)


def _is_range(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return "/" in text


@rule("service-ports", Stage.PLAN, source=_CORE)
def _ports(call: Call) -> Iterator[Rejection]:
    spec = mapping(call.inputs.get("spec"))
    ports = [mapping(each) for each in items(spec.get("ports"))]
    names = [port.get("name") for port in ports]
    numbers = [(port.get("protocol", "TCP"), port.get("port")) for port in ports]
    for index, port in enumerate(ports):
        at, name = f"spec.ports[{index}]", names[index]
        if len(ports) > 1 and not name and name is not UNKNOWN:
            yield Rejection(f"{at}.name", "it is required if there are several ports.", INVALID)
        if isinstance(name, str) and name:
            if error := label_name_error(name):
                yield Rejection(f"{at}.name", error, INVALID)
            elif names.index(name) != index:
                yield Rejection(f"{at}.name", f"duplicate value '{name}'.", INVALID)
        if UNKNOWN not in numbers[index] and numbers.index(numbers[index]) != index:
            yield Rejection(at, f"duplicate value {numbers[index][0]} {numbers[index][1]:g}.", INVALID)
        if error := port_error(port.get("targetPort") or None):  # 0 is the default, the port itself
            yield Rejection(f"{at}.targetPort", error, INVALID)
        node_port = port.get("nodePort")
        if isinstance(node_port, (int, float)) and node_port:
            low, high = _NODE_PORTS
            if spec.get("type", "ClusterIP") == "ClusterIP":
                yield Rejection(f"{at}.nodePort", "it must not be set for a service of type ClusterIP.", FORBIDDEN)
            elif not low <= node_port <= high:
                yield Rejection(
                    f"{at}.nodePort", f"out of range (got {node_port:g}). Allowed are {low} to {high}.", INVALID
                )


@rule("node-ports-are-free", Stage.CREATE, Stage.UPDATE, source=_ALLOCATOR)
def _node_ports(call: Call) -> Iterator[Rejection]:
    """Reject a node port that another service of the cluster has, for the same protocol."""
    used = {
        (mapping(port).get("protocol", "TCP"), mapping(port).get("nodePort")): other.name
        for other in call.cloud.find(SERVICE)
        if other.urn != call.urn
        for port in items(mapping(other.inputs.get("spec")).get("ports"))
    }
    for index, each in enumerate(items(mapping(call.inputs.get("spec")).get("ports"))):
        number, protocol = mapping(each).get("nodePort"), mapping(each).get("protocol", "TCP")
        if number and (owner := used.get((protocol, number))) is not None:
            yield Rejection(
                f"spec.ports[{index}].nodePort",
                f"provided port is already allocated (got {number:g}, of the service '{owner}').",
                INVALID,
            )


@rule("service-keeps-its-class", Stage.UPDATE, source=_CORE)
def _class(call: Call) -> Iterator[Rejection]:
    old, new = mapping((call.old or {}).get("spec")), mapping(call.inputs.get("spec"))
    both = old.get("type") == new.get("type") == "LoadBalancer"
    if both and old.get("loadBalancerClass") != new.get("loadBalancerClass"):
        yield Rejection("spec.loadBalancerClass", "may not change once set.", INVALID)


BEHAVIOURS: tuple[Behaviour, ...] = (
    object_row(
        SERVICE,
        source=docs("concepts/services-networking/service/"),
        replaces=("spec.clusterIP",),
        rules=(_type, _ports, _node_ports, _class, format_rule({"spec.ports[*].appProtocol": QUALIFIED_NAME}, _CORE)),
        status={"loadBalancer": {}},
        enums={
            "spec.type": ("", *_TYPES),
            "spec.sessionAffinity": ("", "None", "ClientIP"),
            "spec.externalTrafficPolicy": ("Cluster", "Local"),
            "spec.internalTrafficPolicy": ("Cluster", "Local"),
            "spec.ipFamilyPolicy": ("SingleStack", "PreferDualStack", "RequireDualStack"),
            "spec.ports[*].protocol": ("", *PROTOCOLS),
        },
        ranges={"spec.ports[*].port": (1, LARGEST_PORT)},
    ),
)
