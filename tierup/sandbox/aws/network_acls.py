"""Network ACLs: their number of rules, and the ports of a rule for all protocols."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Quota, Rejection, Stage, located, rule
from .ec2_vpcs import NETWORK_ACL
from .sources import VPC_QUOTAS, schema_of, sdk

_RULE = "aws:ec2/networkAclRule:NetworkAclRule"


@rule("network-acl-rule-ports", Stage.PLAN, source=schema_of("ec2/vpc_network_acl.go, createNetworkACLEntries"))
def _ports(call: Call) -> Iterator[Rejection]:
    for direction in ("ingress", "egress"):
        for at, entry in located(call.inputs, f"{direction}[*]"):
            if entry is UNKNOWN or str(entry.get("protocol")) not in ("-1", "all"):
                continue
            low, high = entry.get("fromPort"), entry.get("toPort")
            if any(port not in (0, None, UNKNOWN) for port in (low, high)):
                yield Rejection(
                    at,
                    f"to_port ({high}) and from_port ({low}) must both be 0 to use the 'all' \"-1\" protocol!",
                    "InvalidParameterValue",
                )


def _most_rules(call: Call) -> float:
    """Return the number of rules of the direction that has more of them."""
    counts: Counter[str] = Counter()
    acl = call.id if call.type == NETWORK_ACL else str(call.get("networkAclId"))
    found = call.cloud.get(NETWORK_ACL, acl)
    inline = call.inputs if call.type == NETWORK_ACL else found.inputs if found else {}
    for direction in ("ingress", "egress"):
        counts[direction] += len(list(located(inline, f"{direction}[*]")))
    own = [] if call.type == NETWORK_ACL else [call.inputs]
    others = (
        each.inputs
        for each in (call.nearby(_RULE, networkAclId=acl) if acl else ())
        if call.this is None or each.key != call.this.key
    )
    for each in (*others, *own):
        counts["egress" if each.get("egress") else "ingress"] += 1
    return max(counts.values(), default=0)


_RULES = Quota(
    limit=20,
    per="region",
    what="rules per network ACL and direction",
    code="NetworkAclEntryLimitExceeded",
    needs=_most_rules,
    source=VPC_QUOTAS,
)

PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=NETWORK_ACL, source=sdk("ec2/networkacl"), rules=(_ports,), quotas=(_RULES,)),
    Behaviour(type=_RULE, source=sdk("ec2/networkaclrule"), quotas=(_RULES,)),
)
