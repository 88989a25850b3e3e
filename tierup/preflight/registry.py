"""All checks, in the order of the report."""

from __future__ import annotations

from typing import Final

from tierup.preflight import (
    atlas,
    aws_account,
    backend,
    budget,
    certificate,
    cloudflare_zone,
    domain,
    linked_roles,
    names,
    quotas,
    secrets_provider,
    zones,
)

CHECKS: Final = (
    *aws_account.CHECKS,
    *quotas.CHECKS,
    *zones.CHECKS,
    *linked_roles.CHECKS,
    *domain.CHECKS,
    *certificate.CHECKS,
    *names.CHECKS,
    *budget.CHECKS,
    *cloudflare_zone.CHECKS,
    *atlas.CHECKS,
    *backend.CHECKS,
    *secrets_provider.CHECKS,
)
"""All checks."""
