"""Cloudflare: the edge certificate, firewall rules, headers that rules set, and the connection to the origin."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote

from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..hop import CLIENT_ASN, Hop, Request, Undecided, World, fails, passes, unknown
from ..rows import Rows, label, listed
from . import alb, network, s3, tls
from .dns import Answer, TargetKind
from .weighted_records import resolve_origin

ZONE = "cloudflare:index/zone:Zone"
RULESET = "cloudflare:index/ruleset:Ruleset"
CONNECTOR = "cloudflare:index/cloudConnectorRules:CloudConnectorRules"
ZONE_SETTING = "cloudflare:index/zoneSetting:ZoneSetting"
ORIGIN_PULLS_SETTING = "cloudflare:index/authenticatedOriginPullsSettings:AuthenticatedOriginPullsSettings"
ORIGIN_PULLS = "cloudflare:index/authenticatedOriginPulls:AuthenticatedOriginPulls"

EDGE_ADDRESS = "104.16.0.1"
EDGE_ADDRESS_IPV6 = "2606:4700::1"


def edge_party() -> network.Party:
    """Return Cloudflare's edge as one end of a connection to an origin."""
    return network.Party(name="Cloudflare", addresses=[f"{EDGE_ADDRESS}/32", f"{EDGE_ADDRESS_IPV6}/128"])


def serve(world: World, answer: Answer, request: Request) -> Iterator[Hop]:
    """Yield the hops from a client through Cloudflare's edge to the origin of a proxied record."""
    record = answer.record
    zone_id = str(record.value("zoneId"))
    yield from _active(world, record, zone_id)
    if request.scheme in ("https", "wss"):
        yield tls.cloudflare_edge(world, zone_id, request.host)
        minimum = setting(world.rows, zone_id, "min_tls_version") or "1.0"
        accepted = tls.from_minimum(minimum)
        yield tls.version(label(record), "min_tls_version", "Cloudflare", accepted, request)
    if setting(world.rows, zone_id, "security_level") == "under_attack":
        reason = "Cloudflare answers every request with a challenge, because the security level is under_attack."
        yield fails("cdn", label(record), "security_level", reason, sources.CLOUDFLARE_RULES)
    if request.headers.get("upgrade") == "websocket" and setting(world.rows, zone_id, "websockets") == "off":
        reason = "WebSockets are off in the zone."
        yield fails("cdn", label(record), "websockets", reason, sources.CLOUDFLARE_WEBSOCKETS)
    for phase in ("http_request_dynamic_redirect", "http_request_redirect"):
        yield from _redirects(world, zone_id, phase, request)
    for phase in ("http_request_firewall_custom", "http_ratelimit", "http_request_firewall_managed"):
        yield from _firewall(world, zone_id, phase, request)
    path, hops = _path(world, zone_id, request)
    yield from hops
    inner, hops = _rewritten(world, zone_id, replace(request, path=path))
    yield from hops
    origin_host = _connected(world.rows, zone_id, inner) or answer.content
    kind, target, resolved = resolve_origin(world, origin_host)
    if resolved is not None:
        yield resolved
        if target is None:
            return
    if target is None:
        make = unknown if kind is TargetKind.OTHER else fails
        yield make(
            "cdn-origin",
            label(record),
            "content",
            f"The origin {origin_host} does not exist.",
            sources.CLOUDFLARE_PROXY,
        )
        return
    mode = _configured(world.rows, zone_id, request, "ssl") or setting(world.rows, zone_id, "ssl") or "full"
    encrypted = mode not in ("off", "flexible")
    if kind is TargetKind.BUCKET:
        yield from _bucket(world, record, target, inner, encrypted=encrypted)
        return
    if kind is not TargetKind.LOAD_BALANCER:
        yield unknown(
            "cdn-origin", label(record), "content", "The origin is of another kind.", sources.CLOUDFLARE_PROXY
        )
        return
    inner = replace(
        inner,
        scheme="https" if encrypted else "http",
        client_scheme=request.scheme,
        server_port=_origin_port(world.rows, zone_id, inner),
        tls_versions=("1.2", "1.3"),
        address=EDGE_ADDRESS,
        ipv6=False,
        client_certificate=_presents_certificate(world.rows, zone_id),
    ).with_headers({"cf-connecting-ip": request.address, "cf-ipcountry": request.country})
    yield from _caching(world, zone_id, request)
    if inner.uri_path != request.uri_path:
        reason = f"The API gets the path {inner.uri_path}, and the model does not know if it answers it."
        yield unknown("cdn-path", label(record), "path", reason, sources.CLOUDFLARE_RULES)
    yield passes(
        "cdn-origin", label(record), "content", f"Cloudflare connects to {label(target)}.", sources.CLOUDFLARE_PROXY
    )
    yield from alb.reach(world, target, edge_party(), inner)


