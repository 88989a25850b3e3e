"""The NetworkPolicies of pods: which connections they allow, where the cluster enforces them."""

from __future__ import annotations

from typing import Any

from tierup.sandbox.cloud import CloudResource

from .. import manifests, sources
from ..hop import Hop, World, fails, passes, unknown
from ..manifests import in_namespace, object_name, pods_name, spec
from ..rows import Rows, label, listed, overlaps, within
from ..rows import network as block_of
from . import network

NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"


def network_policies(
    world: World, other: network.Party, port: int, *, ingress: bool, deployment: CloudResource
) -> Hop | None:
    """Return the hop that decides for the NetworkPolicies of pods; None if no policy selects them in this direction."""
    if not _enforces(world.rows):
        return None
    direction = "ingress" if ingress else "egress"
    selecting: list[CloudResource] = []
    for policy in in_namespace(world.rows, NETWORK_POLICY, deployment):
        own = spec(policy)
        types = listed(own.get("policyTypes")) or ["Ingress", *(["Egress"] if own.get("egress") else [])]
        selected = manifests.selects(manifests.pod_labels(deployment), own.get("podSelector") or {})
        if selected is None:
            reason = f"The selector of {label(policy)} has expressions, which the model does not evaluate."
            return unknown("network-policy", label(policy), "podSelector", reason, sources.NETWORK_POLICIES)
        if selected and direction.capitalize() in types:
            selecting.append(policy)
    if not selecting:
        return None
    for policy in selecting:
        for rule in listed(spec(policy).get(direction)):
            if _allows(world.rows, rule, other, port, "from" if ingress else "to"):
                preposition = "from" if ingress else "to"
                reason = f"{direction.capitalize()} {preposition} {other.name} on port {port} is allowed."
                return passes("network-policy", label(policy), direction, reason, sources.NETWORK_POLICIES)
    preposition = "from" if ingress else "to"
    reason = f"No {direction} rule allows the {pods_name(deployment)} port {port} {preposition} {other.name}."
    names = ", ".join(label(each) for each in selecting)
    return fails("network-policy", names, direction, reason, sources.NETWORK_POLICIES)


def _enforces(rows: Rows) -> bool:
    """Return whether the cluster enforces NetworkPolicies, which Auto Mode does once this object enables them."""
    return any(
        object_name(each) == "amazon-vpc-cni"
        and (each.value("data") or {}).get("enable-network-policy-controller") == "true"
        for each in rows.all(CONFIG_MAP)
    )


def _allows(rows: Rows, rule: dict[str, Any], other: network.Party, port: int, peers_name: str) -> bool:
    ports = listed(rule.get("ports"))
    if ports and not any(_has_port(each, port) for each in ports):
        return False
    peers = listed(rule.get(peers_name))
    if not peers:
        return True
    addresses = network.cidr_blocks(rows, other.subnets) if other.inside else list(other.addresses)
    blocks = [each["ipBlock"] for each in peers if each.get("ipBlock")]
    return bool(addresses) and all(any(_in_block(address, block) for block in blocks) for address in addresses)


def _has_port(entry: dict[str, Any], port: int) -> bool:
    if str(entry.get("protocol") or "TCP") != "TCP":
        return False
    first = entry.get("port")
    return first is None or int(first) <= port <= int(entry.get("endPort") or first)


def _in_block(address: str, block: dict[str, Any]) -> bool:
    cidr = str(block.get("cidr"))
    if block_of(address).version != block_of(cidr).version:
        return False
    return within(address, cidr) and not any(overlaps(address, str(each)) for each in listed(block.get("except")))
