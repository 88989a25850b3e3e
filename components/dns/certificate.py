"""One ACM certificate, validated by DNS: in a Route 53 zone, or wherever its `prove` writes records.

Makes: the certificate, one validation record a domain name, and the wait until ACM has seen them. Not here: the zone.
Checklist: HTTPS enforced. The only output is the ARN *after* validation: nothing can be given a certificate that is
still pending. ACM renews by the same records, so they stay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.dns.host_name import check_host_name
from components.dns.validation import DnsValidation, ValidationRecord

ValidationOption = aws.acm.outputs.CertificateDomainValidationOption


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificateArgs:
    """What one certificate needs."""

    domain_name: str
    """Full name, lower case, without a final dot; `*.` in front for all names one level below."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    zone_id: Input[str] | None = None
    """The Route 53 zone that holds every one of the names."""
    dns_validation: DnsValidation | None = None
    """In place of the zone: where else the records are written (cloudflare_dns.certificate_records)."""
    validated_by: Input[Sequence[str]] | None = None
    """In place of both: `proofs` of a certificate of the very same names, of this account and another region. ACM's
    records follow from account and name; two owners of one record would delete it under each other."""
    alternative_names: Sequence[str] = ()
    """Further names in it. A change makes another certificate, and then deletes this one."""
    region: str | None = None
    """Where it is used: us-east-1 for CloudFront, else the load balancer's region. None is the provider's region."""

    def __post_init__(self) -> None:
        given = [each for each in (self.zone_id, self.dns_validation, self.validated_by) if each is not None]
        if len(given) != 1:
            raise ValueError(
                f"zone_id, prove, validated_by: got {len(given)} of them, allowed one: "
                "ACM issues nothing until it sees a record for each name"
            )
        names = [self.domain_name, *self.alternative_names]
        for domain in names:
            check_host_name("domain_name", domain.removeprefix("*."), "ACM proves ownership of exactly that name")
        twice = {domain for domain in names if names.count(domain) > 1}
        if twice:
            raise ValueError(f"domain names {sorted(twice)} are given twice; each name once, ACM lists a name once")


class Certificate(ComponentResource):
    """A certificate that is issued before anyone can use it."""

    arn: Output[str]
    """Known once ACM has issued the certificate."""
    validation_records: Output[Sequence[str]]
    """Full names of the validation records, for a second certificate of the same names in another region."""

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
        self.validation_records = (
            Output.from_input(args.validated_by)
            if args.validated_by is not None
            else _create_validation_records(name, certificate, args, child)
        )
        issued = aws.acm.CertificateValidation(
            f"{name}-issued",
            certificate_arn=certificate.arn,
            validation_record_fqdns=self.validation_records,
            region=args.region,
            opts=child,
        )

        self.arn = issued.certificate_arn
        self.register_outputs({"arn": self.arn, "proofs": self.validation_records})


def _create_validation_records(
    name: str, certificate: aws.acm.Certificate, args: CertificateArgs, child: ResourceOptions
) -> Output[list[str]]:
    # ACM says what the records are only once the certificate exists. One record a *given* name, looked up inside
    # apply, keeps the set of records and their logical names the same in every preview.
    dns_validation = args.dns_validation or _in_route53(args.zone_id or "")
    validation_records = [
        dns_validation(f"{name}-validation-{domain}", _proof(domain, certificate), child)
        for domain in _validated_names(args)
    ]
    return Output.all(*validation_records)


def _validated_names(args: CertificateArgs) -> list[str]:
    """The names to prove, once each: a wildcard is proved by the record of the name below it."""
    return list(dict.fromkeys(domain.removeprefix("*.") for domain in (args.domain_name, *args.alternative_names)))


def _proof(domain: str, certificate: aws.acm.Certificate) -> ValidationRecord:
    def of(part: Callable[[ValidationOption], str | None]) -> Output[str]:
        return certificate.domain_validation_options.apply(lambda options: part(_option(options, domain)) or "")

    return ValidationRecord(
        name=of(lambda option: option.resource_record_name),
        type=of(lambda option: option.resource_record_type),
        value=of(lambda option: option.resource_record_value),
    )


def _in_route53(zone_id: Input[str]) -> DnsValidation:
    def dns_validation(name: str, proof: ValidationRecord, opts: ResourceOptions) -> Output[str]:
        return aws.route53.Record(
            name,
            zone_id=zone_id,
            name=proof.name,
            type=proof.type,
            records=[proof.value],
            ttl=300,
            # The record's content follows from account and domain: an older certificate's record is this very one.
            allow_overwrite=True,
            opts=opts,
        ).fqdn

    return dns_validation


def _option(options: Sequence[ValidationOption], domain: str) -> ValidationOption:
    for option in options:
        if (option.domain_name or "").removeprefix("*.") == domain:
            return option
    raise LookupError(
        f"ACM gave no validation record for {domain}, only for {[option.domain_name for option in options]}; "
        "run again: ACM fills them in a few seconds after it made the certificate"
    )
