"""Whether a role's trust policy names a service."""

from __future__ import annotations

from tierup.sandbox.cloud import CloudResource


def may_trust(role: CloudResource, service: str) -> bool:
    """Return whether a role may trust a service principal: the trust policy of a seeded role is not known."""
    policy = role.outputs.get("assumeRolePolicy")
    return policy is None or not role.urn or service in str(policy)
