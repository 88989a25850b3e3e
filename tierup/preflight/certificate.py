"""Existing certificates that the settings name: issued, valid for the host names, and not about to expire."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tierup.preflight.check import PreflightCheck, PreflightFinding, failed, passed, warned
from tierup.preflight.context import PreflightContext, call_or_none

_EXPIRES_SOON: Final = timedelta(days=30)


def _certificates(context: PreflightContext) -> Iterator[PreflightFinding]:
    settings = context.settings
    given = {
        "certificateArn": (settings.certificate_arn, [settings.api_host]),
        "edgeCertificateArn": (settings.edge_certificate_arn, [settings.domain, settings.api_host]),
    }
    for key, (arn, hosts) in given.items():
        if arn is not None:
            yield _certificate(context, f"tierup:{key}", arn, hosts)


def _certificate(context: PreflightContext, key: str, arn: str, hosts: Sequence[str]) -> PreflightFinding:
    region = arn.split(":")[3]
    renew = f"aws acm request-certificate --domain-name {hosts[0]} --validation-method DNS --region {region}"
    if key == "tierup:certificateArn" and region != context.region:
        return failed(f"{key}: the certificate is in {region}, and the load balancer in {context.region}.", renew)
    client = context.aws.client("acm", region)
    answer = call_or_none(lambda: client.describe_certificate(CertificateArn=arn), "ResourceNotFound")
    if answer is None:
        return failed(f"{key}: the account has no certificate {arn}.", renew)
    certificate = answer["Certificate"]
    if certificate["Status"] != "ISSUED":
        return failed(
            f"{key}: the certificate is not issued (its status is {certificate['Status']}).",
            f"aws acm describe-certificate --certificate-arn {arn} --region {region}",
        )
    names = {certificate["DomainName"], *certificate.get("SubjectAlternativeNames", ())}
    missing = [host for host in hosts if not names & {host, f"*.{host.partition('.')[2]}"}]
    if missing:
        return failed(f"{key}: the certificate is not valid for {' and '.join(missing)}.", renew)
    if _expires_soon(certificate):
        return warned(f"{key}: the certificate expires on {certificate['NotAfter']:%Y-%m-%d}.", renew)
    return passed(f"{key}: the certificate is issued and valid for {' and '.join(hosts)}.")


def _expires_soon(certificate: Any) -> bool:
    """Return whether the certificate expires soon, and ACM does not renew it."""
    expires = certificate.get("NotAfter")
    renewed = certificate.get("Type") == "AMAZON_ISSUED" and certificate.get("RenewalEligibility") == "ELIGIBLE"
    return isinstance(expires, datetime) and not renewed and expires - datetime.now(UTC) < _EXPIRES_SOON


CHECKS: Final = (
    PreflightCheck(
        name="certificates",
        area="AWS",
        description="Certificates in `tierup:certificateArn` and `tierup:edgeCertificateArn` are issued, in the right "
        "region, and valid for the host names.",
        run=_certificates,
        needs_aws=True,
    ),
)
