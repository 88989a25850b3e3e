"""The sources of the Datadog tables."""

from __future__ import annotations

from ..behaviour import Source, documented

_READ = "2026-11-28"


def provider(file: str) -> Source:
    """Return a file of the Terraform provider (commit 701d55bc4), which pulumi-datadog bridges, as a source."""
    return documented(f"https://github.com/DataDog/terraform-provider-datadog/blob/master/datadog/{file}", read=_READ)


def api(page: str) -> Source:
    """Return a page of the API's reference as a source, as the docstrings of datadog-api-client 2.62.0 have it."""
    return documented(f"https://docs.datadoghq.com/api/latest/{page}/", read=_READ)


THRESHOLDS = documented(
    "https://github.com/DataDog/datadog-operator/issues/2106, which quotes the API's answers: 400 Alert threshold (X)"
    " does not match that used in the query (Y), and 400 Alert status is required",
    read=_READ,
)
LOCATIONS = documented(
    "the API's answer in datadog/tests/cassettes/TestAccDatadogSyntheticsLocation_existing.yaml of"
    " https://github.com/DataDog/terraform-provider-datadog",
    read=_READ,
)
