"""The sources of the Sentry tables."""

from __future__ import annotations

from ..behaviour import Source, assumed, documented

_READ = "2026-11-28"


def sdk(page: str) -> Source:
    """Return the docstrings of a resource in the installed SDK as a source; `page` is its registry page."""
    return documented(
        f"https://www.pulumi.com/registry/packages/sentry/api-docs/{page}/ as docstrings of pulumiverse-sentry 0.0.9",
        read=_READ,
    )


def provider(file: str) -> Source:
    """Return a file of the Terraform provider (commit ed580326, newer than the bridged version) as a source."""
    return documented(f"https://github.com/jianyuan/terraform-provider-sentry/blob/main/{file}", read=_READ)


SLUGS = documented(
    "MIXED_SLUG_PATTERN in https://github.com/getsentry/sentry, src/sentry/slug/patterns.py, and its message",
    read=_READ,
)
ALERT_RULES = documented(
    "https://github.com/getsentry/sentry, src/sentry/incidents/serializers (_validate_critical_warning_triggers)",
    read=_READ,
)
REPLACED = assumed(
    "an object cannot move to another organization or project; file to check:"
    " https://github.com/jianyuan/terraform-provider-sentry, sentry/resource_sentry_<resource>.go of version 0.11"
)
WINDOWS = assumed(
    "the time windows that Sentry's form offers; page to check: https://docs.sentry.io/api/alerts/"
    "create-a-metric-alert-rule-for-an-organization/"
)
UNIQUE_SLUGS = assumed(
    "the API refuses a second object with the slug; page to check: https://docs.sentry.io/api/projects/"
)
