"""Managed prefix lists: their entries, and what refers to them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Plain, Reference, Rejection, Stage, documented, located, rule
from .network import APPLY, PREFIX_LIST, refers
from .same_scope import known, others_in_region
from .security_group_quotas import EGRESS_RULE, INGRESS_RULE, SECURITY_GROUP_RULE
from .sources import api, sdk

ENTRY = "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry"
_OF_AWS = r"pl-[0-9a-f]{8}"
"""The lists that AWS manages have a short id, those of an account a long one."""

_CREATE = api("ec2", "CreateManagedPrefixList: MaxEntries, PrefixListName, AddressFamily")
_MAXIMUM = documented(
    "PrefixListMaxEntriesExceeded in public repositories that change prefix lists with the AWS SDK", read="2026-11-29"
)


def _family_violation(at: str, cidr: Plain, family: Plain) -> Iterator[Rejection]:
    try:
        version = ipaddress.ip_network(str(cidr), strict=False).version
    except ValueError:
        return
    if family in ("IPv4", "IPv6") and family != f"IPv{version}":
        yield Rejection(
            at, f"The CIDR {cidr} is not an {family} CIDR block, which the address family of the prefix list requires.",
            "InvalidParameterValue",
        )  # fmt: skip


@rule("prefix-list-entries", Stage.PLAN, source=_CREATE)
def _entries(call: Call) -> Iterator[Rejection]:
    name = known(call, "name")
    if isinstance(name, str) and name.startswith("com.amazonaws"):
        yield Rejection("name", f"The name cannot start with com.amazonaws (got '{name}').", "InvalidParameterValue")
    seen: set[str] = set()
    for at, cidr in located(call.inputs, "entries[*].cidr"):
        if cidr is UNKNOWN:
            continue
        yield from _family_violation(at, cidr, known(call, "addressFamily"))
        if cidr in seen:
            yield Rejection(at, f"The CIDR {cidr} is specified more than once.", "InvalidParameterValue")
        seen.add(str(cidr))


def _too_many(path: str, size: int, most: Plain) -> Iterator[Rejection]:
    if isinstance(most, (int, float)) and size > most:
        yield Rejection(
            path, "You've reached the maximum number of entries for the prefix list"
            f" ({size} entries, maximum {most:g}).",
            "PrefixListMaxEntriesExceeded",
        )  # fmt: skip


@rule("prefix-list-has-room", *APPLY, source=_MAXIMUM)
def _room(call: Call) -> Iterator[Rejection]:
    own = len(list(located(call.inputs, "entries[*]")))
    separate = sum(1 for _ in others_in_region(call, ENTRY, prefixListId=call.this.id)) if call.this else 0
    yield from _too_many("maxEntries", own + separate, call.get("maxEntries"))


@rule("prefix-list-entry-is-new", Stage.CREATE, source=_MAXIMUM)
def _entry(call: Call) -> Iterator[Rejection]:
    found = call.cloud.get(PREFIX_LIST, str(call.get("prefixListId")))
    if found is None:
        return
    yield from _family_violation("cidr", call.get("cidr"), found.outputs.get("addressFamily"))
    listed = [cidr for _, cidr in located(found.inputs, "entries[*].cidr")]
    listed += [each.inputs.get("cidr") for each in others_in_region(call, ENTRY, prefixListId=found.id)]
    if call.get("cidr") not in listed:
        yield from _too_many("prefixListId", len(listed) + 1, found.inputs.get("maxEntries"))


def _to_list(path: str, in_use: str = "") -> Reference:
    return refers(
        path, PREFIX_LIST, "InvalidPrefixListID.NotFound", external=_OF_AWS, holds=bool(in_use),
        **({"in_use": in_use} if in_use else {}),
    )  # fmt: skip


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=PREFIX_LIST, source=sdk("ec2/managedprefixlist"), rules=(_entries, _room)),
    Behaviour(type=ENTRY, source=sdk("ec2/managedprefixlistentry"), rules=(_entry,)),
    *(
        Behaviour(type=type, source=sdk("ec2/managedprefixlist"), references=(_to_list(path, "PrefixListInUse"),))
        for type, path in (
            (INGRESS_RULE, "prefixListId"),
            (EGRESS_RULE, "prefixListId"),
            (SECURITY_GROUP_RULE, "prefixListIds[*]"),
            ("aws:ec2/route:Route", "destinationPrefixListId"),
        )
    ),
)
