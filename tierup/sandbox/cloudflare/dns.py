"""DNS records."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, assumed, documented, rule
from .plans import AVAILABILITY, plan_of
from .sources import REPLACED, sdk
from .zones import ZONE, in_zone, is_inside

RECORD = "cloudflare:index/dnsRecord:DnsRecord"

_TYPES = "https://developers.cloudflare.com/dns/manage-dns-records/reference/dns-record-types/"
_RECORDS = assumed(
    f"the contents of each record type follow the DNS standards; {_TYPES} (read 2026-11-29) states the addresses, that"
    " a CNAME's content is a host name, the 2,048 characters of TXT and the data of SRV, and no error codes"
)
_SAME_NAME = documented(
    f"{_TYPES}#txt and https://developers.cloudflare.com/dns/manage-dns-records/how-to/subdomains-outside-cloudflare/"
    "#limits",
    read="2026-11-29",
)
_NAMES = documented(
    "https://github.com/cloudflare/terraform-provider-cloudflare/issues/5517 and /issues/5440: relative names and '@'",
    read="2026-11-27",
)
_MAX_RECORDS = {"free": 200, "pro": 3_500, "business": 3_500, "enterprise": 3_500}
_MAX_TAGS = 20
_LONGEST_TAG = (32, 100)  # characters before and after the colon
_LONGEST_NAME = 253
_LONGEST_TEXT = 2_048
_LONGEST_TEXTS = 8_192  # of one name
_MAX_NAME_SERVERS = 10  # of one name
_CAA_TAGS = ("issue", "issuewild", "iodef", "contactemail", "contactphone", "issuemail", "issuevmc")
_DATA_FIELDS = {
    "CAA": ("flags", "tag", "value"),
    "DS": ("keyTag", "algorithm", "digestType", "digest"),
    "HTTPS": ("priority", "target"),
    "SRV": ("priority", "weight", "port", "target"),
    "SSHFP": ("algorithm", "type", "fingerprint"),
    "SVCB": ("priority", "target"),
    "TLSA": ("usage", "selector", "matchingType", "certificate"),
}
"""The fields of `data` that a record of a type requires."""
_PROXIED = ("A", "AAAA", "CNAME")
_BY_DATA = ("CAA", "CERT", "DNSKEY", "DS", "HTTPS", "LOC", "NAPTR", "SMIMEA", "SRV", "SSHFP", "SVCB", "TLSA", "URI")


@rule("ttl-fits-the-proxy", Stage.PLAN, source=sdk("dnsrecord"))
def _ttl(call: Call) -> Iterator[Rejection]:
    ttl, proxied, kind = call.get("ttl"), call.get("proxied"), call.get("type")
    if isinstance(ttl, (int, float)) and ttl != 1 and not 30 <= ttl <= 86_400:
        yield Rejection(
            "ttl",
            f"the TTL is not allowed (got {ttl:g}). Allowed are 1 (automatic) and 60 to 86400 (from 30 on Enterprise).",
            "9021",
        )
    if proxied is True and isinstance(ttl, (int, float)) and ttl != 1:
        yield Rejection("ttl", f"a proxied record has the automatic TTL (got {ttl:g}). Set it to 1.", "9021")
    if proxied is True and kind is not UNKNOWN and kind not in _PROXIED:
        yield Rejection("proxied", f"a {kind} record cannot be proxied. Types that can: {', '.join(_PROXIED)}.", "9004")


@rule("ttl-fits-the-plan", Stage.CREATE, Stage.UPDATE, source=sdk("dnsrecord"))
def _ttl_of_plan(call: Call) -> Iterator[Rejection]:
    ttl = call.get("ttl")
    if isinstance(ttl, (int, float)) and 1 < ttl < 60 and plan_of(call) in ("free", "pro", "business"):
        yield Rejection(
            "ttl", f"the TTL is too short (got {ttl:g}). Below 60, it requires the plan Enterprise.", "9021"
        )


@rule("content-fits-the-type", Stage.PLAN, source=_RECORDS)
def _content(call: Call) -> Iterator[Rejection]:
    kind, content = call.get("type"), call.get("content")
    if kind in ("A", "AAAA") and isinstance(content, str):
        version = 4 if kind == "A" else 6
        if _address_version(content) != version:
            yield Rejection(
                "content",
                f"the content is not allowed (got '{content}'). Type {kind} requires one IPv{version} address.",
                "9005",
            )
    if kind in ("CNAME", "MX", "NS", "PTR") and isinstance(content, str) and _address_version(content) is not None:
        yield Rejection(
            "content", f"the content is not allowed (got '{content}'). Type {kind} requires a host name.", "9007"
        )
    if kind == "TXT" and isinstance(content, str) and len(content) > _LONGEST_TEXT:
        yield Rejection(
            "content", f"the content is too long (got {len(content)} characters). Allowed are {_LONGEST_TEXT}.", "9207"
        )
    if kind == "TXT" and isinstance(content, str) and len(re.findall(r'(?<!\\)"', content)) % 2:
        yield Rejection("content", "the quotation marks are not balanced.", "9207")
    data = call.get("data")
    for name in _DATA_FIELDS.get(str(kind), ()) if isinstance(data, dict) else ():
        if data.get(name) is None:
            yield Rejection(f"data.{name}", f"it is missing. A record of type {kind} requires it.", "9101")
    tag = call.get("data.tag")
    if kind == "CAA" and isinstance(tag, str) and tag not in _CAA_TAGS:
        yield Rejection("data.tag", f"unknown tag (got '{tag}'). Allowed are {', '.join(_CAA_TAGS)}.", "9101")
    if kind in _BY_DATA and "data" not in call.inputs and "content" not in call.inputs:
        yield Rejection("data", f"it is missing. A record of type {kind} requires data.", "9101")
    if kind is not UNKNOWN and kind not in _BY_DATA and "content" not in call.inputs:
        yield Rejection("content", f"it is missing. A record of type {kind} requires content.", "9101")
    if kind == "MX" and "priority" not in call.inputs:
        yield Rejection("priority", "it is missing. A record of type MX requires a priority.", "9101")


def _address_version(text: str) -> int | None:
    """Return 4 or 6, the version of an IP address, or None if a text is no address."""
    try:
        return ipaddress.ip_address(text).version
    except ValueError:
        return None


@rule("plan-allows-the-tags", Stage.CREATE, Stage.UPDATE, source=AVAILABILITY)
def _tags(call: Call) -> Iterator[Rejection]:
    tags = call.get("tags") or ()
    if tags and plan_of(call) == "free":
        yield Rejection("tags", f"DNS record has {len(tags)} tags, exceeding the quota of 0 (plan is free).", "9300")


@rule("comments-and-tags-are-short", Stage.CREATE, Stage.UPDATE, source=AVAILABILITY)
def _attributes(call: Call) -> Iterator[Rejection]:
    longest = 100 if plan_of(call) == "free" else 500
    if len(call.get("comment") or "") > longest:
        yield Rejection("comment", f"the comment is too long. Allowed are {longest} characters.", "9301")
    tags = call.get("tags") or ()
    if len(tags) > _MAX_TAGS:
        yield Rejection("tags", f"too many tags (got {len(tags)}). Allowed are {_MAX_TAGS}.", "9300")
    for number, tag in enumerate(tags):
        name, _, value = str(tag).partition(":")
        if len(name) > _LONGEST_TAG[0] or len(value) > _LONGEST_TAG[1]:
            before, after = _LONGEST_TAG
            message = f"the tag is too long. Allowed are {before} characters before ':' and {after} after it."
            yield Rejection(f"tags[{number}]", message, "9300")


@rule("plan-allows-the-number-of-records", Stage.CREATE, source=AVAILABILITY)
def _number(call: Call) -> Iterator[Rejection]:
    plan = plan_of(call)
    most = _MAX_RECORDS.get(plan or "")
    count = sum(other.urn != call.urn for other in call.cloud.find(RECORD, zoneId=call.get("zoneId")))
    if most is not None and count >= most:
        yield Rejection("", f"the zone has {count} records already. The plan {plan} allows {most}.", "81045")


@rule("alias-is-not-itself", Stage.CREATE, Stage.UPDATE, source=_RECORDS)
def _loop(call: Call) -> Iterator[Rejection]:
    zone = _zone_name(call)
    name, content = str(call.get("name")), str(call.get("content"))
    if call.get("type") == "CNAME" and full_name(name, zone) == content.rstrip(".").lower():
        yield Rejection("content", f"the record refers to itself (got '{content}').", "9039")


def _zone_name(call: Call) -> str:
    zone = call.cloud.get(ZONE, call.get("zoneId"))
    return str(zone.outputs.get("name")) if zone else ""


def full_name(name: str, zone: str) -> str:
    """Return the full host name of a record: Cloudflare takes "@" and names relative to the zone."""
    name = name.rstrip(".").lower()
    if name == "@":
        return zone
    return name if is_inside(name, zone) else f"{name}.{zone}"


@rule("name-is-valid", Stage.CREATE, Stage.UPDATE, source=_NAMES)
def _name(call: Call) -> Iterator[Rejection]:
    name, zone = str(call.get("name")), _zone_name(call)
    full = full_name(name, zone)
    labels = full.split(".")
    if len(full) > _LONGEST_NAME or not all(
        re.fullmatch(r"\*|[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", each) for each in labels
    ):
        yield Rejection(
            "name", f"DNS name is invalid (got '{name}'). Allowed is a host name in '{zone}', or '@'.", "9000"
        )


@rule("record-does-not-exist-yet", Stage.CREATE, Stage.UPDATE, source=_RECORDS)
def _duplicates(call: Call) -> Iterator[Rejection]:
    zone, kind = _zone_name(call), call.get("type")
    name = full_name(str(call.get("name")), zone)
    for other in call.cloud.find(RECORD, zoneId=call.get("zoneId")):
        if full_name(str(other.inputs.get("name")), zone) != name:
            continue
        other_type = other.inputs.get("type")
        if other.urn == call.urn or (call.this is not None and other.key == call.this.key):
            continue
        if (
            other_type == kind
            and other.inputs.get("content") == call.get("content")
            and other.inputs.get("data") == call.get("data")
        ):
            validation = str(call.get("content")).endswith(".acm-validations.aws")
            hint = ". Use the certificate that it validates (setting certificateArn)" if validation else ""
            yield Rejection("name", f"an identical record already exists: '{other.name}'{hint}", "81058")
        elif "CNAME" in (kind, other_type) and {kind, other_type} & {"A", "AAAA", "CNAME"} == {kind, other_type}:
            yield Rejection(
                "name",
                f"an A, AAAA or CNAME record with that host already exists: '{other.name}' ({other_type})",
                "81053",
            )


@rule("records-of-a-name-are-few", Stage.CREATE, Stage.UPDATE, source=_SAME_NAME)
def _same_name(call: Call) -> Iterator[Rejection]:
    zone, kind = _zone_name(call), call.get("type")
    if kind not in ("NS", "TXT"):
        return
    name = full_name(str(call.get("name")), zone)
    others = [
        str(each.inputs.get("content"))
        for each in call.cloud.find(RECORD, zoneId=call.get("zoneId"), type=kind)
        if each.urn != call.urn and full_name(str(each.inputs.get("name")), zone) == name
    ]
    if kind == "NS" and len(others) >= _MAX_NAME_SERVERS:
        message = f"{name} has {len(others)} NS records already. Allowed are {_MAX_NAME_SERVERS}."
        yield Rejection("name", message, "81045")
    length = sum(map(len, [*others, str(call.get("content"))]))
    if kind == "TXT" and length > _LONGEST_TEXTS:
        message = f"the TXT records of {name} have {length} characters together. Allowed are {_LONGEST_TEXTS}."
        yield Rejection("content", message, "9207")


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=RECORD,
        source=sdk("dnsrecord"),
        id="{hex32}",
        outputs={
            "commentModifiedOn": "",
            "content": "",
            "createdOn": "2026-11-24T00:00:00Z",
            "includeShadowMetadata": False,
            "meta": lambda _: "{}",
            "modifiedOn": "2026-11-24T00:00:00Z",
            "proxied": False,
            "settings": {"flattenCname": False, "ipv4Only": False, "ipv6Only": False},
            "tags": (),
            "tagsModifiedOn": "",
        },
        derived={"proxiable": lambda call: call.inputs.get("type") in _PROXIED},
        replaces=frozenset({"zoneId", "type"}),
        keeps=frozenset({"content", "proxied"}),
        replace_source=REPLACED,
        enums={
            "type": (
                "A", "AAAA", "CNAME", "MX", "NS", "OPENPGPKEY", "PTR", "TXT", "CAA", "CERT", "DNSKEY", "DS", "HTTPS",
                "LOC", "NAPTR", "SMIMEA", "SRV", "SSHFP", "SVCB", "TLSA", "URI",
            ),
        },
        ranges={"priority": (0, 65_535), "data.port": (0, 65_535), "data.weight": (0, 65_535)},
        references=(in_zone(),),
        rules=(_ttl, _ttl_of_plan, _number, _attributes, _content, _name, _duplicates, _tags, _loop, _same_name),
    ),
)  # fmt: skip