def _bucket(
    world: World, record: CloudResource, bucket: CloudResource, request: Request, *, encrypted: bool
) -> Iterator[Hop]:
    """Yield the hops from Cloudflare's edge to an object of a bucket."""
    if not _connected(world.rows, str(record.value("zoneId")), request):
        reason = "The bucket gets the site's host name, which is no bucket, because no Cloud Connector rule applies."
        yield fails("cdn-origin", label(record), "content", reason, sources.CLOUDFLARE_CONNECTOR)
    if request.uri_path.endswith("/"):
        reason = f"No rule rewrites the path {request.uri_path} to an object, and S3 answers 403 for it."
        yield fails("cdn-origin", label(record), "path", reason, sources.CLOUDFLARE_CONNECTOR)
    context = {
        "aws:securetransport": "true" if encrypted else "false",
        "aws:sourceip": EDGE_ADDRESS,
        "aws:useragent": request.headers.get("user-agent", ""),
        "aws:referer": request.headers.get("referer", ""),
    }
    yield s3.reads(world, bucket, "*", context, key=request.uri_path)


def _active(world: World, record: CloudResource, zone_id: str) -> Iterator[Hop]:
    """Yield a hop if Cloudflare does not proxy the zone's names."""
    zone = world.rows.one(ZONE, id=zone_id)
    if zone is None:
        return
    status = str(zone.value("status") or "active")
    if status != "active":
        reason = f"The zone's status is {status}: the registrar does not delegate it to Cloudflare."
        yield unknown("dns", label(zone), "status", reason, sources.DELEGATION)
    if zone.value("paused"):
        reason = "The zone is paused, so Cloudflare answers with the origin's address and proxies nothing."
        yield unknown("cdn", label(record), "paused", reason, sources.CLOUDFLARE_PROXY)


def _redirects(world: World, zone_id: str, phase: str, request: Request) -> Iterator[Hop]:
    """Yield a hop for each rule that may redirect the request elsewhere."""
    for ruleset, rule in _rules(world.rows, zone_id, phase):
        try:
            if not evaluate(str(rule.get("expression")), request):
                continue
            why = "redirects the request elsewhere, where the model does not follow it."
        except Undecided as reason:
            why = str(reason)
        name = str(rule.get("ref") or rule.get("description"))
        yield unknown("cdn-redirect", label(ruleset), f"rules.{name}", f"Rule '{name}' {why}", sources.CLOUDFLARE_RULES)


def _path(world: World, zone_id: str, request: Request) -> tuple[str, list[Hop]]:
    """Return the path that the origin gets, after the rules that rewrite it."""
    path, hops = request.path, list[Hop]()
    for ruleset, rule in _rules(world.rows, zone_id, "http_request_transform"):
        try:
            if not evaluate(str(rule.get("expression")), request):
                continue
        except Undecided as reason:
            hops.append(unknown("cdn-path", label(ruleset), "rules", str(reason), sources.CLOUDFLARE_RULES))
            continue
        uri = (rule.get("actionParameters") or {}).get("uri") or {}
        changed = uri.get("path") or {}
        if changed.get("value"):
            query = f"?{request.query}" if request.query else ""
            path = f"{changed['value']}{query}"
        elif changed.get("expression"):
            reason = "A rule computes another path, which the model does not know."
            hops.append(unknown("cdn-path", label(ruleset), "rules", reason, sources.CLOUDFLARE_RULES))
    return path, hops


