"""TLS: whether a certificate covers a name, is issued, has not expired, and is where the edge needs it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..conditions import ConditionKind
from ..hop import Hop, Request, World, fails, passes, unknown
from ..rows import label, listed
from .dns import CLOUDFLARE_ZONE, records_of_name

CERTIFICATE = "aws:acm/certificate:Certificate"
CERTIFICATE_PACK = "cloudflare:index/certificatePack:CertificatePack"
UNIVERSAL = "cloudflare:index/universalSslSetting:UniversalSslSetting"
TOTAL_TLS = "cloudflare:index/totalTls:TotalTls"


_UNUSABLE = ("EXPIRED", "REVOKED", "FAILED", "INACTIVE", "VALIDATION_TIMED_OUT")


def covers(pattern: str, name: str) -> bool:
    """Return whether a certificate's name covers a host name: itself, or one label in place of a leading `*`."""
    if pattern.startswith("*."):
        return name.lower().partition(".")[2] == pattern[2:].lower()
    return pattern.lower() == name.lower()


def certificate(world: World, arn: str, host: str, *, edge: str, region: str = "") -> Hop:
    """Return whether an ACM certificate serves a host name at an edge: its name, its state, its region.

    `edge` is how messages name the edge. `region` is the region that the edge requires, "" for any.
    """
    found = world.rows.one(CERTIFICATE, arn=arn)
    if found is None:
        reason = f"{edge} uses a certificate that is not in the sandbox; the model cannot see which names it covers."
        return unknown("tls", arn, "certificateArn", reason, sources.CERTIFICATE_NAMES)
    name = label(found)
    if region and found.region != region:
        reason = f"{edge} needs a certificate in {region}; this one is in {found.region}."
        return fails("tls", name, "region", reason, sources.CLOUDFRONT_CERTIFICATE)
    names = [str(found.value("domainName")), *map(str, listed(found.value("subjectAlternativeNames")))]
    if not any(covers(pattern, host) for pattern in names):
        reason = f"The certificate of {edge} covers {', '.join(dict.fromkeys(names))}, not {host}."
        return fails("tls", name, "domainName", reason, sources.CERTIFICATE_NAMES)
    if world.conditions.holds(ConditionKind.CERTIFICATE_EXPIRED, found.name, found.id, host):
        reason = f"The certificate of {edge} has expired."
        return fails("tls", name, "notAfter", reason, sources.CERTIFICATE_VALIDATION)
    status = str(found.value("status") or "")
    if status in _UNUSABLE:
        reason = f"The certificate of {edge} has the status {status}."
        return fails("tls", name, "status", reason, sources.CERTIFICATE_VALIDATION)
    missing = _missing_validation(world, found)
    if missing:
        reason = f"The certificate of {edge} is not issued: no record {missing} validates it."
        return fails("tls", name, "domainValidationOptions", reason, sources.CERTIFICATE_VALIDATION)
    return passes("tls", name, "domainName", f"The certificate of {edge} covers {host}.", sources.CERTIFICATE_NAMES)


_VERSIONS = ("1.0", "1.1", "1.2", "1.3")


def listener_versions(policy: str) -> tuple[str, ...]:
    """Return the TLS versions of a load balancer's security policy; none for a policy that the model does not know.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html; the
    versions are equal to those of all 18 policies in moto's elbv2/ssl_policies.py (read 2026-11-28).
    """
    name = (policy or "ELBSecurityPolicy-2016-08").removeprefix("ELBSecurityPolicy-")
    if found := re.match(r"(TLS13|TLS|FS)-1-([0-3])(?=-|$)", name):
        first = _VERSIONS.index(f"1.{found[2]}")
        return _VERSIONS[first:] if found[1] == "TLS13" else _VERSIONS[first:3]
    return _VERSIONS[:3] if name in ("2016-08", "2015-05", "FS-2018-06") else ()


def from_minimum(text: str) -> tuple[str, ...]:
    """Return the TLS versions from a minimum on, such as "TLSv1.2_2021" of CloudFront or "1.2" of Cloudflare."""
    found = re.search(r"1(?:\.([0-3]))?(?:_|$)", text)
    return _VERSIONS[int(found[1] or 0) :] if found else ()


def version(place: str, property: str, edge: str, accepted: Sequence[str], request: Request) -> Hop:
    """Return whether a client and an edge have a TLS version in common."""
    common = [each for each in request.tls_versions if each in accepted]
    offered = " and ".join(request.tls_versions)
    if not accepted:
        reason = f"The model does not know which TLS versions {edge} accepts."
        return unknown("tls-version", place, property, reason, sources.TLS_VERSIONS)
    if not common:
        reason = f"{edge[0].upper()}{edge[1:]} accepts TLS {', '.join(accepted)}, and the client offers {offered}."
        return fails("tls-version", place, property, reason, sources.TLS_VERSIONS)
    reason = f"The client and {edge} use TLS {common[-1]}."
    return passes("tls-version", place, property, reason, sources.TLS_VERSIONS)


def _missing_validation(world: World, certificate: object) -> str:
    options = listed(certificate.value("domainValidationOptions"))  # pyright: ignore[reportAttributeAccessIssue]
    for option in options:
        record = str(option.get("resourceRecordName") or "")
        wanted = str(option.get("resourceRecordValue") or "").rstrip(".")
        found = records_of_name(world.rows, record) if record else []
        if record and not any(not wanted or wanted in _values(each) for each in found):
            return record.rstrip(".")
    return ""


def _values(record: CloudResource) -> list[str]:
    return [str(each).rstrip(".") for each in (*listed(record.value("records")), record.value("content")) if each]


def cloudflare_edge(world: World, zone_id: str, host: str) -> Hop:
    """Return whether Cloudflare's edge has a certificate for a proxied name.

    Universal SSL covers the apex of the zone and one label below it. Deeper names need an advanced certificate.
    """
    zone = world.rows.one(CLOUDFLARE_ZONE, id=zone_id)
    if zone is None:
        reason = "The zone of the record does not exist."
        return fails("tls", zone_id, "zoneId", reason, sources.UNIVERSAL_SSL)
    apex = str(zone.value("name"))
    for pack in world.rows.find(CERTIFICATE_PACK, zoneId=zone_id):
        if any(covers(str(pattern), host) for pattern in listed(pack.value("hosts"))):
            reason = f"An advanced certificate at Cloudflare's edge covers {host}."
            return passes("tls", label(pack), "hosts", reason, sources.UNIVERSAL_SSL)
    if any(total.value("enabled") for total in world.rows.find(TOTAL_TLS, zoneId=zone_id)):
        reason = f"Total TLS issues a certificate for {host}."
        return passes("tls", label(zone), "totalTls", reason, sources.UNIVERSAL_SSL)
    if any(setting.value("enabled") is False for setting in world.rows.find(UNIVERSAL, zoneId=zone_id)):
        reason = f"Universal SSL is disabled, and no other certificate covers {host}."
        return fails("tls", label(zone), "universalSsl", reason, sources.UNIVERSAL_SSL)
    if covers(apex, host) or covers(f"*.{apex}", host):
        reason = f"Universal SSL covers {host}: it is at most one label below {apex}."
        return passes("tls", label(zone), "universalSsl", reason, sources.UNIVERSAL_SSL)
    reason = (
        f"Universal SSL covers {apex} and one label below it, not {host}."
        " The name needs an advanced certificate, or a name with fewer labels."
    )
    return fails("tls", label(zone), "universalSsl", reason, sources.UNIVERSAL_SSL)
