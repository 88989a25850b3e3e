"""Entries of an Atlas project's IP access list, for clients that connect over the internet.

TLS and the password of the database user protect the connection; the list limits the addresses that may connect. A VPC
that is peered needs no entry here: its peering adds one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi_mongodbatlas as mongodbatlas
from pulumi import ComponentResource, Input, Output, ResourceOptions

EVERYWHERE = "0.0.0.0/0"
"""The block of all addresses."""
MAX_ENTRIES = 200
"""Entries of a project's list: https://www.mongodb.com/docs/atlas/reference/atlas-limits/ (read 2026-11-28)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasAccessListArgs:
    """Arguments of AtlasAccessList."""

    project_id: Input[str]
    """Id of the Atlas project."""
    cidrs: Sequence[str]
    """IPv4 blocks or addresses that may connect."""
    comment: str
    """What connects from the addresses, up to 80 characters."""
    allow_everywhere: bool = False
    """Whether 0.0.0.0/0 is accepted. Everyone on the internet may then try passwords."""

    def __post_init__(self) -> None:
        if len(self.cidrs) > MAX_ENTRIES:
            raise ValueError(f"cidrs: too many entries (got {len(self.cidrs)}). Give at most {MAX_ENTRIES}.")
        for each in self.cidrs:
            block = IPv4Network(each)
            if block.prefixlen == 0 and not self.allow_everywhere:
                raise ValueError(
                    f"cidrs: the block opens the database to the internet (got {each}). Give the addresses of the "
                    "clients, or set allow_everywhere."
                )
        if len(self.comment) > 80:
            raise ValueError(f"comment: too long (got {len(self.comment)} characters). Give at most 80.")


class AtlasAccessList(ComponentResource):
    """Entries of a project's IP access list."""

    project_id: Output[str]
    """Id of the project, available once all entries exist. A connection string depends on it."""

    def __init__(self, name: str, args: AtlasAccessListArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:atlas:AtlasAccessList", name, None, opts)
        entries = [
            mongodbatlas.ProjectIpAccessList(
                f"{name}-{block.with_prefixlen.replace('.', '-').replace('/', '-')}",
                project_id=args.project_id,
                cidr_block=block.with_prefixlen,
                comment=args.comment,
                opts=ResourceOptions(parent=self),
            )
            for block in map(IPv4Network, args.cidrs)
        ]
        ready = [entry.project_id for entry in entries]
        self.project_id = Output.all(args.project_id, *ready).apply(lambda known: str(known[0]))
        self.register_outputs({"project_id": self.project_id})
