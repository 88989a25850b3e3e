"""The cost tables of the production scaling guide (version 1.0, "Cost Estimates") beside the same parts of a stack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from .estimate import Estimate


@dataclass(frozen=True, kw_only=True, slots=True)
class GuideCase:
    """A stack that has what the guide's table of a tier lists: Redis from medium on, orchestration in large."""

    name: str
    """The key of the reasons in GuidePart.why."""
    tier: str
    phase: str
    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    """Further settings, without the namespace."""

    @property
    def title(self) -> str:
        """The settings of the stack, such as "phase mvp, tier small"."""
        others = "".join(f", {key} {value}" for key, value in self.settings.items())
        return f"phase {self.phase}, tier {self.tier}{others}"


CASES: Final[Sequence[GuideCase]] = (
    GuideCase(name="small", tier="small", phase="mvp"),
    GuideCase(name="hosts", tier="small", phase="mvp", settings={"frontendHost": "vercel", "backendHost": "railway"}),
    GuideCase(name="medium", tier="medium", phase="optimization"),
    GuideCase(name="large", tier="large", phase="scale"),
    GuideCase(name="eks", tier="large", phase="scale", settings={"orchestrator": "eks"}),
)
"""Tier small also on the guide's own hosts, and tier large on its orchestrator."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GuidePart:
    """A part of the architecture in the guide's table and in a stack."""

    name: str
    components: tuple[str, ...]
    """The components of a stack that belong to it; the last part has all others."""
    guide: Mapping[str, tuple[str, int]]
    """What the guide lists for a tier, and its US dollars a month."""
    why: Mapping[str, str]
    """Why both differ, by name of the case."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GuideRow:
    """One part of one tier."""

    part: str
    guide_item: str
    guide_usd: int
    usd: Decimal
    why: str

    @property
    def difference(self) -> Decimal:
        """The stack's cost without the guide's."""
        return self.usd - self.guide_usd


PARTS: Final[Sequence[GuidePart]] = (
    GuidePart(
        name="site",
        components=("SiteDistribution", "SiteBucket", "ApiDistribution", "VercelProject", "NetlifySite"),
        guide={"small": ("Vercel Pro", 20), "medium": ("Vercel Pro", 20), "large": ("Vercel Enterprise", 150)},
        why={
            **dict.fromkeys(
                ("small", "medium", "large", "eks"), "CloudFront and S3 have no fixed cost; both are billed by usage."
            ),
            "hosts": "The same plan, with one seat.",
        },
    ),
    GuidePart(
        name="compute",
        components=(
            *("EcsService", "WorkerService", "ServiceAutoscaling", "EcsCluster"),
            *("RenderWebService", "RailwayService", "RailwayDeployment"),
            *("EksCluster", "WebDeployment", "WorkerDeployment"),
        ),
        guide={
            "small": ("Railway Pro", 40),
            "medium": ("AWS ECS (4 instances)", 120),
            "large": ("AWS EKS (10 nodes)", 1_500),
        },
        why={
            "small": "One Fargate task of half a vCPU and its public address instead of a platform's plan.",
            "hosts": "One seat, whose price includes the usage of one replica.",
            "medium": "Four Fargate tasks of 1 vCPU and their public addresses.",
            "eks": "The control plane, and the nodes of Auto Mode that twelve pods of 2 vCPU need.",
            "large": "Ten Fargate tasks of 2 vCPU and two workers, without the nodes and the control plane of EKS.",
        },
    ),
    GuidePart(
        name="database",
        components=("AtlasCluster", "AtlasProject"),
        guide={"small": ("Atlas M10", 57), "medium": ("Atlas M30", 326), "large": ("Atlas M60", 1_200)},
        why={
            **dict.fromkeys(("small", "hosts"), "The same instance size."),
            "medium": "The list price of an M30 with three nodes and its disk is $0.54 an hour.",
            **dict.fromkeys(
                ("large", "eks"),
                "The list price of an M60 with three nodes and its disk is $3.95 an hour; auditing adds a tenth.",
            ),
        },
    ),
    GuidePart(
        name="cache",
        components=("ReplicationGroup",),
        guide={"medium": ("Redis (ElastiCache)", 112), "large": ("Redis Cluster", 336)},
        why={
            "medium": "One cache.m7g.large with Valkey, which costs 20 percent less than Redis OSS.",
            **dict.fromkeys(
                ("large", "eks"), "Three cache.m7g.large with Valkey, which costs 20 percent less than Redis OSS."
            ),
        },
    ),
    GuidePart(
        name="monitoring",
        components=("Alarms", "AlarmTopic", "BurnRateAlarms", "Dashboard", "UptimeCheck"),
        guide={"large": ("Monitoring", 500)},
        why={
            "small": "CloudWatch alarms, and the KMS key of their topic.",
            "medium": "CloudWatch alarms, a dashboard and an uptime check.",
            **dict.fromkeys(
                ("large", "eks"), "CloudWatch instead of Datadog or New Relic; logs and metrics are billed by usage."
            ),
        },
    ),
    GuidePart(
        name="not in the guide",
        components=(),
        guide={},
        why={
            "small": "The load balancer, its public addresses, AWS WAF and secrets.",
            "medium": "The load balancer, its public addresses, AWS WAF and secrets.",
            "hosts": "The secrets, from which the hosts get their variables.",
            **dict.fromkeys(
                ("large", "eks"),
                "NAT gateways, VPC endpoints, AWS WAF, the private endpoint to Atlas, the load balancer, keys and "
                "secrets.",
            ),
        },
    ),
)


def compare_with_guide(case: GuideCase, estimated: Estimate) -> Sequence[GuideRow]:
    """Return the parts of the guide's table and of an estimate. The last part has the components of no other part."""
    sums: dict[str, Decimal] = {}
    for line in estimated.lines:
        component = line.component.rpartition(":")[2]
        part = next((each for each in PARTS if component in each.components), PARTS[-1])
        sums[part.name] = sums.get(part.name, Decimal()) + line.usd
    rows: list[GuideRow] = []
    for part in PARTS:
        item, guide_usd = part.guide.get(case.tier, ("–", 0))
        usd = sums.get(part.name, Decimal())
        if usd or guide_usd:
            rows.append(
                GuideRow(part=part.name, guide_item=item, guide_usd=guide_usd, usd=usd, why=part.why.get(case.name, ""))
            )
    return rows
