"""CDN-002: CloudFront refuses TLS versions below 1.2, and the weak ciphers of older security policies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, block, shown
from ..tls import MINIMUM_TLS
from .behaviors import DISTRIBUTION

POLICY = re.compile(r"^TLSv(1\.[23])_(\d{4})$")
NEWEST = {"1.2": "TLSv1.2_2021", "1.3": "TLSv1.3_2025"}
FIRST_WITHOUT_CBC = 2021  # TLSv1.2_2018 and _2019 still offer CBC ciphers


def check(distribution: Resource, parameters: Parameters) -> Iterator[Finding]:
    certificate = block(distribution.properties, "viewerCertificate")
    minimum = parameters[MINIMUM_TLS.name]
    wanted = '"TLSv1.2_2021" or newer' if minimum == "1.2" else f'"TLSv{minimum}_2025" or newer'
    if certificate.get("cloudfrontDefaultCertificate") is True:
        # CloudFront then ignores minimumProtocolVersion and serves TLS 1.0.
        yield Finding(
            "viewerCertificate.cloudfrontDefaultCertificate",
            "true (TLS 1.0 and up)",
            f"a custom certificate with {wanted}",
        )
        return
    version = certificate.get("minimumProtocolVersion")
    match = POLICY.match(str(version))
    if not match or match[1] < minimum or int(match[2]) < FIRST_WITHOUT_CBC:
        yield Finding("viewerCertificate.minimumProtocolVersion", shown(version), wanted)


def remedy(distribution: Resource, parameters: Parameters) -> Mapping[str, Any]:
    """Return the newest security policy; nothing for CloudFront's default certificate, which has none."""
    certificate = dict(block(distribution.properties, "viewerCertificate"))
    if certificate.get("cloudfrontDefaultCertificate") is True or not certificate:
        return {}
    return {"viewerCertificate": {**certificate, "minimumProtocolVersion": NEWEST[parameters[MINIMUM_TLS.name]]}}


RULE = ResourceRule(
    id="CDN-002",
    name="cdn-viewer-tls-version",
    title="CloudFront refuses viewers that use TLS 1.1 or older.",
    item=ChecklistItem.HTTPS_ENFORCED,
    severity=Severity.HIGH,
    applies_to=(DISTRIBUTION,),
    check=check,
    remedy=remedy,
    remediation="Set a custom certificate and minimum_protocol_version TLSv1.2_2021 or newer.",
    example="""aws.cloudfront.Distribution(
    "site",
    viewer_certificate={
        "acm_certificate_arn": validation.certificate_arn,
        "minimum_protocol_version": "TLSv1.2_2021",
        "ssl_support_method": "sni-only",
    },
    # ...
)""",
    source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html",
    read=date(2026, 11, 24),
    parameters=(MINIMUM_TLS,),
)
