"""One ACM certificate, validated by DNS in a Route 53 zone or by records that `dns_validation` creates.

Creates the certificate, one validation record per domain name, and waits until ACM has validated them. The zone exists
beforehand. Checklist: HTTPS enforced. `arn` is the ARN *after* validation, so no resource receives a pending
certificate. The records remain, because ACM uses them to renew the certificate.
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
    """Arguments of Certificate: `zone_id`, `dns_validation` or both, or else `validation_records`."""

    domain_name: str
    """Full name in lower case, without a final dot; a leading `*.` covers all names one level below."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""
    zone_id: Input[str] | None = None
    """Id of the Route 53 hosted zone of all names."""
    dns_validation: DnsValidation | None = None
    """Creator of the validation records in another DNS provider (cloudflare/dns_record.certificate_records). With
    `zone_id` both providers have the records, so that ACM finds them while the delegation of the domain changes."""
    validation_records: Input[Sequence[str]] | None = None
    """`Certificate.validation_records` of a certificate with the same names in this account and another region. ACM
    derives a record from account and name, so both certificates share the records."""
    alternative_names: Sequence[str] = ()
    """Subject alternative names. A change replaces the certificate."""
    region: str | None = None
    """Region of the certificate: us-east-1 for CloudFront, otherwise the load balancer's. None is the provider's."""

    def __post_init__(self) -> None:
        ways = {
            "zone_id": self.zone_id,
            "dns_validation": self.dns_validation,
            "validation_records": self.validation_records,
        }
        given = [argument for argument, value in ways.items() if value is not None]
        if not given or (self.validation_records is not None and len(given) > 1):
            raise ValueError(
                f"{', '.join(ways)}: a certificate creates its validation records or shares those of another (got "
                f"{', '.join(given) or 'none'}). Give zone_id, dns_validation or both, or else validation_records."
            )
        names = [self.domain_name, *self.alternative_names]
        for domain in names:
            check_host_name("domain_name", domain.removeprefix("*."))
        duplicates = sorted({domain for domain in names if names.count(domain) > 1})
        if duplicates:
            raise ValueError(
                f"alternative_names: a name occurs more than once (got {', '.join(duplicates)}). Give each name once."
            )


class Certificate(ComponentResource):
    """An ACM certificate, available once ACM has issued it."""

    arn: Output[str]
    """ARN of the certificate, available once ACM has issued it."""
    validation_records: Output[Sequence[str]]
    """Full names of the validation records, for a certificate of the same names in another region."""

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
            Output.from_input(args.validation_records)
            if args.validation_records is not None
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
        self.register_outputs({"arn": self.arn, "validation_records": self.validation_records})


def _create_validation_records(
    name: str, certificate: aws.acm.Certificate, args: CertificateArgs, child: ResourceOptions
) -> Output[list[str]]:
    # ACM returns the records only once the certificate exists. One record per *given* name, looked up inside apply,
    # keeps the set of records and their logical names the same in every preview.
    providers = [
        *([_in_route53(args.zone_id)] if args.zone_id is not None else []),
        *([args.dns_validation] if args.dns_validation is not None else []),
    ]
    names = _validated_names(args)
    validation_records = [
        create(f"{name}-validation-{domain}", _validation_record(domain, certificate), child)
        for create in providers
        for domain in names
    ]
    # Each provider has the same names.
    return Output.all(*validation_records).apply(lambda created: created[: len(names)])


def _validated_names(args: CertificateArgs) -> list[str]:
    """Return the names to validate, once each. A wildcard shares the record of the name without `*.`."""
    return list(dict.fromkeys(domain.removeprefix("*.") for domain in (args.domain_name, *args.alternative_names)))


def _validation_record(domain: str, certificate: aws.acm.Certificate) -> ValidationRecord:
    def field(of: Callable[[ValidationOption], str | None]) -> Output[str]:
        return certificate.domain_validation_options.apply(lambda options: of(_option(options, domain)) or "")

    return ValidationRecord(
        name=field(lambda option: option.resource_record_name),
        type=field(lambda option: option.resource_record_type),
        value=field(lambda option: option.resource_record_value),
    )


def _in_route53(zone_id: Input[str]) -> DnsValidation:
    def dns_validation(name: str, record: ValidationRecord, opts: ResourceOptions) -> Output[str]:
        return aws.route53.Record(
            name,
            zone_id=zone_id,
            name=record.name,
            type=record.type,
            records=[record.value],
            ttl=300,
            # ACM derives the record from account and domain, so an older certificate's record is identical.
            allow_overwrite=True,
            opts=opts,
        ).fqdn

    return dns_validation


def _option(options: Sequence[ValidationOption], domain: str) -> ValidationOption:
    for option in options:
        if (option.domain_name or "").removeprefix("*.") == domain:
            return option
    raise LookupError(
        f"domain_validation_options: ACM returned no validation record for {domain} (got "
        f"{[option.domain_name for option in options]}). Run `pulumi up` again; ACM adds the records a few seconds "
        "after it creates the certificate."
    )
