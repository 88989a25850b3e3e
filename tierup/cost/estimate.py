"""The estimate of a program's fixed monthly cost, line by line, at list prices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from . import aws, cloudflare, datadog, hosts, kubernetes, mongodbatlas, newrelic, sentry
from .prices import Price, prices
from .rules import PricedResource, PriceRule

RULES: Final[Mapping[str, PriceRule]] = {**aws.RULES, **kubernetes.RULES, **mongodbatlas.RULES, **hosts.RULES}
FREE: Final = (
    aws.FREE
    | cloudflare.FREE
    | datadog.FREE
    | hosts.FREE
    | kubernetes.FREE
    | mongodbatlas.FREE
    | newrelic.FREE
    | sentry.FREE
)

BY_USE_IS_APART: Final = (
    "usage-based cost, such as requests, data and logs, which --phase with --tier, or --usage FILE, adds"
)
NOT_COUNTED: Final = (
    "tasks, nodes and sizes that autoscaling adds; a task on Spot costs about a third",
    "on EKS: the system's own pods, the unused rest of nodes, and their volumes",
    "free tiers (--free-tier subtracts them), savings plans, reserved nodes, taxes, support",
    "Hosts: traffic and builds beyond the plan, further seats, Render's workspace plans above Hobby",
    "Route 53's hosted zone, Cloudflare's plan, Datadog and Sentry, which exist before the stack",
    "Atlas: disk and IOPS beyond the instance size's own, config servers of shards, its side of a private endpoint, "
    "support",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """The quantity of one price in one component, for a whole month."""

    component: str
    """The type of the component, such as `tierup:aws:Cache`."""
    name: str
    """The logical name of the component."""
    price: Price
    quantity: Decimal

    @property
    def usd(self) -> Decimal:
        """The monthly cost in US dollars."""
        return self.quantity * self.price.usd_a_month

    @property
    def provider(self) -> str:
        """The provider that charges for it."""
        others = {"atlas-": "MongoDB Atlas", **hosts.PROVIDERS}
        return next((name for prefix, name in others.items() if self.price.key.startswith(prefix)), "AWS")


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """The estimate of one program in one region."""

    lines: Sequence[Line]
    by_use: Sequence[Price]
    """The prices by usage, each once."""
    unpriced: Sequence[str]
    """Types without a price rule, and keys without a price in the region. They are not in the sum."""

    @property
    def providers(self) -> Sequence[str]:
        """The providers that charge: AWS and MongoDB Atlas always, and those of further lines."""
        return list(dict.fromkeys(("AWS", "MongoDB Atlas", *(line.provider for line in self.lines))))

    def usd(self, provider: str | None = None) -> Decimal:
        """Return the monthly cost in US dollars, of all providers or of one."""
        return sum((line.usd for line in self.lines if provider in (None, line.provider)), Decimal())


def estimate(program: Iterable[PricedResource], region: str) -> Estimate:
    """Return the estimate of a program in a region. Raises LookupError for a region without prices."""
    known, resources = prices(region), list(program)
    counted: defaultdict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    by_use: dict[str, Price] = {}
    unpriced: set[str] = set()
    for resource in resources:
        rule = RULES.get(resource.type)
        if rule is None:
            unpriced |= {resource.type} - FREE
            continue
        by_use |= {key: known[key] for key in rule.by_use}
        for key, quantity in rule.count(resource, resources) if rule.count else ():
            if key in known:
                counted[resource.component, resource.parent, key] += Decimal(str(quantity))
            else:
                unpriced.add(f"{resource.name}: {key}")
    return Estimate(
        lines=[
            Line(component=component, name=name, price=known[key], quantity=quantity)
            for (component, name, key), quantity in counted.items()
            if quantity
        ],
        by_use=list(by_use.values()),
        unpriced=sorted(unpriced),
    )