def _configured(rows: Rows, zone_id: str, request: Request, name: str) -> str:
    """Return the value that configuration rules give to a setting for a request, "" if none does."""
    value = ""
    for _, rule in _rules(rows, zone_id, "http_config_settings"):
        given = (rule.get("actionParameters") or {}).get(name)
        if given and holds(str(rule.get("expression")), request):
            value = str(given)
    return value


def _origin_port(rows: Rows, zone_id: str, request: Request) -> int:
    """Return the port that origin rules give to a request, 0 for that of its scheme."""
    port = 0
    for _, rule in _rules(rows, zone_id, "http_request_origin"):
        given = ((rule.get("actionParameters") or {}).get("origin") or {}).get("port")
        if given and holds(str(rule.get("expression")), request):
            port = int(given)
    return port


def _caching(world: World, zone_id: str, request: Request) -> Iterator[Hop]:
    """Yield a hop if cache rules make answers of an API cacheable. The last rule that matches decides."""
    if request.method not in ("GET", "HEAD"):
        return
    last: tuple[CloudResource, dict[str, Any]] | None = None
    for ruleset, rule in _rules(world.rows, zone_id, "http_request_cache_settings"):
        if holds(str(rule.get("expression")), request) and "cache" in (rule.get("actionParameters") or {}):
            last = ruleset, rule
    parameters = (last[1].get("actionParameters") or {}) if last is not None else {}
    if last is None or not parameters.get("cache"):
        return
    mode = str((parameters.get("edgeTtl") or {}).get("mode") or "respect_origin")
    name = str(last[1].get("ref") or last[1].get("description"))
    if mode == "override_origin":
        reason = f"Rule '{name}' caches answers of the API, and would send one user's answer to others."
        yield fails("cdn-cache", label(last[0]), f"rules.{name}", reason, sources.CLOUDFLARE_RULES)
    else:
        reason = f"Rule '{name}' caches the answers that the API allows to be cached, which the model does not know."
        yield unknown("cdn-cache", label(last[0]), f"rules.{name}", reason, sources.CLOUDFLARE_RULES)


def setting(rows: Rows, zone_id: str, name: str) -> str:
    """Return a setting of a zone, "" if no stack sets it."""
    found = next((each for each in rows.find(ZONE_SETTING, zoneId=zone_id) if each.value("settingId") == name), None)
    return str(found.value("value")) if found is not None else ""


def _presents_certificate(rows: Rows, zone_id: str) -> bool:
    for type in (ORIGIN_PULLS_SETTING, ORIGIN_PULLS):
        if any(each.value("enabled") is not False for each in rows.find(type, zoneId=zone_id)):
            return True
    return False


def _rules(rows: Rows, zone_id: str, phase: str) -> Iterator[tuple[CloudResource, dict[str, Any]]]:
    for ruleset in rows.find(RULESET, zoneId=zone_id):
        if ruleset.value("phase") == phase:
            for rule in listed(ruleset.value("rules")):
                if rule.get("enabled") is not False:
                    yield ruleset, rule


def _firewall(world: World, zone_id: str, phase: str, request: Request) -> Iterator[Hop]:
    ruleset: CloudResource | None = None
    for ruleset, rule in _rules(world.rows, zone_id, phase):
        name = str(rule.get("ref") or rule.get("description"))
        if str(rule.get("action")) == "log" or rule.get("ratelimit"):
            continue  # the request of a flow is the first of its client, which exceeds no rate
        try:
            matched = evaluate(str(rule.get("expression")), request)
        except Undecided as reason:
            yield unknown(
                "web-acl", label(ruleset), f"rules.{name}", f"Rule '{name}': {reason}", sources.CLOUDFLARE_RULES
            )
            continue
        if not matched:
            continue
        if str(rule.get("action")) == "skip":
            break
        if str(rule.get("action")) in ("block", "challenge", "js_challenge", "managed_challenge"):
            reason = f"Rule '{name}' blocks the request."
            yield fails("web-acl", label(ruleset), f"rules.{name}", reason, sources.CLOUDFLARE_RULES)
    if ruleset is not None:
        yield passes("web-acl", label(ruleset), "rules", "No rule blocks the request.", sources.CLOUDFLARE_RULES)


