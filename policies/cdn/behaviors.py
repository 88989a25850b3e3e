"""The cache behaviors of a CloudFront distribution: one default, and ordered ones with precedence over it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..rule import Resource, Stack, block, items, known

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"


def behaviors(distribution: Resource) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every cache behavior with its path."""
    yield "defaultCacheBehavior", block(distribution.properties, "defaultCacheBehavior")
    yield from items(distribution.properties, "orderedCacheBehaviors")


def policy_of(
    distribution: Resource, path: str, behavior: Mapping[str, Any], key: str, policy_type: str, stack: Stack
) -> Resource | None:
    """Return the policy that `key` of the behavior at `path` names, None for one that is not in the stack.

    The policy is identified by its id, or by the data flow, which covers all ordered behaviors together: it identifies
    a policy only if it names a single one. Raises UnknownValue for an unknown id without such a data flow.
    """
    policy_id = known(behavior, key)
    flows = distribution.references.get(path.partition("[")[0], frozenset())
    possible = [policy for policy in stack.of((policy_type,)) if _may_be(policy, policy_id, flows)]
    if len(possible) == 1:
        return possible[0]
    behavior.get(key)  # raises UnknownValue
    return None


def _may_be(policy: Resource, policy_id: str | None, flows: frozenset[str]) -> bool:
    own = known(policy.outputs, "id")
    if own is not None and policy_id is not None:
        return own == policy_id
    return policy.urn in flows
