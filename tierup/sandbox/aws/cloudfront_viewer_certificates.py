"""CloudFront: the viewer certificate of a distribution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import (
    UNKNOWN,
    Call,
    Rejection,
    Stage,
    located,
    rule,
)
from .acm import CERTIFICATE, covers, issued
from .arns import region_of
from .same_scope import known
from .sources import api

_CERTIFICATES = api("cloudfront", "ViewerCertificate")


@rule("viewer-certificate", Stage.PLAN, source=_CERTIFICATES)
def viewer_certificate(call: Call) -> Iterator[Rejection]:
    certificate = known(call, "viewerCertificate")
    if not isinstance(certificate, dict):
        return
    ways = [
        way
        for way in ("acmCertificateArn", "iamCertificateId", "cloudfrontDefaultCertificate")
        if certificate.get(way) not in (None, False)
    ]
    if len(ways) != 1:
        yield Rejection(
            "viewerCertificate",
            f"got {' and '.join(ways) or 'none'}. Set exactly one of acmCertificateArn, iamCertificateId and"
            " cloudfrontDefaultCertificate.",
            "InvalidViewerCertificate",
        )
    elif ways == ["cloudfrontDefaultCertificate"]:
        yield from _default_certificate(call, certificate)
    else:
        yield from _custom_certificate(certificate, ways[0])


def _default_certificate(call: Call, certificate: Mapping[str, Any]) -> Iterator[Rejection]:
    if call.get("aliases") not in (None, UNKNOWN, []):
        yield Rejection(
            "aliases",
            "to add an alternate domain name (CNAME) you must attach a certificate that covers it"
            " (viewerCertificate.acmCertificateArn). The default certificate covers only *.cloudfront.net.",
            "InvalidViewerCertificate",
        )
    if certificate.get("minimumProtocolVersion") not in (None, UNKNOWN, "TLSv1"):
        yield Rejection(
            "viewerCertificate.minimumProtocolVersion",
            f"got {certificate['minimumProtocolVersion']}. The default certificate has TLSv1, a later version requires"
            " your own certificate.",
            "InvalidMinimumProtocolVersion",
        )


def _custom_certificate(certificate: Mapping[str, Any], way: str) -> Iterator[Rejection]:
    if certificate.get("sslSupportMethod") is None:
        yield Rejection("viewerCertificate.sslSupportMethod", f"required with {way}", "InvalidViewerCertificate")
    if certificate.get("sslSupportMethod") == "sni-only" and certificate.get("minimumProtocolVersion") == "SSLv3":
        yield Rejection(
            "viewerCertificate.minimumProtocolVersion",
            "SSLv3 can't be used with sni-only",
            "InvalidMinimumProtocolVersion",
        )
    arn = certificate.get("acmCertificateArn")
    if isinstance(arn, str) and region_of(arn) != "us-east-1":
        yield Rejection(
            "viewerCertificate.acmCertificateArn",
            f"the certificate is in {region_of(arn) or 'no region'}. CloudFront requires a certificate in us-east-1.",
            "InvalidViewerCertificate",
        )


@rule("certificate-covers-aliases", Stage.CREATE, Stage.UPDATE, source=_CERTIFICATES)
def certificate_covers_aliases(call: Call) -> Iterator[Rejection]:
    arn = call.get("viewerCertificate.acmCertificateArn")
    certificate = next(call.cloud.find(CERTIFICATE, arn=arn), None) if arn else None
    if certificate is None:
        return  # the reference rejects it
    at = "viewerCertificate.acmCertificateArn"
    if not issued(call.cloud, certificate):
        yield Rejection(
            at,
            f"the certificate '{certificate.name}' is PENDING_VALIDATION. Use the ARN of an acm.CertificateValidation,"
            " which waits until it is ISSUED.",
            "InvalidViewerCertificate",
        )
    for at, alias in located(call.inputs, "aliases[*]"):
        if not covers(certificate, alias):
            yield Rejection(
                at,
                f"the certificate '{certificate.name}' does not cover '{alias}'. It covers"
                f" {', '.join(certificate.outputs.get('subjectAlternativeNames') or ())}.",
                "InvalidViewerCertificate",
            )
