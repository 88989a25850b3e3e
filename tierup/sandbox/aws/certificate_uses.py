"""Certificates of domain names: they must exist in the right region and be issued."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import Behaviour, BehaviourRule, Call, Rejection, assumed, located, rule
from .acm import CERTIFICATE, issued
from .arns import account_of, region_of, service_of
from .network import APPLY
from .service_references import token

_SOURCE = assumed(
    "from memory; to check: "
    "AWS API models (botocore 1.43): CreateDomainName of apigateway and apigatewayv2, CreateUserPoolDomain of"
    " cognito-idp, CreateDomainName of appsync"
)


def _usable(path: str, region: str | None, code: str) -> BehaviourRule:
    @rule("certificate-is-usable", *APPLY, source=_SOURCE)
    def check(call: Call) -> Iterator[Rejection]:
        wanted = region or call.region
        for at, arn in located(call.inputs, path):
            if service_of(str(arn)) != "acm":
                continue
            if region_of(str(arn)) != wanted:
                yield Rejection(at, f"The certificate must be in {wanted} (got '{arn}').", code)
                continue
            certificate = next(call.cloud.find(CERTIFICATE, arn=arn), None)
            if certificate is None and account_of(str(arn)) == call.account:
                yield Rejection(at, f"the Certificate '{arn}' does not exist", code)
            elif certificate is not None and not issued(call.cloud, certificate):
                yield Rejection(
                    at,
                    f"The certificate '{certificate.name}' is PENDING_VALIDATION. Use the ARN of an"
                    " acm.CertificateValidation, which waits until it is ISSUED.",
                    code,
                )

    return check


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = tuple(
    Behaviour(type=token(kind), source=_SOURCE, rules=(_usable(path, region, code),))
    for kind, path, region, code in (
        ("apigateway.DomainName", "certificateArn", "us-east-1", "BadRequestException"),
        ("apigateway.DomainName", "regionalCertificateArn", None, "BadRequestException"),
        ("apigatewayv2.DomainName", "domainNameConfiguration.certificateArn", None, "BadRequestException"),
        ("appsync.DomainName", "certificateArn", "us-east-1", "BadRequestException"),
        ("cognito.UserPoolDomain", "certificateArn", "us-east-1", "InvalidParameterException"),
    )
)
