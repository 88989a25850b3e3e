"""The quotas of security groups: rules of each group and direction, and groups of each network interface."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tierup.sandbox.behaviour import Call, Quota, located

from .managed_prefix_lists import weight_of
from .network import PREFIX_LIST, SECURITY_GROUP
from .sources import VPC_QUOTAS

SECURITY_GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS_RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
_DIRECTIONS = {INGRESS_RULE: "ingress", EGRESS_RULE: "egress"}


def _families(call: Call, rule: Mapping[str, Any]) -> Iterator[str]:
    """Yield the IP version of each rule that EC2 counts for one input.

    It counts a group for both, a prefix list as often as the list may have entries, and one of AWS by its weight.
    """
    for version, paths in (("ipv4", ("cidrIpv4", "cidrBlocks")), ("ipv6", ("cidrIpv6", "ipv6CidrBlocks"))):
        for path in paths:
            value = rule.get(path)
            yield from (version,) * (len(value) if isinstance(value, list) else 1 if value else 0)
    for path in ("prefixListId", "prefixListIds"):
        value = rule.get(path)
        for each in value if isinstance(value, list) else [value] if value else []:
            found = call.cloud.get(PREFIX_LIST, str(each))
            if found is None:
                weight = weight_of(call.region, str(each))
                yield from ("ipv4", "ipv6") if weight is None else ("ipv4",) * weight
            else:
                yield from (str(found.inputs.get("addressFamily")).lower(),) * int(found.inputs.get("maxEntries") or 0)
    for path in ("referencedSecurityGroupId", "sourceSecurityGroupId", "securityGroups", "self"):
        value = rule.get(path)
        yield from ("ipv4", "ipv6") * (len(value) if isinstance(value, list) else 1 if value else 0)


def _rules(call: Call, group: str, direction: str) -> Iterator[Mapping[str, Any]]:
    """Yield the rules of a group, without those of the call's resource."""

    def is_own(key: int) -> bool:
        return call.this is not None and call.this.key == key

    for type, of in _DIRECTIONS.items():
        if of == direction:
            yield from (other.inputs for other in call.nearby(type, securityGroupId=group) if not is_own(other.key))
    for other in call.nearby(SECURITY_GROUP_RULE, securityGroupId=group):
        if other.inputs.get("type") == direction and not is_own(other.key):
            yield other.inputs
    found = call.cloud.get(SECURITY_GROUP, group, call.region)
    if found is not None and not is_own(found.key):
        yield from (each for _, each in located(found.inputs, f"{direction}[*]"))


def _needed(call: Call) -> float:
    if call.type == SECURITY_GROUP:
        return max(_counted(call, direction) for direction in ("ingress", "egress"))
    return _counted(call, _DIRECTIONS.get(call.type) or str(call.get("type")))


def _counted(call: Call, direction: str) -> int:
    if call.type == SECURITY_GROUP:
        own = [each for _, each in located(call.inputs, f"{direction}[*]")]
        group = call.this.id if call.this else ""
    else:
        own, group = [call.inputs], str(call.get("securityGroupId"))
    others = _rules(call, group, direction) if group else ()
    counts = Counter(family for each in (*others, *own) for family in _families(call, each))
    return max(counts.values(), default=0)


RULES_PER_GROUP = Quota(
    limit=60,
    per="securityGroupId",
    what="inbound or outbound rules per security group",
    code="RulesPerSecurityGroupLimitExceeded",
    needs=_needed,
    source=VPC_QUOTAS,
)
"""The rules for IPv4 and IPv6 are counted separately, and a rule counts once for each address range."""


def groups_per_interface(path: str, code: str = "SecurityGroupsPerInterfaceLimitExceeded") -> Quota:
    """Return the quota of security groups of a resource's network interfaces, which it names at `path`."""

    def given(call: Call) -> float:
        groups = call.get(path)
        return len(set(groups)) if isinstance(groups, list) else 0

    needs: Callable[[Call], float] = given
    return Quota(
        limit=5, per="region", what="security groups per network interface", code=code, needs=needs, path=path,
        source=VPC_QUOTAS,
    )  # fmt: skip
