"""Which advisory rules our own stacks break, where, and why: docs/explanation/advisories.md is made from it.

tests/policies/test_own_stacks.py holds it to what the rules find. PolicyConfig are the defaults, but for phase,
tier, CDN and `tierup:protect`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from stacks.phases import Phase
from stacks.tiers import Tier
from tests.policies.own_stacks import Cell

_BEFORE_SCALE: Final = (Phase.MVP, Phase.OPTIMIZATION)
_BEFORE_ENTERPRISE: Final = (*_BEFORE_SCALE, Phase.SCALE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Advisory:
    """Rules that a stack breaks for one reason where all four hold."""

    rules: tuple[str, ...]
    why: str
    phases: Collection[Phase] = tuple(Phase)
    tiers: Collection[Tier] = tuple(Tier)
    cdn: str | None = None
    """cloudfront, cloudflare; None is either."""
    unprotected: bool = False
    """With `tierup:protect` off alone."""

    def holds(self, cell: Cell, *, protect: bool) -> bool:
        """Whether a stack of this cell breaks its rules."""
        phase, tier, cdn = cell
        return (
            phase in self.phases
            and tier in self.tiers
            and self.cdn in (None, cdn)
            and not (self.unprotected and protect)
        )

    @property
    def where(self) -> str:
        """In words."""
        parts = [
            f"phase {_listed(self.phases)}" if len(self.phases) < len(Phase) else "",
            f"tier {_listed(self.tiers)}" if len(self.tiers) < len(Tier) else "",
            {"cloudfront": "behind CloudFront", "cloudflare": "behind Cloudflare"}.get(self.cdn or "", ""),
            "without `tierup:protect`" if self.unprotected else "",
        ]
        return ", ".join(part for part in parts if part) or "everywhere"


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


ADVISORIES: Final = (
    Advisory(
        rules=("ALB-008", "ATL-005", "SEC-002"),
        unprotected=True,
        why="a stack that may be torn down and built again at will. Its names must be free at once, and AWS and Atlas"
        " must let go. `policies/environments/prod.json` makes all three mandatory for the stack `prod`",
    ),
    Advisory(
        rules=("MON-003", "MON-004", "MON-005", "MON-006", "MON-007", "MON-009"),
        phases=(Phase.MVP,),
        why="phase `optimization` brings alarms and a dashboard on the guide's numbers. Outages are told from the first"
        " day on: no running task, 5xx, logged errors",
    ),
    Advisory(
        rules=("ATL-010", "ATL-011", "ATL-012", "ATL-013", "ATL-018"),
        phases=(Phase.MVP,),
        why="phase `optimization` brings Atlas's alerts. Until then Atlas's own page shows the same numbers",
    ),
    Advisory(rules=("MON-008",), phases=(Phase.MVP,), why="the check from outside comes with phase `optimization`"),
    Advisory(rules=("COST-001",), phases=(Phase.MVP,), why="the budget comes with phase `optimization`"),
    Advisory(
        rules=("CACHE-006",),
        phases=(Phase.MVP,),
        why="the cache comes with phase `optimization`; the guide adds it when answers take longer than 200 ms",
    ),
    Advisory(
        rules=("CACHE-003",),
        phases=(Phase.OPTIMIZATION,),
        tiers=(Tier.SMALL, Tier.MEDIUM),
        why="one node, whose loss costs time and no data. A replica comes with phase `scale`",
    ),
    Advisory(
        rules=("CDN-010",),
        phases=(Phase.MVP,),
        cdn="cloudfront",
        why="compression is a step of the guide's second phase, `optimization`",
    ),
    Advisory(
        rules=("ECS-011",),
        phases=(Phase.MVP,),
        tiers=(Tier.SMALL,),
        why="one task, as the guide's smallest size has it; ECS starts another in its place. `tierup:overrides` `tasks`"
        " says otherwise",
    ),
    Advisory(
        rules=("ECS-013",),
        phases=_BEFORE_SCALE,
        why="autoscaling comes with phase `scale`; before, the tier says how many tasks there are",
    ),
    Advisory(rules=("ECS-004",), phases=_BEFORE_SCALE, why="Container Insights costs by the metric: phase `scale`"),
    Advisory(
        rules=("ECS-010",),
        phases=_BEFORE_SCALE,
        why="the circuit breaker takes back what does not start; alarms take back what fails later, in phase `scale`",
    ),
    Advisory(
        rules=("CF-007",),
        phases=_BEFORE_SCALE,
        cdn="cloudflare",
        why="the API is behind the CDN from phase `scale` on; before, its own firewall stands at the load balancer",
    ),
    Advisory(
        rules=("CF-006",),
        cdn="cloudflare",
        why="on the Free plan, the default, Cloudflare's own set is always on and none can be chosen. From"
        " `tierup:cloudflarePlan` `pro` on they are deployed",
    ),
    Advisory(
        rules=("CDN-014",),
        phases=_BEFORE_ENTERPRISE,
        cdn="cloudfront",
        why="the copy of the site in another region comes with phase `enterprise`",
    ),
    Advisory(
        rules=("ATL-014",),
        phases=_BEFORE_SCALE,
        why="Atlas ignores the size of a disk that it grows, and of the instance with it: another tier would take two"
        " runs. Phase `scale` brings autoscaling; an alert tells of a disk that is three quarters full from"
        " `optimization` on",
    ),
    Advisory(
        rules=("ATL-014",),
        phases=(Phase.ENTERPRISE,),
        why="the provider does not leave alone what Atlas scaled in a cluster with shards, and the next run would set a"
        " grown disk back. The alert at three quarters stays",
    ),
    Advisory(
        rules=("ATL-009",),
        phases=_BEFORE_SCALE,
        why="auditing costs a tenth of the cluster's price: phase `scale`, tier `large`",
    ),
    Advisory(
        rules=("ATL-009",),
        phases=(Phase.SCALE, Phase.ENTERPRISE),
        tiers=(Tier.SMALL, Tier.MEDIUM),
        why="auditing costs a tenth of the cluster's price: tier `large`",
    ),
    Advisory(
        rules=("ATL-016",),
        why="encrypted with Atlas's key. A key of your own is one more thing that, once lost, takes the data with it",
    ),
    Advisory(
        rules=("ATL-020",),
        phases=_BEFORE_ENTERPRISE,
        why="three zones of one region; several regions come with phase `enterprise`",
    ),
    Advisory(
        rules=("ECR-005",),
        why="encrypted with ECR's key. Another replaces the repository and its images, so it cannot come with a phase",
    ),
    Advisory(
        rules=("ECS-021",),
        why="until `tierup:sentryDsn` is set: it is an account of another vendor's. Errors in logs are counted anyway",
    ),
    Advisory(
        rules=("LOG-002",),
        phases=_BEFORE_SCALE,
        why="encrypted with CloudWatch's key; the stack's own comes with phase `scale`, or with `tierup:customerKey`",
    ),
    Advisory(
        rules=("LOG-002",),
        phases=(Phase.SCALE, Phase.ENTERPRISE),
        cdn="cloudfront",
        why="the firewalls before CloudFront log in us-east-1, out of reach of the key in the stack's region",
    ),
    Advisory(
        rules=("MON-012",),
        phases=_BEFORE_ENTERPRISE,
        why="business metrics come with phase `enterprise`",
    ),
    Advisory(
        rules=("SEC-001",),
        why="the signing keys rotate from phase `optimization` on. Passwords, the cache's token and the URLs made of"
        " them do not: rotating one needs a stronger key or an interruption. `tierup:databaseLogin` `iam` does without"
        " a password",
    ),
)


def dev() -> Cell:
    """The stack dev, which is unprotected by its name."""
    text = (Path(__file__).parents[2] / "Pulumi.dev.yaml").read_text(encoding="utf-8")
    config: Mapping[str, Any] = yaml.safe_load(text)["config"]
    cdn = str(config.get("tierup:cdn", "cloudfront"))
    return Phase(config["tierup:phase"]), Tier(config["tierup:tier"]), cdn


def expected(cell: Cell, *, protect: bool) -> set[str]:
    """Ids of the rules that a stack of this cell breaks."""
    return {rule for each in ADVISORIES if each.holds(cell, protect=protect) for rule in each.rules}
