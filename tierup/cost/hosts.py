"""Price rules for the managed hosts: Vercel, Netlify, Render and Railway.

Vercel, Netlify and Railway charge for a plan of the team, which an estimate contains once. Render charges for each
instance; its workspace plan Hobby is free.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from .rules import PricedResource, PriceRule, Quantity, each

_DYNAMIC: Final = "pulumi-python:dynamic"
_INCLUDED_USD: Final = 20.0
"""The usage that a seat of Railway Pro includes: https://docs.railway.com/pricing/plans (from memory)."""
_VCPU_USD: Final = 20.0
_GB_USD: Final = 10.0
"""Railway's usage a month: https://railway.com/pricing (from memory)."""

PROVIDERS: Final[Mapping[str, str]] = {
    "vercel-": "Vercel",
    "netlify-": "Netlify",
    "render-": "Render",
    "railway-": "Railway",
}
"""The prefix of the keys of a provider's prices → its name."""


def _instances(resource: PricedResource, _program: Sequence[PricedResource]) -> Iterator[Quantity]:
    details = resource.inputs.get("serviceDetails") or {}
    yield f"render-{details.get('plan') or 'starter'}", float(details.get("numInstances") or 1)


def _usage(resource: PricedResource, _program: Sequence[PricedResource]) -> Iterator[Quantity]:
    """Yield what replicas that use their limits all month cost beyond the usage that the plan includes."""
    inputs = resource.inputs
    replica = float(inputs.get("vcpus") or 0) * _VCPU_USD + float(inputs.get("memory_gb") or 0) * _GB_USD
    yield "railway-usage", max(0.0, replica * float(inputs.get("replicas") or 1) - _INCLUDED_USD)


RULES: Final[Mapping[str, PriceRule]] = {
    "vercel:index/project:Project": PriceRule(fixed="one developer seat of plan Pro", count=each("vercel-seat")),
    f"{_DYNAMIC}/netlify:Site": PriceRule(fixed="plan Pro of the team", count=each("netlify-pro")),
    "render:services:WebService": PriceRule(fixed="its instances, by instance type", count=_instances),
    f"{_DYNAMIC}/railway:Project": PriceRule(fixed="one seat of plan Pro", count=each("railway-seat")),
    f"{_DYNAMIC}/railway:Deployment": PriceRule(
        fixed="replicas that use their limits all month, beyond the usage that the plan includes", count=_usage
    ),
}

FREE: Final = frozenset(
    {
        "vercel:index/projectDomain:ProjectDomain",
        "vercel:index/projectEnvironmentVariable:ProjectEnvironmentVariable",
        "render:services:CustomDomain",
        "render:services:EnvVarsForService",
        f"{_DYNAMIC}/railway:Service",
        f"{_DYNAMIC}/railway:EgressGateway",
        f"{_DYNAMIC}/railway:CustomDomain",
    }
)
"""Types that a plan or an instance includes."""
