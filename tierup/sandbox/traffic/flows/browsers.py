"""Flows of browsers and health checkers: they resolve a name and send a request to a CDN or a load balancer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..flow import Flow, FlowKind
from ..hop import Hop, Request, World, fails, passes, unknown
from ..hops import alb, cloudflare, cloudfront, dns, ecs, hosts, network, pod_targets, waf
from ..manifests import variables
from ..memory import SERVICE, containers
from ..rows import Rows, label, listed

HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck"
_CHECKER_COUNTRIES = ("US", "IE", "SG", "AU", "JP", "BR")
"""Countries of the regions of Route 53's health checkers: HealthCheckRegion in its API model (read 2026-11-28)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A name that clients use."""

    host: str
    kind: str  # "site" or "api"
    stack: str
    load_balancer: CloudResource | None = None


def entries(rows: Rows) -> list[Entry]:
    """Return the names that clients use: aliases of distributions, names of listeners' certificates, DNS records."""
    found: dict[str, Entry] = {}

    def add(host: str, kind: str, owner: CloudResource, load_balancer: CloudResource | None = None) -> None:
        host = host.rstrip(".").lower()
        known = found.get(host)
        if not host or "*" in host or (known is not None and (known.load_balancer or load_balancer is None)):
            return
        found[host] = Entry(host, kind, owner.stack if owner.urn else "", load_balancer)

    for listener in rows.all(alb.LISTENER):
        load_balancer = rows.one(alb.LOAD_BALANCER, id=str(listener.value("loadBalancerArn")))
        if str(listener.value("protocol")) != "HTTPS" or load_balancer is None or load_balancer.value("internal"):
            continue
        arns = [listener.value("certificateArn")]
        arns += [each.value("certificateArn") for each in rows.find(alb.LISTENER_CERTIFICATE, listenerArn=listener.id)]
        for arn in arns:
            certificate = rows.one("aws:acm/certificate:Certificate", arn=str(arn))
            if certificate is not None:
                add(str(certificate.value("domainName")), "api", certificate, load_balancer)
        for rule in rows.find(alb.LISTENER_RULE, listenerArn=listener.id):
            for condition in listed(rule.value("conditions")):
                for host in listed((condition.get("hostHeader") or {}).get("values")):
                    add(str(host), "api", rule, load_balancer)
    for distribution in rows.all(cloudfront.DISTRIBUTION):
        behavior = distribution.value("defaultCacheBehavior") or {}
        origins = cloudfront.origins_of(distribution, behavior)
        kind, target = dns.origin_of(rows, str(origins[0].get("domainName"))) if origins else (None, None)
        for alias in listed(distribution.value("aliases")):
            if kind is dns.TargetKind.LOAD_BALANCER:
                add(str(alias), "api", distribution, target)
            else:
                # A listener may have a certificate for the name, too, for the paths that the distribution forwards.
                found.pop(str(alias).rstrip(".").lower(), None)
                add(str(alias), "site", distribution)
    # A CDN reaches the load balancers of several regions by a name that no browser uses.
    origin_names = {
        str(origin.get("domainName"))
        for distribution in rows.all(dns.DISTRIBUTION)
        for origin in listed(distribution.value("origins"))
    } | {str(record.value("content")) for record in rows.all(dns.CLOUDFLARE_RECORD) if record.value("proxied")}
    for record in [*rows.all(dns.RECORD), *rows.all(dns.CLOUDFLARE_RECORD)]:
        host = dns.record_name(record)
        if host.startswith("_") or host in origin_names:
            continue  # a validation record, or the name of an origin
        for content in _contents(record):
            kind, target = dns.target_of(rows, content)
            if kind is dns.TargetKind.LOAD_BALANCER and cloudflare.connects(rows, record, Request(host=host)):
                found.pop(host.rstrip(".").lower(), None)
                add(host, "site", record)
            elif kind is dns.TargetKind.LOAD_BALANCER:
                add(host, "api", record, target)
            elif kind is dns.TargetKind.BUCKET:
                add(host, "site", record)
            elif kind is dns.TargetKind.HOST and (managed := hosts.host_of(content)) is not None:
                found.pop(host.rstrip(".").lower(), None)
                add(host, managed.serves, record)
    return sorted(found.values(), key=lambda entry: entry.host)


def _contents(record: CloudResource) -> list[str]:
    aliases = [str(each.get("name")) for each in listed(record.value("aliases"))]
    content = record.value("content")
    return [*aliases, *([str(content)] if content else []), *map(str, listed(record.value("records")))]


