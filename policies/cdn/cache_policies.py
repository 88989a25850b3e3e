"""What a cache behavior caches and compresses: by a cache policy of the stack or of AWS, or by its own TTLs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..rule import Resource, Stack, block, declared, known
from .behaviors import policy_of

CACHE_POLICY = "aws:cloudfront/cachePolicy:CachePolicy"
PARAMETERS = "parametersInCacheKeyAndForwardedToOrigin"


@dataclass(frozen=True, slots=True)
class Caching:
    """`name` is for findings. `caches`: the TTL is above 0. `gzip`, `brotli`: CloudFront may compress with it."""

    name: str
    caches: bool
    gzip: bool
    brotli: bool


# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html (read 2026-11-28,
# but for the ids of the two policies UseOriginCacheControlHeaders: from memory)
CACHING_DISABLED = Caching("Managed-CachingDisabled", caches=False, gzip=False, brotli=False)
UNCOMPRESSED = Caching("Managed-CachingOptimizedForUncompressedObjects", caches=True, gzip=False, brotli=False)
MANAGED: Mapping[str, Caching] = {
    "4135ea2d-6df8-44a3-9df3-4b5a84be39ad": CACHING_DISABLED,
    "658327ea-f89d-4fab-a63d-7e88639e58f6": Caching("Managed-CachingOptimized", True, True, True),
    "b2884449-e4de-46a7-ac36-70bc7f1ddd6d": UNCOMPRESSED,
    "2e54312d-136d-493c-8eb9-b001f22f67d2": Caching("Managed-Amplify", True, True, True),
    "08627262-05a9-4f76-9ded-b50ca2e3a84f": Caching("Managed-Elemental-MediaPackage", True, True, False),
    "83da9c7e-98b4-4e11-a168-04f0df8e2c65": Caching("UseOriginCacheControlHeaders", True, True, True),
    "4cc15a8a-d715-48a4-82b8-cc0b614638fe": Caching("UseOriginCacheControlHeaders-QueryStrings", True, True, True),
}


def caching(distribution: Resource, path: str, behavior: Mapping[str, Any], stack: Stack) -> Caching | None:
    """Return how the behavior at `path` caches, None for a cache policy that is neither in the stack nor AWS's."""
    if not declared(behavior, "cachePolicyId"):
        return Caching("the behavior's own TTLs", caches=behavior.get("maxTtl") != 0, gzip=True, brotli=True)
    policy_id = known(behavior, "cachePolicyId")
    if policy_id is not None and policy_id in MANAGED:
        return MANAGED[policy_id]
    policy = policy_of(distribution, path, behavior, "cachePolicyId", CACHE_POLICY, stack)
    return None if policy is None else _own(policy)


def _own(policy: Resource) -> Caching:
    parameters = block(policy.properties, PARAMETERS)
    return Caching(
        f"cache policy {policy.name}",
        # No response is cached for longer than maxTtl, whatever the other two TTLs are.
        caches=policy.properties.get("maxTtl") != 0,
        gzip=bool(parameters.get("enableAcceptEncodingGzip")),
        brotli=bool(parameters.get("enableAcceptEncodingBrotli")),
    )
