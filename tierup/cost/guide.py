"""The cost tables of the production scaling guide (version 1.0, "Cost Estimates") beside the same parts of a stack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from .estimate import Estimate

COMPARED_PHASES: Final[Mapping[str, str]] = {"small": "mvp", "medium": "optimization", "large": "scale"}
"""The phase of each tier that has what the guide's table lists: Redis from medium on, orchestration in large."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GuidePart:
    """A part of the architecture in the guide's table and in a stack."""

    name: str
    components: tuple[str, ...]
    """The components of a stack that belong to it; the last part has all others."""
    guide: Mapping[str, tuple[str, int]]
    """What the guide lists for a tier, and its US dollars a month."""
    why: Mapping[str, str]
    """Why both differ, by tier."""


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
        why=dict.fromkeys(
            ("small", "medium", "large"), "CloudFront and S3 have no fixed cost; both are billed by usage."
        ),
    ),
    GuidePart(
        name="compute",
        components=(
            *("EcsService", "WorkerService", "ServiceAutoscaling", "EcsCluster"),
            *("RenderWebService", "RailwayService", "RailwayDeployment"),
        ),
        guide={
            "small": ("Railway Pro", 40),
            "medium": ("AWS ECS (4 instances)", 120),
            "large": ("AWS EKS (10 nodes)", 1_500),
        },
        why={
            "small": "One Fargate task of half a vCPU and its public address instead of a platform's plan.",
            "medium": "Four Fargate tasks of 1 vCPU and their public addresses.",
            "large": "Ten Fargate tasks of 2 vCPU and two workers, without the nodes and the control plane of EKS.",
        },
    ),
    GuidePart(
        name="database",
        components=("AtlasCluster", "AtlasProject"),
        guide={"small": ("Atlas M10", 57), "medium": ("Atlas M30", 326), "large": ("Atlas M60", 1_200)},
        why={
            "small": "The same instance size.",
            "medium": "The list price of an M30 with three nodes and its disk is $0.54 an hour.",
            "large": "The list price of an M60 with three nodes and its disk is $3.95 an hour; auditing adds a tenth.",
        },
    ),
    GuidePart(
        name="cache",
        components=("ReplicationGroup",),
        guide={"medium": ("Redis (ElastiCache)", 112), "large": ("Redis Cluster", 336)},
        why={
            "medium": "One cache.m7g.large with Valkey, which costs 20 percent less than Redis OSS.",
            "large": "Three cache.m7g.large with Valkey, which costs 20 percent less than Redis OSS.",
        },
    ),
    GuidePart(
        name="monitoring",
        components=("Alarms", "AlarmTopic", "BurnRateAlarms", "Dashboard", "UptimeCheck"),
        guide={"large": ("Monitoring", 500)},
        why={
            "small": "CloudWatch alarms, and the KMS key of their topic.",
            "medium": "CloudWatch alarms, a dashboard and an uptime check.",
            "large": "CloudWatch instead of Datadog or New Relic; logs and metrics are billed by usage.",
        },
    ),
    GuidePart(
        name="not in the guide",
        components=(),
        guide={},
        why={
            "small": "The load balancer, its public addresses, AWS WAF and secrets.",
            "medium": "The load balancer, its public addresses, AWS WAF and secrets.",
            "large": "NAT gateways, VPC endpoints, AWS WAF, the private endpoint to Atlas, the load balancer, keys and "
            "secrets.",
        },
    ),
)


def compare_with_guide(tier: str, estimated: Estimate) -> Sequence[GuideRow]:
    """Return the parts of the guide's table and of an estimate. The last part has the components of no other part."""
    sums: dict[str, Decimal] = {}
    for line in estimated.lines:
        component = line.component.rpartition(":")[2]
        part = next((each for each in PARTS if component in each.components), PARTS[-1])
        sums[part.name] = sums.get(part.name, Decimal()) + line.usd
    rows: list[GuideRow] = []
    for part in PARTS:
        item, guide_usd = part.guide.get(tier, ("–", 0))
        usd = sums.get(part.name, Decimal())
        if usd or guide_usd:
            rows.append(
                GuideRow(part=part.name, guide_item=item, guide_usd=guide_usd, usd=usd, why=part.why.get(tier, ""))
            )
    return rows
