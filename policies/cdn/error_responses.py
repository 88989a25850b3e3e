"""CDN-017: a distribution caches errors for minutes at most, and reports server errors as such."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Resource, ResourceRule, Severity, items, shown
from .behaviors import DISTRIBUTION

_MAX_SECONDS = 300
_SERVER_ERRORS = 500


def check(distribution: Resource, _parameters: Parameters) -> Iterator[Finding]:
    responses = list(items(distribution.properties, "customErrorResponses"))
    if not responses:
        raise NotApplicable("CloudFront's default applies: 10 seconds, and the error of the origin")
    for path, response in responses:
        seconds = response.get("errorCachingMinTtl")
        if seconds is not None and seconds > _MAX_SECONDS:
            yield Finding(f"{path}.errorCachingMinTtl", f"{shown(seconds)} seconds", f"{_MAX_SECONDS} seconds or less")
        code, answered = response.get("errorCode"), response.get("responseCode")
        if code is not None and code >= _SERVER_ERRORS and answered is not None and answered < _SERVER_ERRORS:
            yield Finding(f"{path}.responseCode", f"{shown(answered)} for {shown(code)}", "a status of 500 or more")


RULE = ResourceRule(
    id="CDN-017",
    name="cdn-error-responses",
    title="CloudFront caches errors for five minutes at most, and keeps the status of server errors.",
    item=ChecklistItem.CDN,
    severity=Severity.MEDIUM,
    applies_to=(DISTRIBUTION,),
    check=check,
    remediation="Set error_caching_min_ttl to 300 or less, and response_code to the error's own. A page for 404 may "
    "have status 200 in a single-page application; an outage must not look like a success to monitors and crawlers.",
    example="""aws.cloudfront.Distribution(
    "site",
    custom_error_responses=[
        {
            "error_code": 503,
            "response_code": 503,
            "response_page_path": "/error-pages/server-error.html",
            "error_caching_min_ttl": 10,
        }
    ],
    # ...
)""",
    source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html",
    read=None,
)
