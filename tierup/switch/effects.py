"""What the steps of a switch do: resources, interruptions, data at risk and cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from tierup.cost.estimate import Estimate, Line
from tierup.sandbox.traffic.durations import duration
from tierup.switch.interruptions import Interruption, interruption_of
from tierup.switch.resource_changes import Operation, ResourceChange
from tierup.switch.rules import DATA, NETWORK, STATEFUL

KEPT_TYPES: Final = NETWORK | frozenset(
    {
        "aws:ec2/eip:Eip",
        "aws:lb/listener:Listener",
        "aws:lb/targetGroup:TargetGroup",
        "aws:route53/record:Record",
        "cloudflare:index/dnsRecord:DnsRecord",
        "aws:cloudfront/distribution:Distribution",
        "aws:ecs/service:Service",
        "aws:ecs/cluster:Cluster",
    }
)
"""Types that users reach, or whose addresses may be on allowlists of others. A switch does not replace them."""


@dataclass(frozen=True, kw_only=True)
class StepEffects:
    """What one step does."""

    changes: Sequence[ResourceChange]
    previewed: bool
    """Whether the engine has previewed the step. Otherwise the changes come from the program alone."""

    @cached_property
    def counts(self) -> Mapping[Operation, int]:
        """The number of changes by operation."""
        return Counter(each.operation for each in self.changes)

    @cached_property
    def interruptions(self) -> Sequence[tuple[ResourceChange, Interruption]]:
        """The changes that users notice, the longest first."""
        effects = ((change, interruption_of(change, self.changes)) for change in self.changes)
        found = [(change, effect) for change, effect in effects if effect is not None and effect.seconds]
        return sorted(found, key=lambda each: -each[1].seconds)

    @cached_property
    def unknown(self) -> Sequence[ResourceChange]:
        """The changes whose effect on users the table does not know."""
        return [change for change in self.changes if interruption_of(change, self.changes) is None]

    @cached_property
    def lost_data(self) -> Sequence[ResourceChange]:
        """The changes that delete or replace a resource that holds data."""
        return [each for each in self.changes if each.type in DATA and each.operation in ("replace", "delete")]

    @cached_property
    def protected_deletions(self) -> Sequence[ResourceChange]:
        """The deletions and replacements of types that the program protects from deletion in a protected stack."""
        return [each for each in self.changes if each.type in STATEFUL and each.operation in ("delete", "replace")]

    @cached_property
    def replaced(self) -> Sequence[ResourceChange]:
        """The changes that replace what users reach."""
        return [each for each in self.changes if each.type in KEPT_TYPES and each.operation == "replace"]

    @property
    def seconds(self) -> int:
        """The seconds of interruption. Interruptions of one kind happen at the same time, so each kind counts once."""
        return sum({id(effect): effect.seconds for _, effect in self.interruptions}.values())

    @property
    def min_seconds(self) -> int:
        """The least time that the step takes on the real clouds: its longest operation, then its longest deletion."""
        changed = [_duration(each) for each in self.changes if each.operation != "delete"]
        deleted = [_duration(each) for each in self.changes if each.operation in ("delete", "replace")]
        return max(changed, default=0) + max(deleted, default=0)

    def refused(self, accepted: Collection[str]) -> Sequence[ResourceChange]:
        """Return what the step would lose: data that is not in `accepted`, by logical name, and what users reach."""
        return [*(each for each in self.lost_data if each.name not in accepted), *self.replaced]


def _duration(change: ResourceChange) -> int:
    row = duration(change.type)
    operations = {"create": row.create, "update": row.update, "replace": row.create, "delete": row.delete}
    return operations[change.operation]


@dataclass(frozen=True, kw_only=True, slots=True)
class CostChange:
    """The fixed monthly cost of one price in one component, before and after."""

    name: str
    what: str
    before: Decimal
    after: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class CostComparison:
    """The fixed monthly cost before and after a switch, in US dollars."""

    before: Decimal
    after: Decimal
    changes: Sequence[CostChange]
    unpriced: Sequence[str]


def compare_costs(before: Estimate, after: Estimate) -> CostComparison:
    """Return the comparison of two estimates, with the lines that differ, the largest difference first."""
    old, new = _by_key(before.lines), _by_key(after.lines)
    changes = [
        CostChange(
            name=(new.get(key) or old[key]).name,
            what=(new.get(key) or old[key]).price.what,
            before=old[key].usd if key in old else Decimal(),
            after=new[key].usd if key in new else Decimal(),
        )
        for key in [*new, *(key for key in old if key not in new)]
    ]
    changes = [each for each in changes if each.before != each.after]
    return CostComparison(
        before=before.usd(),
        after=after.usd(),
        changes=sorted(changes, key=lambda each: (-abs(each.after - each.before), each.name, each.what)),
        unpriced=sorted({*before.unpriced, *after.unpriced}),
    )


def _by_key(lines: Sequence[Line]) -> dict[tuple[str, str, str], Line]:
    return {(line.component, line.name, line.price.key): line for line in lines}