def _rewritten(world: World, zone_id: str, request: Request) -> tuple[Request, list[Hop]]:
    """Return the request as the origin gets it, after the rules that change its headers."""
    hops: list[Hop] = []
    headers: dict[str, str] = {}
    for ruleset, rule in _rules(world.rows, zone_id, "http_request_late_transform"):
        try:
            if not evaluate(str(rule.get("expression")), request):
                continue
        except Undecided as reason:
            hops.append(unknown("cdn-headers", label(ruleset), "rules", str(reason), sources.CLOUDFLARE_RULES))
            continue
        for name, change in ((rule.get("actionParameters") or {}).get("headers") or {}).items():
            if str(change.get("operation")) == "set" and change.get("value") is not None:
                headers[name] = str(change["value"])
        reason = f"Rule '{rule.get('ref')}' sets {', '.join(sorted(headers))}."
        hops.append(passes("cdn-headers", label(ruleset), "rules", reason, sources.CLOUDFLARE_RULES))
    return request.with_headers(headers), hops


def connects(rows: Rows, record: CloudResource, request: Request) -> bool:
    """Return whether a Cloud Connector rule or an origin rule sends a request to another origin than the record's."""
    return bool(record.value("proxied")) and bool(_connected(rows, str(record.value("zoneId")), request))


def _connected(rows: Rows, zone_id: str, request: Request) -> str:
    """Return the host of the Cloud Connector rule that applies, or of the origin rule that sets the Host header."""
    for connector in rows.find(CONNECTOR, zoneId=zone_id):
        for rule in listed(connector.value("rules")):
            if rule.get("enabled") is not False and holds(str(rule.get("expression")), request):
                return str((rule.get("parameters") or {}).get("host") or "")
    for _, rule in _rules(rows, zone_id, "http_request_origin"):
        if holds(str(rule.get("expression")), request):
            parameters = rule.get("actionParameters") or {}
            host = (parameters.get("origin") or {}).get("host") or parameters.get("hostHeader")
            if host:
                return str(host)
    return ""


def holds(expression: str, request: Request) -> bool:
    """Return whether an expression certainly matches a request."""
    try:
        return evaluate(expression, request)
    except Undecided:
        return False


# --- expressions ---

_TOKEN = re.compile(
    r"""\s*(?:(?P<raw>r(?P<hashes>\#*)"(?P<rawtext>.*?)"(?P=hashes))|(?P<string>"(?:[^"\\]|\\.)*")"""
    r"""|(?P<word>[A-Za-z_][A-Za-z0-9_.]*)|(?P<number>\d[\d./:a-fA-F]*)|(?P<sign>==|!=|&&|\|\||[(){}\[\],*!<>]))""",
    re.DOTALL,
)


def evaluate(expression: str, request: Request) -> bool:
    """Return whether an expression of Cloudflare's Rules language matches a request. Raises Undecided."""
    parser = _Parser(expression, request)
    result = parser.either()
    if parser.tokens[parser.position :]:
        raise Undecided("the expression has a form that the model does not know.")
    return bool(result)


