"""The sources of the New Relic tables."""

from __future__ import annotations

from ..behaviour import Source, assumed, documented

_READ = "2026-11-28"


def provider(file: str) -> Source:
    """Return a file of the Terraform provider (v3.94.0), which pulumi-newrelic bridges, as a source."""
    return documented(
        f"https://github.com/newrelic/terraform-provider-newrelic/blob/main/newrelic/{file}.go", read=_READ
    )


DAYS = assumed(
    "the rolling windows that New Relic offers; page to check:"
    " https://docs.newrelic.com/docs/service-level-management/create-slm/"
)
REFUSED = assumed("NerdGraph refuses the id of an object that does not exist; its documents list no code")
