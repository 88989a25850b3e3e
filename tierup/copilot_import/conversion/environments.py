"""The manifest of an environment."""

from __future__ import annotations

import re

from tierup.copilot_import.conversion.values import Found, differs_as
from tierup.copilot_import.draft import Draft, Result, differs, same, unmapped
from tierup.copilot_import.manifest import Node
from tierup.program_settings import Feature


def vpc_cidr(draft: Draft, node: Node) -> Found:
    block = node.text()
    if not re.fullmatch(r"\d+\.\d+\.0\.0/16", block):
        return unmapped(f"The stack's VPC is a /16 (got {block}); tierup:vpcCidr applies.")
    return draft.mapped(block, "vpcCidr")


def subnet(draft: Draft, node: Node) -> Found:
    """Convert one public or private subnet of the environment."""
    if node.at("id") is not None:
        return unmapped("tierup:existingNetwork takes it: the ids of subnets by zone, and their route tables.")
    zone, block = node.at("az"), node.at("cidr")
    note = "The stack divides the VPC's block itself." if block else ""
    if zone is None:
        return differs(note or "The stack creates its subnets.")
    if not re.fullmatch(rf"{draft.options.region}[a-z]", zone.text()):
        return unmapped(f"{zone.text()} is not a zone of {draft.options.region}; give the region with --region.")
    zones = list(dict.fromkeys([*(draft.get("availabilityZones") or []), zone.text()]))
    return draft.differs(
        zones, "availabilityZones", note=f"{note} Each zone has public, private and data subnets.".strip()
    )


def flow_logs(_: Draft, node: Node) -> Found:
    if node.value is True:
        return same("The stack's VPC has flow logs.")
    return differs("The stack's VPC has flow logs.")


def cdn(draft: Draft, node: Node) -> Found:
    if node.value is True:
        if draft.has(Feature.API_BEHIND_CDN):
            return same("The API is behind the CDN from phase scale on; the site always is.")
        return differs("The site is behind the CDN; the API is from phase scale on.")
    return differs("The site is always behind the CDN, and the API from phase scale on.")


def _certificate(draft: Draft, text: str, key: str, pattern: str) -> Found:
    if not re.fullmatch(pattern, text):
        return unmapped(f"{text} is not the ARN of a certificate in the region that tierup:{key} needs.")
    return draft.mapped(text, key)


def edge_certificate(draft: Draft, node: Node) -> Found:
    pattern = r"arn:aws:acm:us-east-1:\d{12}:certificate/[0-9a-f-]{36}"
    return _certificate(draft, node.text(), "edgeCertificateArn", pattern)


def certificates(draft: Draft, node: Node) -> Found:
    arns = [each.text() for each in node.items] or [node.text()]
    found = _certificate(draft, arns[0], "certificateArn", r"arn:aws:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f-]{36}")
    if len(arns) > 1 and isinstance(found, Result) and found.setting:
        return differs_as(found, f"The listener has one certificate; {len(arns) - 1} of {len(arns)} are left out.")
    return found


def access_logs(_: Draft, node: Node) -> Found:
    if node.value is True:
        return same("The load balancer writes access logs to a bucket of the stack.")
    return differs("The load balancer always writes access logs to a bucket of the stack.")


def cdn_ingress(draft: Draft, node: Node) -> Found:
    if not draft.has(Feature.API_BEHIND_CDN):
        return draft.needs(Feature.API_BEHIND_CDN) if node.value is True else same("Clients may connect directly.")
    if node.value is True:
        return draft.mapped("on", "originLock")
    return draft.mapped("off", "originLock")


def container_insights(draft: Draft, node: Node) -> Found:
    enabled = draft.has(Feature.CONTAINER_INSIGHTS)
    if bool(node.value) is enabled:
        return same(f"Container Insights is {'on' if enabled else 'off'} in phase {draft.phase}.")
    if enabled:
        return differs("Container Insights is on from phase scale on.")
    return draft.needs(Feature.CONTAINER_INSIGHTS)