class _Parser:
    """Evaluates the operators and fields that the request of a flow decides."""

    def __init__(self, text: str, request: Request) -> None:
        self.request = request
        self.position = 0
        self.tokens: list[tuple[str, str]] = []
        at, text = 0, text.strip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise Undecided("the expression has a form that the model does not know.")
            at = found.end()
            if found["raw"]:
                self.tokens.append(("string", found["rawtext"]))
            elif found["string"]:
                self.tokens.append(("string", re.sub(r"\\(.)", r"\1", found["string"][1:-1])))
            else:
                kind = "word" if found["word"] else "number" if found["number"] else "sign"
                self.tokens.append((kind, found[kind]))

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.position] if self.position < len(self.tokens) else ("", "")

    def take(self, *texts: str) -> bool:
        if self.peek()[0] in ("word", "sign") and self.peek()[1] in texts:
            self.position += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.take(text):
            raise Undecided(f"the expression has no '{text}' where the model expects it.")

    def either(self) -> bool:
        result = self.both()
        while self.take("or", "||"):
            other = self.both()
            result = result or other
        return result

    def both(self) -> bool:
        result = self.negated()
        while self.take("and", "&&"):
            other = self.negated()
            result = result and other
        return result

    def negated(self) -> bool:
        if self.take("not", "!"):
            return not self.negated()
        if self.take("("):
            result = self.either()
            self.expect(")")
            return result
        if self.take("any"):
            self.expect("(")
            result = self.comparison()
            self.expect(")")
            return result
        return self.comparison()

    def comparison(self) -> bool:
        left = self.value()
        if isinstance(left, bool) and self.peek()[1] in ("and", "or", "&&", "||", ")", ""):
            return left
        text = "" if left is None else str(left)
        if self.take("eq", "=="):
            right = self.value()
            return left is not None and text == str(right)
        if self.take("ne", "!="):
            return text != str(self.value())
        if self.take("contains"):
            return str(self.value()) in text
        if self.take("in"):
            return self.within(text)
        strict = self.take("strict")
        if self.take("wildcard"):
            pattern = str(self.value())
            return fnmatchcase(text, pattern) if strict else fnmatchcase(text.lower(), pattern.lower())
        raise Undecided(f"the model does not know the operator '{self.peek()[1]}'.")

    def within(self, text: str) -> bool:
        self.expect("{")
        values: list[str] = []
        while not self.take("}"):
            kind, value = self.peek()
            if not kind:
                raise Undecided("a list has no end.")
            self.position += 1
            values.append(value)
        return text in values or any(_in_block(text, each) for each in values)

    def value(self) -> str | bool | None:
        kind, text = self.peek()
        self.position += 1
        if kind in ("string", "number"):
            return text
        if kind != "word":
            raise Undecided("the expression has a form that the model does not know.")
        if text in ("true", "false"):
            return text == "true"
        if text in ("lower", "url_decode", "upper", "len"):
            self.expect("(")
            inner = str(self.value() or "")
            self.expect(")")
            return {
                "lower": inner.lower(),
                "upper": inner.upper(),
                "url_decode": unquote(inner),
                "len": str(len(inner)),
            }[text]
        if text in ("starts_with", "ends_with"):
            self.expect("(")
            whole = str(self.value() or "")
            self.expect(",")
            part = str(self.value() or "")
            self.expect(")")
            return whole.startswith(part) if text == "starts_with" else whole.endswith(part)
        return self.field(text)

    def field(self, name: str) -> str | bool | None:
        request = self.request
        if name == "http.request.headers":
            self.expect("[")
            header = str(self.value()).lower()
            self.expect("]")
            if self.take("["):
                self.position += 1  # "*" or a number
                self.expect("]")
            return request.headers.get(header)
        path = request.uri_path
        last = path.rpartition("/")[2]
        fields: dict[str, str | bool | None] = {
            "http.host": request.host,
            "http.request.method": request.method,
            "http.request.uri.path": path,
            "http.request.uri.query": request.query,
            "http.request.uri": request.path,
            "http.request.uri.path.extension": last.rpartition(".")[2] if "." in last else "",
            "http.user_agent": request.headers.get("user-agent", ""),
            "http.referer": request.headers.get("referer", ""),
            "http.cookie": request.headers.get("cookie", ""),
            "ip.src": request.address,
            "ip.src.country": request.country,
            "ip.src.asnum": str(CLIENT_ASN),
            "ip.geoip.asnum": str(CLIENT_ASN),
            "ip.geoip.country": request.country,
            "ssl": request.scheme in ("https", "wss"),
        }
        if name not in fields:
            raise Undecided(f"the model does not know the field {name}.")
        return fields[name]


def _in_block(address: str, block: str) -> bool:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(block, strict=False)
    except ValueError:
        return False
