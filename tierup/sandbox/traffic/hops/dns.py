"""DNS: which record answers for a host name, and what it points at."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from tierup.sandbox.cloud import CloudResource
from tierup.sandbox.registrar import RECORDS, DnsProvider, delegated, first_provider

from .. import sources
from ..hop import Hop, World, fails, passes, unknown
from ..rows import Rows, label, listed
from .hosts import host_of

RECORD = "aws:route53/record:Record"
ZONE = "aws:route53/zone:Zone"
CLOUDFLARE_RECORD = "cloudflare:index/dnsRecord:DnsRecord"
CLOUDFLARE_ZONE = "cloudflare:index/zone:Zone"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer"
BUCKET = "aws:s3/bucket:Bucket"

ALIAS_SECONDS = 60
CLOUDFLARE_AUTO_SECONDS = 300  # "Auto", and every proxied record


class TargetKind(enum.StrEnum):
    """What a name resolves to."""

    CLOUDFRONT = "cloudfront"
    LOAD_BALANCER = "load-balancer"
    CLOUDFLARE = "cloudflare"  # a proxied record: Cloudflare's edge, which connects to `content`
    BUCKET = "bucket"
    HOST = "host"  # a managed host, which `hops.hosts` evaluates
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer for a name: its target, and how long clients keep it."""

    kind: TargetKind
    target: CloudResource | None  # None if the sandbox does not have it
    content: str  # the host name or address in the record
    ttl_seconds: int
    record: CloudResource


def resolve(world: World, name: str, *, ipv6: bool = False) -> tuple[Hop, Answer | None]:
    """Return which record answers for a name, and its answer."""
    wanted = "AAAA" if ipv6 else "A"
    answers = [
        *_route53_answers(world.rows, name, wanted),
        *_cloudflare_answers(world.rows, name, wanted),
    ]
    if not answers:
        return (
            fails("dns", "", "name", f"No {wanted} record answers for {name}.", sources.ALIAS_RECORD),
            None,
        )
    provider = _delegated(world, name, answers)
    if provider is None:
        hop = unknown(
            "dns",
            label(answers[0].record),
            "zone",
            f"Route 53 and Cloudflare both have a record for {name}; the registrar's delegation decides which answers.",
            sources.DELEGATION,
        )
        return hop, answers[0]
    answer = answers[0]
    answers = [each for each in answers if RECORDS[each.record.type] is provider]
    if not answers:
        reason = (
            f"The record of {name} is now at another DNS provider. Clients find it only after the registrar delegates"
            " the domain to that provider, which takes up to two days."
        )
        return unknown("dns", label(answer.record), "zone", reason, sources.DELEGATION), answer
    answer = answers[0]
    problem = _zone_problem(world.rows, answer.record, name)
    if problem:
        return fails("dns", label(answer.record), "zoneId", problem, sources.DELEGATION), None
    if len({(each.kind, each.content) for each in answers}) > 1:
        reason = f"Several records of {name} have different targets, and a routing policy or chance decides."
        return unknown("dns", label(answer.record), "setIdentifier", reason, sources.ALIAS_RECORD), answer
    if answer.target is None and answer.kind not in (TargetKind.OTHER, TargetKind.HOST):
        reason = f"{name} points at {answer.content}, which does not exist."
        return fails("dns", label(answer.record), "content", reason, sources.ALIAS_RECORD), None
    if answer.kind is TargetKind.OTHER:
        reason = f"{name} points at {answer.content}, which is not in the sandbox."
        return unknown("dns", label(answer.record), "content", reason, sources.ALIAS_RECORD), None
    source = sources.ALIAS_TTL if answer.record.type == RECORD else sources.CLOUDFLARE_TTL
    reason = f"{name} points at {describe(answer)}; clients keep the answer for {answer.ttl_seconds} s."
    return passes("dns", label(answer.record), "content", reason, source), answer


def _delegated(world: World, name: str, answers: list[Answer]) -> DnsProvider | None:
    """Return the provider that the registrar delegates a name to; None if that is not known."""
    memory = world.memory
    return (
        delegated(name, memory.registrar)
        or memory.delegated.get(name)
        or first_provider([each.record for each in answers])
    )


def origin_of(rows: Rows, host: str) -> tuple[TargetKind, CloudResource | None]:
    """Return what a distribution's origin is; for a name with weighted records, the target of the highest weight."""
    kind, target = target_of(rows, host)
    if kind is not TargetKind.OTHER:
        return kind, target
    weighted = weighted_answers(rows, host)
    if not weighted:
        return kind, target
    highest = max(weighted, key=lambda each: weight_of(each.record) or 0)
    return highest.kind, highest.target


def weighted_answers(rows: Rows, name: str) -> list[Answer]:
    """Return the answers of the weighted records of a name in Route 53, of the family A."""
    return [each for each in _route53_answers(rows, name, "A") if weight_of(each.record) is not None]