def behind_cdn(rows: Rows, host: str) -> bool:
    """Return whether a record of a name points at a CDN."""
    return any(
        answer.kind in (dns.TargetKind.CLOUDFRONT, dns.TargetKind.CLOUDFLARE) for answer in dns.answers_for(rows, host)
    )


ANY_CLIENT = "198.51.100.7"
"""The address of a client where no rule limits the addresses."""


def ordinary_client(rows: Rows) -> tuple[str, str]:
    """Return the country and the address of a client that the stack wants: ones that its allow-lists contain."""
    country, address = "DE", ANY_CLIENT
    for acl in rows.all(waf.ACL):
        for rule in listed(acl.value("rules")):
            for inner in _excepted(rule.get("statement") or {}):
                codes = listed((inner.get("geoMatchStatement") or {}).get("countryCodes"))
                if codes:
                    country = str(codes[0])
                address = next(iter(_addresses_of(rows, inner)), address)
    for ruleset in rows.all(cloudflare.RULESET):
        for rule in listed(ruleset.value("rules")):
            expression = str(rule.get("expression"))
            if rule.get("action") != "block" or "not " not in expression:
                continue
            if countries := re.search(r'country in \{"([A-Z]{2})"', expression):
                country = countries[1]
            if addresses := re.search(r"ip\.src in \{([0-9.]+)", expression):
                address = addresses[1]
    return country, address


