"""CDN-016: the certificate of a distribution has every name under which it serves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..rule import (
    ChecklistItem,
    Finding,
    NotApplicable,
    Parameters,
    Resource,
    Severity,
    Stack,
    StackRule,
    items,
    refers,
)
from .behaviors import DISTRIBUTION

CERTIFICATE = "aws:acm/certificate:Certificate"
VALIDATION = "aws:acm/certificateValidation:CertificateValidation"


def check(distribution: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    aliases = [(path, str(alias)) for path, alias in items(distribution.properties, "aliases")]
    if not aliases:
        raise NotApplicable("the distribution has no name but CloudFront's")
    certificates = [each for each in stack.of((CERTIFICATE,)) if _is_of(distribution, each, stack)]
    if len(certificates) != 1:
        raise NotApplicable("its certificate is not in this stack")
    names = _names(certificates[0])
    for path, alias in aliases:
        if not any(_covers(name, alias.lower()) for name in names):
            yield Finding(path, f'"{alias}", which the certificate {certificates[0].name} lacks', "a name of it")


def _is_of(distribution: Resource, certificate: Resource, stack: Stack) -> bool:
    if refers(distribution, "viewerCertificate", certificate, "arn"):
        return True
    validations = stack.referring((VALIDATION,), "certificateArn", certificate, "arn")
    return any(refers(distribution, "viewerCertificate", each, "certificateArn") for each in validations)


def _names(certificate: Resource) -> Sequence[str]:
    further = [str(name) for _, name in items(certificate.properties, "subjectAlternativeNames")]
    return [name.lower() for name in (str(certificate.properties.get("domainName")), *further)]


def _covers(name: str, host: str) -> bool:
    """Return whether a name of a certificate covers a host name; a wildcard replaces one label."""
    return name == host or (name.startswith("*.") and host.partition(".")[2] == name[2:])


RULE = StackRule(
    id="CDN-016",
    name="cdn-certificate-names",
    title="The certificate of a distribution has all of its names.",
    item=ChecklistItem.BASELINE,
    severity=Severity.HIGH,
    applies_to=(DISTRIBUTION,),
    check=check,
    remediation="Add the alias to subject_alternative_names of the certificate, which replaces it. CloudFront rejects "
    "an alias that the certificate does not cover.",
    example="""aws.acm.Certificate(
    "site",
    domain_name="app.example.com",
    subject_alternative_names=["www.example.com"],
    validation_method="DNS",
)
aws.cloudfront.Distribution(
    "site",
    aliases=["app.example.com", "www.example.com"],
    # ...
)""",
    source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html",
    read=None,
)
