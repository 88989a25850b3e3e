"""AWS Certificate Manager. ACM issues a certificate when its validation records exist in DNS."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import (
    Behaviour,
    Call,
    Plain,
    Quota,
    Reference,
    Rejection,
    Stage,
    digest,
    documented,
    located,
    rule,
)
from ..cloud import Cloud, CloudResource
from .same_scope import known
from .sources import api, provider, schema_of, sdk

CERTIFICATE = "aws:acm/certificate:Certificate"
_RECORD = "aws:route53/record:Record"
_CLOUDFLARE_RECORD = "cloudflare:index/dnsRecord:DnsRecord"

_VALIDATION = api("acm", "DomainValidation")
_DOMAIN = r"(\*\.)?((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9]\.)+(?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9]"
_LONGEST_COMMON_NAME = 64  # RequestCertificateRequest.DomainName of the API model (botocore 1.44, read 2026-11-28)
_DOMAINS_A_CERTIFICATE = 10  # default quota


def covers(certificate: CloudResource, host: str) -> bool:
    """Return whether a certificate covers a host name; a wildcard covers exactly one label."""
    if certificate.outputs.get("type") == "IMPORTED":
        return True  # its names are in the imported text, which the sandbox does not read
    names = {certificate.outputs.get("domainName"), *(certificate.outputs.get("subjectAlternativeNames") or ())}
    return host in names or f"*.{host.partition('.')[2]}" in names


def issued(cloud: Cloud, certificate: CloudResource) -> bool:
    """Return whether a certificate is issued: it is imported, or its validation records exist in DNS."""
    return certificate.outputs.get("type") == "IMPORTED" or not list(missing_records(cloud, certificate))


def missing_records(cloud: Cloud, certificate: CloudResource) -> Iterator[Mapping[str, Any]]:
    """Yield the validation options (domainName, resourceRecordName, -Type, -Value) without a DNS record."""
    for option in certificate.outputs.get("domainValidationOptions") or ():
        name, value = _bare(option["resourceRecordName"]), _bare(option["resourceRecordValue"])
        in_route53 = any(
            value in map(_bare, record.inputs.get("records") or ()) for record in cloud.find(_RECORD, fqdn=name)
        )
        in_cloudflare = any(
            _bare(record.inputs.get("name")) == name and _bare(record.inputs.get("content")) == value
            for record in cloud.find(_CLOUDFLARE_RECORD)
        )
        if not in_route53 and not in_cloudflare:
            yield option


def _bare(name: Plain) -> str:
    return str(name or "").rstrip(".").lower()


def _names(call: Call) -> list[str]:
    own = [str(call.inputs["domainName"])] if call.inputs.get("domainName") else []  # an imported one names none
    return list(dict.fromkeys([*own, *(call.inputs.get("subjectAlternativeNames") or ())]))


def _is_imported(call: Call) -> bool:
    return call.inputs.get("certificateBody") is not None


def _validation_options(call: Call) -> list[dict[str, str]]:
    if _is_imported(call) or call.inputs.get("validationMethod", "DNS") != "DNS":
        return []
    return [_validation_option(call.account, name) for name in _names(call)]


def _validation_option(account: str, name: str) -> dict[str, str]:
    # ACM gives each account and name one pair, the same in all regions; a wildcard has the pair of its parent.
    bare = name.removeprefix("*.")
    return {
        "domainName": name,
        "resourceRecordName": f"_{digest(f'acm/{account}/{bare}/name', 32)}.{bare}.",
        "resourceRecordType": "CNAME",
        "resourceRecordValue": f"_{digest(f'acm/{account}/{bare}/value', 32)}"
        f".{digest(f'acm/{account}/{bare}/zone', 10)}.acm-validations.aws.",
    }


@rule("certificate-names-are-domains", Stage.PLAN, source=api("acm", "RequestCertificate"))
def _domains(call: Call) -> Iterator[Rejection]:
    for path in ("domainName", "subjectAlternativeNames[*]"):
        for at, name in located(call.inputs, path):
            if isinstance(name, str) and (not re.fullmatch(_DOMAIN, name) or len(name) > 253):
                yield Rejection(
                    at,
                    f"invalid domain name (got '{name}'). Allowed are domain names like 'example.com' or"
                    " '*.example.com'.",
                    "ValidationException",
                )
    name = known(call, "domainName")
    if isinstance(name, str) and len(name) > _LONGEST_COMMON_NAME:
        yield Rejection(
            "domainName",
            f"the first domain name is too long (got {len(name)} characters). Allowed are at most"
            f" {_LONGEST_COMMON_NAME}; put a longer name into subjectAlternativeNames.",
            "InvalidDomainValidationOptionsException",
        )
    names = {known(call, "domainName"), *(known(call, "subjectAlternativeNames") or ())}
    if len(names) > _DOMAINS_A_CERTIFICATE:
        yield Rejection(
            "subjectAlternativeNames",
            f"too many names (got {len(names)}). The quota is {_DOMAINS_A_CERTIFICATE} names per certificate.",
            "LimitExceededException",
        )


@rule("certificate-is-requested-or-imported", Stage.PLAN, source=sdk("acm/certificate"))
def _one_way(call: Call) -> Iterator[Rejection]:
    imported = [path for path in ("privateKey", "privateKeyWo", "certificateBody") if path in call.inputs]
    if "domainName" in call.inputs and imported:
        yield Rejection(
            "domainName",
            f"a certificate is either requested (domainName) or imported ({', '.join(imported)}), not both",
        )
    elif "domainName" not in call.inputs and not imported:
        yield Rejection(
            "domainName", "set domainName to request a certificate, or privateKey and certificateBody to import one"
        )


@rule("validation-records-exist", Stage.CREATE, source=_VALIDATION)
def _validated(call: Call) -> Iterator[Rejection]:
    certificate = next(call.cloud.find(CERTIFICATE, arn=call.get("certificateArn")), None)
    if certificate is None:
        return  # the reference rejects it
    given = call.inputs.get("validationRecordFqdns")
    if given is not None:
        wanted = {_bare(option["resourceRecordName"]) for option in certificate.outputs["domainValidationOptions"]}
        if absent := wanted - set(map(_bare, given)):
            yield Rejection(
                "validationRecordFqdns",
                f"missing DNS validation records: {', '.join(sorted(absent))}",
                "InvalidParameterException",
            )
    for option in missing_records(call.cloud, certificate):
        yield Rejection(
            "certificateArn",
            f"the certificate stays PENDING_VALIDATION and the wait would time out: there is no"
            f" {option['resourceRecordType']} record {option['resourceRecordName']} {option['resourceRecordValue']}"
            f" for {option['domainName']}",
            "TimeoutError",
        )


def _issued_at(call: Call) -> str:
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=int(call.hex(5), 16) % 1_000_000)
    return now.strftime("%Y-%m-%d %H:%M:%S.%f +0000 UTC")


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=CERTIFICATE,
        source=sdk("acm/certificate"),
        id="arn:aws:acm:{region}:{account}:certificate/{uuid}",
        outputs={
            "arn": "{id}",
            "domainName": "",
            "domainValidationOptions": _validation_options,
            "keyAlgorithm": "RSA_2048",
            "notAfter": "",
            "notBefore": "",
            "options": {"certificateTransparencyLoggingPreference": "ENABLED", "export": "DISABLED"},
            "pendingRenewal": False,
            "renewalEligibility": "INELIGIBLE",
            "renewalSummaries": (),
            "status": lambda call: "ISSUED" if _is_imported(call) else "PENDING_VALIDATION",
            "subjectAlternativeNames": lambda call: [] if _is_imported(call) else _names(call),
            "type": lambda call: "IMPORTED" if _is_imported(call) else "AMAZON_ISSUED",
            "validationEmails": (),
            "validationMethod": "NONE",
        },
        replaces=frozenset(
            {
                "certificateAuthorityArn", "domainName", "keyAlgorithm", "subjectAlternativeNames", "validationMethod",
                "validationOptions",
            }
        ),
        replace_source=schema_of("acm/certificate.go"),
        enums={
            "validationMethod": ("DNS", "EMAIL", "HTTP"),
            "keyAlgorithm": (
                "RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1",
            ),
            "options.certificateTransparencyLoggingPreference": ("ENABLED", "DISABLED"),
            "options.export": ("ENABLED", "DISABLED"),
        },
        quotas=(
            Quota(
                limit=2_500,
                per="region",
                what="ACM certificates per Region",
                source=documented(
                    "https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html", read="2026-11-24"
                ),
            ),
        ),
        rules=(_domains, _one_way),
    ),
    Behaviour(
        type="aws:acm/certificateValidation:CertificateValidation",
        source=provider("acm/certificate_validation.go"),
        id=_issued_at,  # the fraction, which the provider's id lacks, makes ids of one second unique
        replaces=frozenset({"certificateArn", "validationRecordFqdns"}),
        # The resource only waits; nothing exists in AWS, so it does not block the certificate's deletion.
        references=(
            Reference(
                path="certificateArn",
                to=CERTIFICATE,
                by="arn",
                holds=False,
                source=api("acm", "DescribeCertificate"),
            ),
        ),
        rules=(_validated,),
    ),
)  # fmt: skip
