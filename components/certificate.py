"""One ACM certificate, validated by DNS in a Route 53 zone.

Makes: the certificate, one validation record a domain name, and the wait until ACM has seen them. Not here: the zone.
Checklist: HTTPS enforced. The only output is the ARN *after* validation: nothing can be given a certificate that is
still pending. ACM renews by the same records, so they stay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

ValidationOption = aws.acm.outputs.CertificateDomainValidationOption


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificateArgs:
    """What one certificate needs."""

    domain_name: str
    """Full name, lower case, without a final dot; `*.` in front for all names one level below."""
    zone_id: Input[str]
    """The Route 53 zone that holds every one of the names."""
    tags: Mapping[str, str]
    alternative_names: Sequence[str] = ()
    region: str | None = None
    """Where it is used: us-east-1 for CloudFront, else the load balancer's region. None is the provider's region."""

    def __post_init__(self) -> None:
        names = [self.domain_name, *self.alternative_names]
        for domain in names:
            labels = domain.removeprefix("*.").split(".")
            if len(labels) < 2 or not all(labels) or domain != domain.lower() or len(domain) > 253:
                raise ValueError(
                    f"domain name {domain!r} is not allowed; give a full lower-case name of at most 253 characters "
                    "such as app.example.com: ACM proves ownership of exactly that name"
                )
        twice = {domain for domain in names if names.count(domain) > 1}
        if twice:
            raise ValueError(f"domain names {sorted(twice)} are given twice; each name once, ACM lists a name once")


class Certificate(ComponentResource):
    """A certificate that is issued before anyone can use it."""

    arn: Output[str]
    """Known once ACM has issued the certificate."""

    def __init__(self, name: str, args: CertificateArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:Certificate", name, None, opts)
        child = ResourceOptions(parent=self)
        certificate = aws.acm.Certificate(
            f"{name}-certificate",
            domain_name=args.domain_name,
            subject_alternative_names=list(args.alternative_names) or None,
            validation_method="DNS",
            region=args.region,
            tags={**args.tags, "Name": name},
            opts=child,
        )
        # ACM says what the records are only once the certificate exists. One record a *given* name, looked up inside
        # apply, keeps the set of records and their logical names the same in every preview.
        records = [
            _record(f"{name}-validation-{domain}", domain, certificate, args.zone_id, child)
            for domain in _validated_names(args)
        ]
        issued = aws.acm.CertificateValidation(
            f"{name}-issued",
            certificate_arn=certificate.arn,
            validation_record_fqdns=[record.fqdn for record in records],
            region=args.region,
            opts=child,
        )

        self.arn = issued.certificate_arn
        self.register_outputs({"arn": self.arn})


def _validated_names(args: CertificateArgs) -> list[str]:
    """The names to prove, once each: a wildcard is proved by the record of the name below it."""
    return list(dict.fromkeys(domain.removeprefix("*.") for domain in (args.domain_name, *args.alternative_names)))


def _record(
    name: str, domain: str, certificate: aws.acm.Certificate, zone_id: Input[str], opts: ResourceOptions
) -> aws.route53.Record:
    def of(part: Callable[[ValidationOption], str | None]) -> Output[str]:
        return certificate.domain_validation_options.apply(lambda options: part(_option(options, domain)) or "")

    return aws.route53.Record(
        name,
        zone_id=zone_id,
        name=of(lambda option: option.resource_record_name),
        type=of(lambda option: option.resource_record_type),
        records=[of(lambda option: option.resource_record_value)],
        ttl=300,
        # The record's content follows from account and domain: an older certificate's record is this very one.
        allow_overwrite=True,
        opts=opts,
    )


def _option(options: Sequence[ValidationOption], domain: str) -> ValidationOption:
    for option in options:
        if (option.domain_name or "").removeprefix("*.") == domain:
            return option
    raise LookupError(
        f"ACM gave no validation record for {domain}, only for {[option.domain_name for option in options]}; "
        "run again: ACM fills them in a few seconds after it made the certificate"
    )
