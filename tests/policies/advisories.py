"""The advisory rules that our own stacks violate: where, and why. docs/explanation/advisories.md is generated from it.

tests/policies/test_own_stacks.py compares it with the findings of the rules. It assumes the default settings except for
phase, tier, CDN and `tierup:protect`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier
from tests.policies.own_stacks import Cell

_BEFORE_SCALE: Final = (Phase.MVP, Phase.OPTIMIZATION)
_BEFORE_ENTERPRISE: Final = (*_BEFORE_SCALE, Phase.SCALE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Advisory:
    """Rules that a stack violates for one reason, where all four conditions are met."""

    rules: tuple[str, ...]
    why: str
    phases: Collection[Phase] = tuple(Phase)
    tiers: Collection[Tier] = tuple(Tier)
    cdn: str | None = None
    """cloudfront or cloudflare; None means either."""
    unprotected: bool = False
    """True if the violation occurs only without `tierup:protect`."""

    def holds(self, cell: Cell, *, protect: bool) -> bool:
        """Return whether a stack of this combination violates the rules."""
        phase, tier, cdn = cell
        return (
            phase in self.phases
            and tier in self.tiers
            and self.cdn in (None, cdn)
            and not (self.unprotected and protect)
        )

    @property
    def where(self) -> str:
        """The conditions as text for the page."""
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
        why="the stack may be destroyed and created again at any time. Its names must be free at once, and AWS and"
        " Atlas must allow the deletion. `policies/environments/prod.json` makes all three mandatory for the stack"
        " `prod`",
    ),
    Advisory(
        rules=("MON-003", "MON-004", "MON-005", "MON-006", "MON-007", "MON-009"),
        phases=(Phase.MVP,),
        why="phase `optimization` adds alarms and a dashboard for the guide's metrics. Alarms on outages (no running"
        " task, 5xx, logged errors) exist in every phase",
    ),
    Advisory(
        rules=("ATL-010", "ATL-011", "ATL-012", "ATL-013", "ATL-018"),
        phases=(Phase.MVP,),
        why="phase `optimization` adds Atlas's alerts. Before, the Atlas console shows the same metrics",
    ),
    Advisory(rules=("MON-008",), phases=(Phase.MVP,), why="phase `optimization` adds the uptime check"),
    Advisory(rules=("COST-001",), phases=(Phase.MVP,), why="phase `optimization` adds the budget"),
    Advisory(
        rules=("CACHE-006",),
        phases=(Phase.MVP,),
        why="phase `optimization` adds the cache; the guide adds it when responses take longer than 200 ms",
    ),
    Advisory(
        rules=("CACHE-003",),
        phases=(Phase.OPTIMIZATION,),
        tiers=(Tier.SMALL, Tier.MEDIUM),
        why="the cache has one node, whose loss costs time but no data. Phase `scale` adds a replica",
    ),
    Advisory(
        rules=("ECS-011",),
        phases=(Phase.MVP,),
        tiers=(Tier.SMALL,),
        why="the guide's smallest size has one task; ECS replaces it when it stops. `tierup:sizeOverrides` `tasks` sets"
        " another number",
    ),
    Advisory(
        rules=("ECS-013",),
        phases=_BEFORE_SCALE,
        why="phase `scale` adds autoscaling; before, the tier sets the number of tasks",
    ),
    Advisory(
        rules=("ECS-004",),
        phases=_BEFORE_SCALE,
        why="Container Insights is billed by the metric, so phase `scale` adds it",
    ),
    Advisory(
        rules=("ECS-010",),
        phases=_BEFORE_SCALE,
        why="the circuit breaker rolls back a version that does not start; phase `scale` adds rollback by alarms for"
        " one that fails later",
    ),
    Advisory(
        rules=("CF-007",),
        phases=_BEFORE_SCALE,
        cdn="cloudflare",
        why="the API is behind the CDN from phase `scale` on; before, its web ACL is at the load balancer",
    ),
    Advisory(
        rules=("CF-006",),
        cdn="cloudflare",
        why="on the Free plan, the default, Cloudflare's free managed ruleset is always on and others cannot be"
        " deployed. From `tierup:cloudflarePlan` `pro` on they are",
    ),
    Advisory(
        rules=("CDN-014",),
        phases=_BEFORE_ENTERPRISE,
        cdn="cloudfront",
        why="phase `enterprise` adds the copy of the site in another region",
    ),
    Advisory(
        rules=("ATL-014",),
        phases=_BEFORE_SCALE,
        why="while Atlas autoscales the disk, it ignores a new disk size and the new instance size with it, so a"
        " change of tier would take two runs. Phase `scale` adds autoscaling; from `optimization` on, an alert reports"
        " a disk that is three quarters full",
    ),
    Advisory(
        rules=("ATL-014",),
        phases=(Phase.ENTERPRISE,),
        why="for a sharded cluster the provider does not ignore the sizes that Atlas scaled, so the next run would"
        " reset a grown disk. The alert at three quarters remains",
    ),
    Advisory(
        rules=("ATL-009",),
        phases=_BEFORE_SCALE,
        why="auditing costs a tenth of the cluster's price, so phase `scale` adds it in tier `large`",
    ),
    Advisory(
        rules=("ATL-009",),
        phases=(Phase.SCALE, Phase.ENTERPRISE),
        tiers=(Tier.SMALL, Tier.MEDIUM),
        why="auditing costs a tenth of the cluster's price, so only tier `large` has it",
    ),
    Advisory(
        rules=("ATL-016",),
        why="the cluster is encrypted with Atlas's key. The loss of a customer managed key makes the data unreadable",
    ),
    Advisory(
        rules=("ATL-020",),
        phases=_BEFORE_ENTERPRISE,
        why="the cluster has three zones of one region; phase `enterprise` adds regions",
    ),
    Advisory(
        rules=("ECR-005",),
        why="the repository is encrypted with ECR's key. Another key replaces the repository and deletes its images,"
        " so no phase changes it",
    ),
    Advisory(
        rules=("ECS-021",),
        why="`tierup:sentryDsn` is not set, because Sentry is an account with another vendor. Errors in logs are"
        " counted in any case",
    ),
    Advisory(
        rules=("LOG-002",),
        phases=_BEFORE_SCALE,
        why="log groups are encrypted with CloudWatch's key; phase `scale` or `tierup:kmsKey` adds the stack's own key",
    ),
    Advisory(
        rules=("LOG-002",),
        phases=(Phase.SCALE, Phase.ENTERPRISE),
        cdn="cloudfront",
        why="the web ACLs of CloudFront log in us-east-1, where the key of the stack's region cannot be used",
    ),
    Advisory(
        rules=("MON-012",),
        phases=_BEFORE_ENTERPRISE,
        why="phase `enterprise` adds business metrics",
    ),
    Advisory(
        rules=("SEC-001",),
        why="the signing keys rotate automatically from phase `optimization` on. `tierup rotate` rotates passwords and"
        " the cache's token: automatic rotation would need a credential with more permissions. With"
        " `tierup:databaseAuth` `iam` there is no password",
    ),
)


def dev() -> Cell:
    """Return the combination of the stack dev, which is unprotected because of its name."""
    text = (Path(__file__).parents[2] / "Pulumi.dev.yaml").read_text(encoding="utf-8")
    config: Mapping[str, Any] = yaml.safe_load(text)["config"]
    cdn = str(config.get("tierup:cdn", "cloudfront"))
    return Phase(config["tierup:phase"]), Tier(config["tierup:tier"]), cdn


def expected(cell: Cell, *, protect: bool) -> set[str]:
    """Return the ids of the rules that a stack of this combination violates."""
    return {rule for each in ADVISORIES if each.holds(cell, protect=protect) for rule in each.rules}
