"""The managed hosts of phase mvp: their regions near an AWS region, instance sizes by tier, and DNS targets."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from stacks.catalog.tiers import Tier


class FrontendHost(enum.StrEnum):
    """What serves the frontend."""

    AWS = "aws"  # S3 behind the CDN
    VERCEL = "vercel"
    NETLIFY = "netlify"


class BackendHost(enum.StrEnum):
    """What runs the API."""

    AWS = "aws"  # ECS on Fargate behind a load balancer
    RENDER = "render"
    RAILWAY = "railway"


@dataclass(frozen=True, kw_only=True, slots=True)
class HostRegions:
    """The regions of the hosts that are nearest to an AWS region."""

    vercel: str
    render: str
    railway: str


# Vercel's regions are AWS regions (https://vercel.com/docs/regions); Render has five; Railway has four. Names of
# Render: WebServiceDetailsCreateRegion of pulumi-render 0.6.0 (read 2026-11-28). Names of Railway:
# https://docs.railway.com/reference/regions, and those of Vercel: from memory. "Near" is by geography.
_US_EAST: Final = "us-east4-eqdc4a"
_US_WEST: Final = "us-west2"
_EUROPE: Final = "europe-west4-drams3a"
_ASIA: Final = "asia-southeast1-eqsg3a"

REGIONS: Mapping[str, HostRegions] = MappingProxyType(
    {
        "us-east-1": HostRegions(vercel="iad1", render="virginia", railway=_US_EAST),
        "us-east-2": HostRegions(vercel="cle1", render="ohio", railway=_US_EAST),
        "us-west-1": HostRegions(vercel="sfo1", render="oregon", railway=_US_WEST),
        "us-west-2": HostRegions(vercel="pdx1", render="oregon", railway=_US_WEST),
        "eu-west-1": HostRegions(vercel="dub1", render="frankfurt", railway=_EUROPE),
        "eu-west-2": HostRegions(vercel="lhr1", render="frankfurt", railway=_EUROPE),
        "eu-west-3": HostRegions(vercel="cdg1", render="frankfurt", railway=_EUROPE),
        "eu-central-1": HostRegions(vercel="fra1", render="frankfurt", railway=_EUROPE),
        "eu-north-1": HostRegions(vercel="arn1", render="frankfurt", railway=_EUROPE),
        "ap-south-1": HostRegions(vercel="bom1", render="singapore", railway=_ASIA),
        "ap-southeast-1": HostRegions(vercel="sin1", render="singapore", railway=_ASIA),
        "ap-southeast-2": HostRegions(vercel="syd1", render="singapore", railway=_ASIA),
        "ap-northeast-1": HostRegions(vercel="hnd1", render="singapore", railway=_ASIA),
        "ap-northeast-2": HostRegions(vercel="icn1", render="singapore", railway=_ASIA),
    }
)
"""AWS region → regions of the hosts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RailwayLimits:
    """The limits of a replica on Railway, which bills what the replica uses."""

    vcpus: float
    memory_gb: float


RENDER_PLANS: Mapping[Tier, str] = MappingProxyType(
    # Half a vCPU and 512 MB, like the task of tier small; 1 vCPU and 2 GB; 2 vCPU and 4 GB:
    # https://render.com/docs/workflows-limits has the same types (read 2026-11-28).
    {Tier.SMALL: "starter", Tier.MEDIUM: "standard", Tier.LARGE: "pro"}
)

RAILWAY_LIMITS: Mapping[Tier, RailwayLimits] = MappingProxyType(
    # The sizes of a task of the tier on Fargate.
    {
        Tier.SMALL: RailwayLimits(vcpus=0.5, memory_gb=1),
        Tier.MEDIUM: RailwayLimits(vcpus=1, memory_gb=2),
        Tier.LARGE: RailwayLimits(vcpus=2, memory_gb=4),
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class FrontendTarget:
    """Where the DNS record of a site on a host points."""

    address: str
    """The address for an A record, which the apex of a zone needs."""
    name: str | None
    """The name for a CNAME record; None if each site has its own."""


FRONTEND_TARGETS: Mapping[FrontendHost, FrontendTarget] = MappingProxyType(
    {
        # https://vercel.com/docs/domains/set-up-custom-domain (of 2026-02-24; read 2026-11-28)
        FrontendHost.VERCEL: FrontendTarget(address="76.76.21.21", name="cname.vercel-dns-0.com"),
        # https://docs.netlify.com/manage/domains/configure-domains/configure-external-dns/ (from memory; a public note
        # quotes the address)
        FrontendHost.NETLIFY: FrontendTarget(address="75.2.60.5", name=None),
    }
)