def weight_of(record: CloudResource) -> int | None:
    """Return the weight of a record, None if it is not weighted."""
    policies = listed(record.value("weightedRoutingPolicies"))
    return int(policies[0].get("weight") or 0) if policies else None


def _zone_problem(rows: Rows, record: CloudResource, name: str) -> str:
    """Return why the zone of a Route 53 record does not answer for a name on the internet, "" if it does."""
    if record.type != RECORD:
        return ""
    wanted = str(record.value("zoneId") or "")
    zone = next((each for each in rows.all(ZONE) if wanted and wanted in (each.id, each.value("zoneId"))), None)
    if zone is None:
        return f"The hosted zone {wanted} of the record does not exist." if wanted else ""
    if listed(zone.value("vpcs")) or zone.value("privateZone"):
        return "The hosted zone is private, so it does not answer on the internet."
    apex = str(zone.value("name") or "").rstrip(".")
    if apex and name != apex and not name.endswith(f".{apex}"):
        return f"The hosted zone is for {apex}, which does not contain {name}."
    return ""


def describe(answer: Answer) -> str:
    """Return what an answer points at, as the reason of a hop names it."""
    if answer.kind is TargetKind.CLOUDFLARE:
        return f"Cloudflare's edge, which connects to {answer.content}"
    return label(answer.target) if answer.target is not None else answer.content


def answers_for(rows: Rows, name: str) -> list[Answer]:
    """Return the answers of every record of a name, of both providers and families."""
    return [
        *_route53_answers(rows, name, "A"),
        *_route53_answers(rows, name, "AAAA"),
        *_cloudflare_answers(rows, name, "A"),
    ]


def answers_of_clients(world: World, name: str) -> list[Answer]:
    """Return the answers that clients get for a name: those of `answers_for` at the provider that is delegated."""
    answers = answers_for(world.rows, name)
    provider = _delegated(world, name, answers)
    return [each for each in answers if provider in (None, RECORDS[each.record.type])]


def _route53_answers(rows: Rows, name: str, wanted: str) -> list[Answer]:
    found: list[Answer] = []
    for record in rows.all(RECORD):
        if record_name(record) != name:
            continue
        kind = record.value("type")
        aliases = listed(record.value("aliases"))
        if kind == wanted and aliases:
            found.append(_answer(rows, record, str(aliases[0]["name"]), ALIAS_SECONDS))
        elif kind == "CNAME" or (kind == wanted and listed(record.value("records"))):
            content = str((listed(record.value("records")) or [""])[0]).rstrip(".")
            found.append(_answer(rows, record, content, int(record.value("ttl") or ALIAS_SECONDS)))
    return found


def _cloudflare_answers(rows: Rows, name: str, wanted: str) -> list[Answer]:
    found: list[Answer] = []
    for record in rows.find(CLOUDFLARE_RECORD, name=name):
        kind, content = record.value("type"), str(record.value("content") or "")
        proxied = bool(record.value("proxied"))
        if kind not in ("CNAME", wanted) and not (proxied and kind in ("A", "AAAA")):
            continue
        ttl = int(record.value("ttl") or 1)
        seconds = CLOUDFLARE_AUTO_SECONDS if proxied or ttl == 1 else ttl
        if proxied:
            zone = rows.one(CLOUDFLARE_ZONE, id=str(record.value("zoneId")))
            found.append(Answer(TargetKind.CLOUDFLARE, zone, content, seconds, record))
        else:
            found.append(_answer(rows, record, content, seconds))
    return found


def _answer(rows: Rows, record: CloudResource, content: str, seconds: int) -> Answer:
    kind, target = target_of(rows, content)
    return Answer(kind, target, content, seconds, record)


def target_of(rows: Rows, host: str) -> tuple[TargetKind, CloudResource | None]:
    """Return what a cloud's own host name belongs to; the resource is None if it does not exist."""
    host = host.rstrip(".").removeprefix("dualstack.")
    if host.endswith(".cloudfront.net"):
        return TargetKind.CLOUDFRONT, rows.one(DISTRIBUTION, domainName=host)
    if host.endswith(".elb.amazonaws.com"):
        return TargetKind.LOAD_BALANCER, rows.one(LOAD_BALANCER, dnsName=host)
    if ".s3." in host and host.endswith(".amazonaws.com"):
        return TargetKind.BUCKET, rows.one(BUCKET, bucketRegionalDomainName=host)
    return (TargetKind.HOST if host_of(host) is not None else TargetKind.OTHER), None


def records_of_name(rows: Rows, name: str) -> list[CloudResource]:
    """Return the records of a name in any zone, such as the record that validates a certificate."""
    wanted = name.rstrip(".")
    return [
        record for type in (RECORD, CLOUDFLARE_RECORD) for record in rows.all(type) if record_name(record) == wanted
    ]


def record_name(record: CloudResource) -> str:
    """Return the host name of a record of either provider, without a dot at the end."""
    return str(record.value("fqdn") or record.value("name") or "").rstrip(".")