def _excepted(statement: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the statements that must match for a rule not to match: those inside its NOT statements."""
    inner = statement.get("notStatement") or {}
    for each in [inner.get("statement"), *listed(inner.get("statements"))]:
        if each:
            yield from listed((each.get("orStatement") or {}).get("statements")) or [each]
    for each in listed((statement.get("andStatement") or {}).get("statements")):
        yield from _excepted(each)


def _addresses_of(rows: Rows, statement: dict[str, Any]) -> list[str]:
    """Return the first address of each block of the IP set of a statement, IPv4 only."""
    ip_set = rows.one(waf.IP_SET, arn=str((statement.get("ipSetReferenceStatement") or {}).get("arn")))
    blocks = [str(each) for each in listed(ip_set.value("addresses"))] if ip_set is not None else []
    return [block.partition("/")[0] for block in blocks if ":" not in block]


def browse(world: World, request: Request) -> Iterator[Hop]:
    """Yield the hops of a request from a client that resolves its host first."""
    hop, answer = dns.resolve(world, request.host, ipv6=request.ipv6)
    yield hop
    if answer is not None:
        yield from with_answer(world, answer, request)


def browse_cached(world: World, answer: dns.Answer, request: Request) -> Iterator[Hop]:
    """Yield the hops of a request from a client that still has an answer, or a connection, from before a change."""
    if answer.kind in (dns.TargetKind.CLOUDFLARE, dns.TargetKind.HOST):
        current = answer
    else:
        kind, target = dns.target_of(world.rows, answer.content)
        if target is None:
            reason = f"A client that cached the answer still uses {answer.content}, which no longer exists."
            yield fails("dns", label(answer.record), "content", reason, sources.ALIAS_TTL)
            return
        current = replace(answer, kind=kind, target=target)
    yield from with_answer(world, current, request)


def with_answer(world: World, answer: dns.Answer, request: Request) -> Iterator[Hop]:
    """Yield the hops of a request to what a name points at."""
    if answer.kind is not dns.TargetKind.LOAD_BALANCER and request.server_port not in (0, 80, 443):
        reason = f"The CDN serves no requests on port {request.server_port}."
        yield fails("cdn", label(answer.record), "port", reason, sources.CLOUDFRONT_BEHAVIOR)
    if answer.kind is dns.TargetKind.CLOUDFRONT and answer.target is not None:
        yield from cloudfront.serve(world, answer.target, request)
    elif answer.kind is dns.TargetKind.CLOUDFLARE:
        yield from cloudflare.serve(world, answer, request)
    elif answer.kind is dns.TargetKind.HOST:
        yield from hosts.serve(world, answer.content, request)
    elif answer.kind is dns.TargetKind.LOAD_BALANCER and answer.target is not None:
        source = network.Party(name="the internet", addresses=[f"{request.address}/32"])
        yield from alb.reach(world, answer.target, source, request)
    else:
        reason = f"{request.host} points directly at a bucket, which has no certificate for it."
        yield unknown("dns", label(answer.record), "content", reason, sources.ALIAS_RECORD)


BROWSER = {"user-agent": "Mozilla/5.0", "accept": "*/*", "accept-language": "en"}


def request_flow(entry: Entry, label_text: str, request: Request, *, kind: str, source: str = "browser") -> Flow:
    """Return the flow of one request to an entry."""
    url = f"{'wss' if 'upgrade' in request.headers else request.scheme}://{request.host}{request.path}"
    return Flow(
        id=f"{source} {label_text} {url}" + (" over IPv6" if request.ipv6 else ""),
        kind=kind,
        source=source,
        target=url,
        stack=entry.stack,
        trace=partial(browse, request=request),
        cached=None if request.ipv6 else partial(browse_cached, request=request),
        host=request.host,
    )


def ordinary_request(rows: Rows, host: str, path: str, **changes: object) -> Request:
    """Return a browser's request from a client that the stack wants."""
    country, address = ordinary_client(rows)
    headers = {**BROWSER, **changes.pop("headers", {})}  # pyright: ignore[reportCallIssue, reportArgumentType, reportGeneralTypeIssues]
    mutual = any(alb.verifies_clients(listener) for listener in rows.all(alb.LISTENER))
    return Request(
        host=host, path=path, country=country, address=address, client_certificate=mutual, headers=headers, **changes  # pyright: ignore[reportArgumentType]
    )  # fmt: skip


def _site(rows: Rows) -> Iterable[Flow]:
    for entry in entries(rows):
        if entry.kind == "site":
            for path in ("/", "/assets/app.js"):
                yield request_flow(entry, "GET", ordinary_request(rows, entry.host, path), kind="site")
            if _answers_ipv6(rows, entry.host):
                request = ordinary_request(rows, entry.host, "/", ipv6=True)
                yield request_flow(entry, "GET", request, kind="site")


def _pages(rows: Rows) -> Iterable[Flow]:
    """The site's pages call the API of the same stack, if both names exist."""
    every = entries(rows)
    for site in every:
        apis = [each for each in every if each.kind == "api" and each.stack == site.stack]
        if site.kind == "site" and len(apis) == 1:
            trace = partial(page_calls, site=site.host, api=apis[0].host)
            yield Flow(
                id=f"page of https://{site.host} to https://{apis[0].host}", kind="page", source="page",
                target=f"https://{apis[0].host}", stack=site.stack, trace=trace,
            )  # fmt: skip


def page_calls(world: World, site: str, api: str) -> Iterator[Hop]:
    """Yield what a browser checks before a page may call the API: the site's policy, and the API's allowed origins."""
    origin, target = f"https://{site}", f"https://{api}"
    place, policy = content_security_policy(world, site)
    directives = {name: values for name, *values in (part.split() for part in policy.split(";") if part.strip())}
    allowed = directives.get("connect-src", directives.get("default-src"))
    if allowed is not None and not {target, "*", "https:", api} & set(allowed):
        reason = f"The site's Content-Security-Policy does not allow pages to connect to {target}."
        yield fails("page-policy", place, "connect-src", reason, sources.CONTENT_SECURITY_POLICY)
    reason = f"The site's policy allows pages to connect to {target}." if policy else "The site sets no policy."
    yield passes("page-policy", place, "connect-src", reason, sources.CONTENT_SECURITY_POLICY)
    for service in world.rows.all(SERVICE):
        if not listed(service.value("loadBalancers")):
            continue
        definition = ecs.definition_of(world.rows, service)
        for container in containers(definition):
            given = next((e.get("value") for e in container.get("environment", ()) if e.get("name") == _ORIGINS), None)
            if given is None or definition is None:
                continue
            if not {origin, "*"} & {each.strip() for each in str(given).split(",")}:
                reason = f"The API allows the origins {given}, not {origin}, so browsers hide its answers from pages."
                yield fails("cors", label(definition), _ORIGINS, reason, sources.CORS)
            yield passes("cors", label(definition), _ORIGINS, f"The API allows the origin {origin}.", sources.CORS)
    for type in pod_targets.BINDINGS:
        for binding in world.rows.all(type):
            for target in pod_targets.targets_of(world.rows, binding):
                place = label(target.deployment)
                yield from _allows_origin(place, variables(target.deployment).get(_ORIGINS), origin)
    for service in hosts.services(world.rows):
        yield from _allows_origin(label(service), hosts.variables(world.rows, service).get(_ORIGINS), origin)


def _allows_origin(place: str, given: str | None, origin: str) -> Iterator[Hop]:
    """Yield whether pods or a service on a host allow an origin, if they state origins."""
    if given is not None:
        allowed = bool({origin, "*"} & {each.strip() for each in given.split(",")})
        reason = f"{place} allows the origins {given}."
        yield (passes if allowed else fails)("cors", place, _ORIGINS, reason, sources.CORS)


_ORIGINS = "ALLOWED_ORIGINS"
"""The variable with the origins that may read the application's answers (docs/how-to/bring-your-application.md)."""


def content_security_policy(world: World, site: str) -> tuple[str, str]:
    """Return where a site's Content-Security-Policy is set, and the policy; both "" if nothing sets one."""
    for distribution in world.rows.all(cloudfront.DISTRIBUTION):
        if site not in listed(distribution.value("aliases")):
            continue
        identity = (distribution.value("defaultCacheBehavior") or {}).get("responseHeadersPolicyId")
        policy = world.rows.one("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", id=str(identity))
        security = (policy.value("securityHeadersConfig") or {}) if policy is not None else {}
        text = (security.get("contentSecurityPolicy") or {}).get("contentSecurityPolicy")
        if policy is not None and text:
            return label(policy), str(text)
    request = Request(host=site)
    for ruleset in world.rows.all(cloudflare.RULESET):
        if ruleset.value("phase") != "http_response_headers_transform":
            continue
        for rule in listed(ruleset.value("rules")):
            headers = (rule.get("actionParameters") or {}).get("headers") or {}
            found = next((each for name, each in headers.items() if name.lower() == "content-security-policy"), None)
            if found is not None and found.get("value") and cloudflare.holds(str(rule.get("expression")), request):
                return label(ruleset), str(found["value"])
    return "", ""


def _answers_ipv6(rows: Rows, host: str) -> bool:
    return any(dns.record_name(record) == host and record.value("type") == "AAAA" for record in rows.all(dns.RECORD))


def _api(rows: Rows) -> Iterable[Flow]:
    all_entries = entries(rows)
    origin = next((f"https://{entry.host}" for entry in all_entries if entry.kind == "site"), "https://example.com")
    for entry in all_entries:
        host, kind = entry.host, "api"
        headers = {"origin": origin}
        if entry.kind != "api":
            if _forwards_to_api(rows, host):
                yield request_flow(entry, "GET", ordinary_request(rows, host, _API_REQUEST), kind=kind)
                posted = ordinary_request(
                    rows, host, _API_REQUEST, method="POST", body_bytes=512,
                    headers={**headers, "content-type": "application/json"},
                )  # fmt: skip
                yield request_flow(entry, "POST", posted, kind=kind)
            continue
        yield request_flow(entry, "GET", ordinary_request(rows, host, "/api/tasks", headers=headers), kind=kind)
        posted = ordinary_request(
            rows, host, "/api/tasks", method="POST", body_bytes=512,
            headers={**headers, "content-type": "application/json"},
        )  # fmt: skip
        yield request_flow(entry, "POST", posted, kind=kind)
        preflight = {**headers, "access-control-request-method": "POST"}
        asked = ordinary_request(rows, host, "/api/tasks", method="OPTIONS", headers=preflight)
        yield request_flow(entry, "OPTIONS", asked, kind=kind)
        upgrade = {**headers, "upgrade": "websocket", "connection": "Upgrade"}
        socket = ordinary_request(rows, host, "/socket.io/", headers=upgrade)
        yield request_flow(entry, "websocket", socket, kind=kind)
        if _answers_ipv6(rows, host):
            request = ordinary_request(rows, host, "/api/tasks", ipv6=True)
            yield request_flow(entry, "GET", request, kind=kind)
        for path, rule in sorted(_further_paths(rows, entry).items()):
            asked = ordinary_request(rows, host, path, headers=headers, rule=rule)
            yield request_flow(entry, "GET", asked, kind=kind)


_API_REQUEST = "/api/tasks"


def _forwards_to_api(rows: Rows, host: str) -> bool:
    """Return whether the CDN of a site forwards the API's path to a load balancer."""
    request = Request(host=host, path=_API_REQUEST)
    for distribution in rows.all(cloudfront.DISTRIBUTION):
        if host not in listed(distribution.value("aliases")):
            continue
        behavior, _ = cloudfront.behavior_for(distribution, request)
        for origin in cloudfront.origins_of(distribution, behavior):
            if dns.target_of(rows, str(origin.get("domainName")))[0] is dns.TargetKind.LOAD_BALANCER:
                return True
    return any(
        dns.target_of(rows, content)[0] is dns.TargetKind.LOAD_BALANCER
        and not cloudflare.connects(rows, record, request)
        for record in rows.all(dns.CLOUDFLARE_RECORD)
        if dns.record_name(record) == host
        for content in _contents(record)
    )


def _further_paths(rows: Rows, entry: Entry) -> dict[str, str]:
    """Return a path for each path pattern of a listener rule, other than the pattern for all, with the rule's id.

    The id is empty if the rule has further conditions, or another rule has the pattern, too: any rule may decide then.
    """
    found: dict[str, str] = {}
    if entry.load_balancer is None:
        return found
    for listener in rows.find(alb.LISTENER, loadBalancerArn=entry.load_balancer.id):
        if str(listener.value("protocol")) != "HTTPS":
            continue
        for rule in rows.find(alb.LISTENER_RULE, listenerArn=listener.id):
            conditions = listed(rule.value("conditions"))
            hosts = [str(host) for each in conditions for host in listed((each.get("hostHeader") or {}).get("values"))]
            if hosts and entry.host not in hosts:
                continue
            kinds = {kind for each in conditions for kind, value in each.items() if value}
            decides = kinds <= {"pathPattern", "hostHeader"} and listener.value("port") == 443
            patterns = [str(p) for each in conditions for p in listed((each.get("pathPattern") or {}).get("values"))]
            for path in (p.replace("*", "x").replace("?", "x") for p in patterns if p not in ("/*", "*")):
                found[path] = rule.id if decides and path not in found else ""
    return found


def _checkers(rows: Rows) -> Iterable[Flow]:
    for check in rows.all(HEALTH_CHECK):
        host = str(check.value("fqdn") or "")
        if not host:
            continue
        entry = Entry(host, "api", check.stack)
        scheme = "https" if str(check.value("type")).startswith("HTTPS") else "http"
        request = Request(
            host=host, path=str(check.value("resourcePath") or "/"), scheme=scheme, address="15.177.0.1",
            headers={"user-agent": "Amazon-Route53-Health-Check-Service"}, country=_CHECKER_COUNTRIES[0],
            server_port=int(check.value("port") or 0),
        )  # fmt: skip
        flow = request_flow(entry, "GET", request, kind="health-checker", source="health checker")
        yield replace(flow, trace=partial(_check, request=request, key=check.key))


def _check(world: World, request: Request, key: int) -> Iterator[Hop]:
    """Yield the hops of a health checker: its own settings, the request, and whether the tasks answer the path."""
    check = next((each for each in world.rows.all(HEALTH_CHECK) if each.key == key), None)
    if check is None:
        yield fails("health-check", request.host, "id", "The health check does not exist.", sources.HEALTH_CHECKS)
        return
    name = label(check)
    if request.scheme == "https" and check.value("enableSni") is False:
        reason = "The checkers send no server name, so CDNs and load balancers cannot choose a certificate."
        yield fails("health-check", name, "enableSni", reason, sources.HEALTH_CHECKS)
    if check.value("disabled") or check.value("invertHealthcheck"):
        reason = "The health check is disabled or inverted, so it does not report whether the API answers."
        yield fails("health-check", name, "disabled", reason, sources.HEALTH_CHECKS)
    if check.value("searchString"):
        reason = "The health check searches for a text, which the model does not know in the answer."
        yield unknown("health-check", name, "searchString", reason, sources.HEALTH_CHECKS)
    reached = False
    for hop in browse(world, request):
        reached = reached or hop.name == "target-health"
        yield hop
    paths = {str((each.value("healthCheck") or {}).get("path") or "/") for each in world.rows.all(alb.TARGET_GROUP)}
    if reached and paths and request.uri_path not in paths:
        reason = (
            f"No target group is checked on {request.uri_path}, so the model does not know whether tasks answer it."
        )
        yield unknown("health-check", name, "resourcePath", reason, sources.HEALTH_CHECKS)


FLOW_KINDS = (
    FlowKind(id="site", description="A browser loads the site's pages and assets.", derive=_site),
    FlowKind(id="api", description="A browser calls the API: GET, POST, a CORS preflight, a WebSocket.", derive=_api),
    FlowKind(id="page", description="A page of the site may call the API: policy and allowed origins.", derive=_pages),
    FlowKind(id="health-checker", description="Route 53's health checkers request the health path.", derive=_checkers),
)
