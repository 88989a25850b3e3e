"""What the API decides for types whose outputs come from their schema: references, names, hosts and plans."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import UNKNOWN, Behaviour, BehaviourRule, Call, Rejection, Stage, documented, located, rule
from ..cloud import CloudResource
from ..input_rules import unique_inputs
from ..schema import UnknownTypeError, schema
from .plans import AVAILABILITY, COUNTED, LOWEST_PLAN, is_below, plan_allows_number, plan_has_product, plan_of
from .sources import ERRORS, provider
from .zones import domain_of, in_zone, is_inside

_INCLUDE = documented(
    "https://developers.cloudflare.com/cloudflare-one/access-controls/policies/#rule-types", read="2026-11-29"
)
_BYPASS = documented(
    "https://developers.cloudflare.com/cloudflare-one/access-controls/policies/#bypass: no identity-based selectors",
    read="2026-11-29",
)
_MANAGED_PAGE = documented(
    "https://developers.cloudflare.com/rules/transform/managed-transforms/, reference and configure",
    read="2026-11-29",
)
_CRON = re.compile(
    r"(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC|SUN|MON|TUE|WED|THU|FRI|SAT|L|W|\d+|[*,/\-#])+", re.IGNORECASE
)


def _token(name: str) -> str:
    return f"cloudflare:index/{name[0].lower()}{name[1:]}:{name}"


def _known(call: Call, name: str, value: object) -> CloudResource | None:
    """Return the resource of a type that has a value as its id or as one of its names."""
    names = ("name", "scriptName", "queueName", "queueId", "snippetName", "title")
    for found in call.cloud.find(_token(name)):
        if found.id == value or any(found.outputs.get(each) == value for each in names):
            return found
    return None


def _refers(path: str, types: tuple[str, ...], what: str, code: str) -> BehaviourRule:
    """Return the rule that the values at a path are ids or names of resources of one of `types`."""

    @rule(f"{what.replace(' ', '-')}-exists", Stage.CREATE, Stage.UPDATE, source=ERRORS)
    def check(call: Call) -> Iterator[Rejection]:
        for at, value in located(call.inputs, path):
            if value and not any(_known(call, name, value) for name in types):
                yield Rejection(at, f"the {what} '{value}' does not exist.", code)

    return check


_SCRIPTS = ("WorkersScript", "Worker")
_TUNNELS = ("ZeroTrustTunnelCloudflared", "ZeroTrustTunnelWarpConnector")


def _bucket(path: str = "bucketName") -> BehaviourRule:
    return _refers(path, ("R2Bucket",), "bucket", "10006")


_REFERENCES: Mapping[str, tuple[BehaviourRule, ...]] = {
    "ListItem": (_refers("listId", ("List",), "list", "10001"),),
    "PagesDomain": (_refers("projectName", ("PagesProject",), "project", "8000007"),),
    "QueueConsumer": (
        _refers("queueId", ("Queue",), "queue", "11000"),
        _refers("scriptName", _SCRIPTS, "script", "10007"),
        _refers("deadLetterQueue", ("Queue",), "dead-letter queue", "11000"),
    ),
    "R2BucketCors": (_bucket(),),
    "R2BucketEventNotification": (_bucket(), _refers("queueId", ("Queue",), "queue", "11000")),
    "R2BucketLifecycle": (_bucket(),),
    "R2CustomDomain": (_bucket(),),
    "SnippetRules": (_refers("rules[*].snippetName", ("Snippet",), "snippet", "10000"),),
    "WaitingRoomEvent": (_refers("waitingRoomId", ("WaitingRoom",), "waiting room", "1001"),),
    "WaitingRoomRules": (_refers("waitingRoomId", ("WaitingRoom",), "waiting room", "1001"),),
    "WorkersCronTrigger": (_refers("scriptName", _SCRIPTS, "script", "10007"),),
    "WorkersCustomDomain": (_refers("service", _SCRIPTS, "script", "10007"),),
    "WorkersKv": (_refers("namespaceId", ("WorkersKvNamespace",), "namespace", "10013"),),
    "WorkersRoute": (_refers("script", _SCRIPTS, "script", "10007"),),
    "ZeroTrustAccessApplication": (
        _refers("policies[*].id", ("ZeroTrustAccessPolicy",), "policy", "12130"),
        _refers("allowedIdps[*]", ("ZeroTrustAccessIdentityProvider",), "identity provider", "12130"),
    ),
    "ZeroTrustAccessPolicy": (_refers("includes[*].group.id", ("ZeroTrustAccessGroup",), "group", "12130"),),
    "ZeroTrustTunnelCloudflaredConfig": (_refers("tunnelId", _TUNNELS, "tunnel", "1000"),),
    "ZeroTrustTunnelCloudflaredRoute": (
        _refers("tunnelId", _TUNNELS, "tunnel", "1000"),
        _refers("virtualNetworkId", ("ZeroTrustTunnelCloudflaredVirtualNetwork",), "virtual network", "1000"),
    ),
}


def _once(*scope: str, code: str) -> BehaviourRule:
    return unique_inputs(*scope, code=code, source=ERRORS)


_UNIQUE: Mapping[str, BehaviourRule] = {
    "CustomHostname": _once("zoneId", "hostname", code="1406"),
    "D1Database": _once("accountId", "name", code="7502"),
    "List": _once("accountId", "name", code="10022"),
    "PagesProject": _once("accountId", "name", code="8000002"),
    "Queue": _once("accountId", "queueName", code="11009"),
    "R2Bucket": _once("accountId", "name", "jurisdiction", code="10004"),
    "R2CustomDomain": _once("zoneId", "domain", code="10043"),
    "WaitingRoom": _once("zoneId", "host", "path", code="1004"),
    "WorkersCustomDomain": _once("accountId", "hostname", code="100116"),
    "WorkersKvNamespace": _once("accountId", "title", code="10014"),
    "WorkersRoute": _once("zoneId", "pattern", code="10020"),
    "WorkersScript": _once("accountId", "scriptName", code="10021"),
    "ZeroTrustTunnelCloudflared": _once("accountId", "name", code="1013"),
    "ZeroTrustTunnelCloudflaredRoute": _once("accountId", "network", "virtualNetworkId", code="1014"),
    "ZeroTrustTunnelCloudflaredVirtualNetwork": _once("accountId", "name", code="1011"),
}

# --- hosts in their zone ---

_HOSTS: Mapping[str, str] = {
    "CustomHostnameFallbackOrigin": "origin",
    "HostnameTlsSetting": "hostname",
    "PageRule": "target",
    "R2CustomDomain": "domain",
    "RegionalHostname": "hostname",
    "SpectrumApplication": "dns.name",
    "WaitingRoom": "host",
    "WorkersCustomDomain": "hostname",
    "WorkersRoute": "pattern",
    "ZeroTrustAccessApplication": "domain",
    "ZoneLockdown": "urls[*]",
}
"""By type, the input with a host of the zone, which may be part of a URL or a pattern."""


@rule("host-is-in-the-zone", Stage.CREATE, Stage.UPDATE, source=ERRORS)
def _host(call: Call) -> Iterator[Rejection]:
    domain = domain_of(call)
    if domain is None:
        return  # the reference reports it, or the resource is one of the account
    for at, value in located(call.inputs, _HOSTS[call.type.rpartition(":")[2]]):
        host = re.sub(r"^(\*|https?)://", "", str(value)).partition("/")[0].partition(":")[0].lower()
        if not is_inside(host.lstrip("*."), domain):
            yield Rejection(at, f"the host is not in the zone {domain} (got '{value}').", "1002")


# --- plans ---

_PAGE_RULES = {"free": 3, "pro": 20, "business": 50, "enterprise": 125}


@rule("plan-allows-the-page-rules", Stage.CREATE, source=AVAILABILITY)
def _page_rules(call: Call) -> Iterator[Rejection]:
    plan = plan_of(call)
    others = [each for each in call.cloud.find(call.type, zoneId=call.get("zoneId")) if each.urn != call.urn]
    maximum = _PAGE_RULES.get(plan or "")
    if maximum is not None and len(others) >= maximum:
        yield Rejection("", f"too many page rules (the plan {plan} allows {maximum}).", "1004")
    if not any(value not in (None, False) for value in (call.get("actions") or {}).values()):
        yield Rejection("actions", "at least one action must be set.", "1004")


# --- other rules ---


@rule("cron-is-valid", Stage.CREATE, Stage.UPDATE, source=ERRORS)
def _cron(call: Call) -> Iterator[Rejection]:
    for at, text in located(call.inputs, "schedules[*].cron"):
        fields = str(text).split()
        if len(fields) != 5 or not all(_CRON.fullmatch(each) for each in fields) or not _starts_in_range(fields):
            yield Rejection(
                at, f"invalid cron string (got '{text}'). It has five fields, such as '*/5 * * * *'.", "10100"
            )


def _starts_in_range(fields: list[str]) -> bool:
    highest = (59, 23, 31, 12, 7)
    return all(
        int(number) <= maximum
        for field, maximum in zip(fields, highest, strict=True)
        for number in re.findall(r"(?<![/#\d])\d+", field)
    )


@rule("item-fits-its-list", Stage.CREATE, source=ERRORS)
def _item(call: Call) -> Iterator[Rejection]:
    found = _known(call, "List", call.get("listId"))
    kind = str(found.inputs.get("kind")) if found else None
    yield from _item_rejections(call.inputs, kind, at=kind or "", prefix="")


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


@rule("list-items-fit-their-kind", Stage.PLAN, source=ERRORS)
def _items(call: Call) -> Iterator[Rejection]:
    kind = call.get("kind")
    for at, each in located(call.inputs, "items[*]"):
        if isinstance(each, Mapping) and isinstance(kind, str):
            yield from _item_rejections(each, kind, at=at, prefix=f"{at}.")


def _item_rejections(item: Mapping[str, Any], kind: str | None, *, at: str, prefix: str) -> Iterator[Rejection]:
    """Reject an item that does not fit the kind of its list, which is None if the list does not exist."""
    given = [name for name in ("asn", "hostname", "ip", "redirect") if item.get(name) is not None]
    if kind is not None and given != [kind]:
        got = ", ".join(given) or "none"
        yield Rejection(at, f"an item of a list of kind {kind} must have {kind} and no other (got {got}).", "10014")
    address = item.get("ip")
    if isinstance(address, str) and not _is_address(address):
        yield Rejection(f"{prefix}ip", f"it is neither an address nor a range (got '{address}').", "10014")


@rule(
    "last-ingress-rule-catches-all", Stage.CREATE, Stage.UPDATE,
    source=documented(
        "https://github.com/cloudflare/cloudflare-docs, src/content/partials/cloudflare-one/tunnel/locally-managed/"
        "configuration-file.mdx",
        read="2026-11-29",
    ),
)  # fmt: skip
def _ingress(call: Call) -> Iterator[Rejection]:
    rules = call.get("config.ingresses") or []
    for number, each in enumerate(rules):
        at, is_last = f"config.ingresses[{number}]", number == len(rules) - 1
        catches_all = not each.get("hostname") and not each.get("path")
        if "*" in str(each.get("hostname") or "").removeprefix("*."):
            message = f"a wildcard is allowed only as the first label (got '{each['hostname']}')."
            yield Rejection(f"{at}.hostname", message, "1056")
        if is_last and not catches_all:
            yield Rejection(at, "the last rule must match all URLs: it must have neither hostname nor path.", "1056")
        if not is_last and catches_all:
            yield Rejection(at, "it matches all URLs, so that no later rule does. Move it to the end.", "1056")
        service = str(each.get("service") or "")
        if not re.match(
            r"(https?|tcp|ssh|rdp|smb|unix|unix\+tls)://?.+|unix:.+|http_status:\d{3}$|hello_world$|bastion$|socks-proxy$",
            service,
        ):
            yield Rejection(
                f"{at}.service", f"invalid service (got '{service}'). Use the form http://localhost:8080.", "1056"
            )


@rule("network-is-an-address-range", Stage.PLAN, source=ERRORS)
def _network(call: Call) -> Iterator[Rejection]:
    network = call.get("network")
    if isinstance(network, str) and not _is_address(network):
        yield Rejection("network", f"it is no address range (got '{network}').", "1003")


_BINDINGS: Mapping[str, tuple[str, str, str]] = {
    "d1": ("id", "D1Database", "database"),
    "kv_namespace": ("namespaceId", "WorkersKvNamespace", "namespace"),
    "queue": ("queueName", "Queue", "queue"),
    "r2_bucket": ("bucketName", "R2Bucket", "bucket"),
    "service": ("service", "WorkersScript", "script"),
}
"""By type of a binding: the input that names its resource, its type, and the word for it."""


@rule("bindings-exist", Stage.CREATE, Stage.UPDATE, source=ERRORS)
def _bindings(call: Call) -> Iterator[Rejection]:
    names: set[str] = set()
    for at, each in located(call.inputs, "bindings[*]"):
        name = str(each.get("name"))
        if name in names:
            yield Rejection(f"{at}.name", f"duplicate binding (got '{name}').", "10021")
        names.add(name)
        path, kind, what = _BINDINGS.get(str(each.get("type")), ("", "", ""))
        value = each.get(path)
        if path and value is None:
            yield Rejection(
                f"{at}.{path}", f"it is missing. A binding of type {each.get('type')} requires it.", "10021"
            )
        elif path and value != call.get("scriptName") and _known(call, kind, value) is None:
            yield Rejection(f"{at}.{path}", f"the {what} '{value}' does not exist.", "10041")


_LONGEST_KEY = 512


@rule(
    "key-is-short",
    Stage.PLAN,
    source=documented("https://developers.cloudflare.com/kv/platform/limits/", read="2026-11-29"),
)
def _key(call: Call) -> Iterator[Rejection]:
    key = call.get("keyName")
    if isinstance(key, str) and len(key.encode()) > _LONGEST_KEY:
        message = f"the key is too long (got {len(key.encode())} bytes). Allowed are {_LONGEST_KEY}."
        yield Rejection("keyName", message, "10033")


@rule("member-has-roles-or-policies", Stage.PLAN, source=provider("account_member/schema.go"))
def _member(call: Call) -> Iterator[Rejection]:
    if (call.get("roles") is None) is (call.get("policies") is None):
        yield Rejection("roles", "exactly one of roles and policies must be set.", "PlanError")


_TLS_VERSIONS = ("1.0", "1.1", "1.2", "1.3")


@rule("tls-version-exists", Stage.PLAN, source=provider("zone_setting/schema.go"))
def _tls(call: Call) -> Iterator[Rejection]:
    value = call.get("value")
    if call.get("settingId") == "min_tls_version" and isinstance(value, str) and value not in _TLS_VERSIONS:
        yield Rejection("value", f"invalid value (got '{value}'). Allowed are {', '.join(_TLS_VERSIONS)}.", "1007")


@rule("script-has-its-content", Stage.PLAN, source=ERRORS)
def _content(call: Call) -> Iterator[Rejection]:
    given = [name for name in ("content", "contentFile") if call.inputs.get(name) is not None]
    if len(given) > 1:
        yield Rejection("contentFile", "it conflicts with content. Set only one of them.", "PlanError")
    if call.inputs.get("mainModule") is not None and call.inputs.get("bodyPart") is not None:
        yield Rejection("bodyPart", "it conflicts with mainModule. Set only one of them.", "PlanError")


@rule("token-has-a-policy", Stage.PLAN, source=ERRORS)
def _policies(call: Call) -> Iterator[Rejection]:
    if call.get("policies") == []:
        yield Rejection("policies", "at least one policy must be set.", "1001")
    for at, each in located(call.inputs, "policies[*].permissionGroups"):
        if each == []:
            yield Rejection(at, "at least one permission group must be set.", "1001")


@rule("address-is-in-the-zone", Stage.CREATE, Stage.UPDATE, source=ERRORS)
def _mail(call: Call) -> Iterator[Rejection]:
    domain = domain_of(call)
    for at, each in located(call.inputs, "matchers[*]"):
        host = str(each.get("value") or "").rpartition("@")[2].lower()
        if domain is not None and each.get("type") == "literal" and not is_inside(host, domain):
            yield Rejection(f"{at}.value", f"the address is not in the zone (got '{each.get('value')}').", "2013")
    for at, each in located(call.inputs, "actions[*]"):
        if each.get("type") in ("forward", "worker") and not each.get("values"):
            yield Rejection(f"{at}.values", f"it is missing. The action {each.get('type')} requires it.", "2013")


@rule("value-fits-its-target", Stage.PLAN, source=provider("access_rule/schema.go"))
def _target(call: Call) -> Iterator[Rejection]:
    target, value = call.get("configuration.target"), call.get("configuration.value")
    if not isinstance(value, str) or not isinstance(target, str):
        return
    fits = {
        "ip": lambda: _is_address(value) and "/" not in value and ":" not in value,
        "ip6": lambda: _is_address(value) and "/" not in value and ":" in value,
        "ip_range": lambda: _is_address(value) and "/" in value,
        "asn": lambda: bool(re.fullmatch(r"AS\d+", value, re.IGNORECASE)),
        "country": lambda: bool(re.fullmatch(r"[A-Z][A-Z0-9]", value)),
    }.get(target)
    if fits is not None and not fits():
        yield Rejection("configuration.value", f"it does not fit the target {target} (got '{value}').", "10001")


@rule("countries-are-blocked-by-enterprise", Stage.CREATE, Stage.UPDATE, source=AVAILABILITY)
def _blocked_country(call: Call) -> Iterator[Rejection]:
    plan = plan_of(call) if call.get("zoneId") else None
    is_country = call.get("configuration.target") == "country"
    if is_country and call.get("mode") == "block" and is_below(plan, "enterprise"):
        yield Rejection("mode", f"to block a country requires the Enterprise plan (plan is {plan}).", "10001")


_SPECTRUM: Mapping[str, tuple[str, ...]] = {
    "pro": ("tcp/22", "ssh", "tcp/25565", "minecraft"),
    "business": ("tcp/22", "ssh", "tcp/25565", "minecraft", "tcp/3389", "rdp"),
}
"""The protocols of Spectrum applications below the Enterprise plan: SSH, Minecraft, RDP."""


@rule("plan-allows-the-protocol", Stage.CREATE, Stage.UPDATE, source=AVAILABILITY)
def _protocol(call: Call) -> Iterator[Rejection]:
    plan = plan_of(call)
    allowed, protocol = _SPECTRUM.get(plan or ""), call.get("protocol")
    if allowed is not None and protocol not in allowed:
        yield Rejection("protocol", f"the plan {plan} allows only {', '.join(allowed)} (got '{protocol}').", "10001")


@rule("application-has-its-domain", Stage.PLAN, source=ERRORS)
def _domain(call: Call) -> Iterator[Rejection]:
    given = any(call.inputs.get(name) not in (None, "", []) for name in ("domain", "selfHostedDomains", "destinations"))
    if call.get("type") in ("self_hosted", "ssh", "vnc") and not given:
        yield Rejection("domain", f"it is missing. An application of type {call.get('type')} requires it.", "12130")


@rule("policy-has-an-include-rule", Stage.PLAN, source=_INCLUDE)
def _includes(call: Call) -> Iterator[Rejection]:
    if not call.inputs.get("includes") and call.get("includes") is not UNKNOWN:
        yield Rejection("includes", "it is empty. At least one Include rule is required.", "12130")


_IDENTITY = (
    "authMethod", "azureAd", "email", "emailDomain", "emailList", "githubOrganization", "gsuite", "loginMethod", "okta",
    "saml",
)  # fmt: skip


@rule("bypass-policy-does-not-identify", Stage.PLAN, source=_BYPASS)
def _bypass(call: Call) -> Iterator[Rejection]:
    if call.get("decision") != "bypass":
        return
    for kind in ("includes", "requires", "excludes"):
        for at, each in located(call.inputs, f"{kind}[*]"):
            for name in _IDENTITY:
                if isinstance(each, dict) and each.get(name) is not None:
                    message = "a policy that bypasses Access does not know the user. Use the decision allow."
                    yield Rejection(f"{at}.{name}", message, "12130")


_MANAGED = {
    "managedRequestHeaders": (
        "add_bot_protection_headers", "add_client_certificate_headers", "add_true_client_ip_headers",
        "add_visitor_location_headers", "add_waf_content_scan_status_header",
        "add_waf_credential_check_status_header", "remove_visitor_ip_headers",
    ),
    "managedResponseHeaders": ("add_security_headers", "remove_x-powered-by_header"),
}  # fmt: skip


@rule("managed-transform-exists", Stage.CREATE, Stage.UPDATE, source=_MANAGED_PAGE)
def _managed(call: Call) -> Iterator[Rejection]:
    for name, known in _MANAGED.items():
        for at, value in located(call.inputs, f"{name}[*].id"):
            if value not in known:
                yield Rejection(
                    at, f"unknown managed transform (got '{value}'). Allowed are {', '.join(known)}.", "20019"
                )
    plan, enabled = plan_of(call), {}
    for at, each in located(call.inputs, "managedRequestHeaders[*]"):
        if isinstance(each, dict) and each.get("enabled") is True:
            enabled[each.get("id")] = at
    for name in ("add_bot_protection_headers", "add_true_client_ip_headers"):
        if name in enabled and plan not in (None, "enterprise"):
            yield Rejection(f"{enabled[name]}.id", f"{name} requires the plan Enterprise (plan is {plan}).", "20019")
    if {"add_true_client_ip_headers", "remove_visitor_ip_headers"} <= enabled.keys():
        message = "it conflicts with add_true_client_ip_headers. Enable only one of them."
        yield Rejection(f"{enabled['remove_visitor_ip_headers']}.id", message, "20019")


_ZONE_DATASETS = (
    "dns_logs", "firewall_events", "http_requests", "nel_reports", "page_shield_events", "spectrum_events",
)  # fmt: skip


@rule("dataset-fits-its-scope", Stage.PLAN, source=ERRORS)
def _dataset(call: Call) -> Iterator[Rejection]:
    dataset, in_account = call.get("dataset"), call.inputs.get("accountId") is not None
    if isinstance(dataset, str) and in_account and dataset in _ZONE_DATASETS:
        yield Rejection("dataset", f"{dataset} is a dataset of zones. Set zoneId in place of accountId.", "1002")
    if isinstance(dataset, str) and call.inputs.get("zoneId") is not None and dataset not in _ZONE_DATASETS:
        yield Rejection("dataset", f"{dataset} is a dataset of accounts. Set accountId in place of zoneId.", "1002")


_OTHER: Mapping[str, tuple[BehaviourRule, ...]] = {
    "AccessRule": (_target, _blocked_country),
    "AccountMember": (_member,),
    "AccountToken": (_policies,),
    "ApiToken": (_policies,),
    "EmailRoutingRule": (_mail,),
    "HostnameTlsSetting": (_tls,),
    "List": (_items,),
    "ListItem": (_item,),
    "LogpushJob": (_dataset,),
    "ManagedTransforms": (_managed,),
    "PageRule": (_page_rules,),
    "SpectrumApplication": (_protocol,),
    "WorkersCronTrigger": (_cron,),
    "WorkersKv": (_key,),
    "WorkersScript": (_content, _bindings),
    "ZeroTrustAccessApplication": (_domain,),
    "ZeroTrustAccessGroup": (_includes,),
    "ZeroTrustAccessPolicy": (_includes, _bypass),
    "ZeroTrustTunnelCloudflaredConfig": (_ingress,),
    "ZeroTrustTunnelCloudflaredRoute": (_network,),
}

# --- rows ---

_IN_ZONES = (
    "ApiShield", "ArgoSmartRouting", "BotManagement", "CustomHostname", "CustomHostnameFallbackOrigin",
    "CustomSsl", "EmailRoutingCatchAll", "EmailRoutingDns", "EmailRoutingRule", "EmailRoutingSettings",
    "HostnameTlsSetting", "KeylessCertificate", "LeakedCredentialCheck", "LogpullRetention", "LogpushJob",
    "ManagedTransforms", "PageRule", "PageShieldPolicy", "R2CustomDomain", "RegionalHostname",
    "RegionalTieredCache", "Snippet", "SnippetRules", "SpectrumApplication", "TotalTls", "UniversalSslSetting",
    "UrlNormalizationSettings", "UserAgentBlockingRule", "WaitingRoom", "WaitingRoomEvent", "WaitingRoomRules",
    "WorkersCustomDomain", "WorkersRoute", "ZeroTrustAccessApplication", "ZoneCacheReserve",
    "ZoneCacheVariants", "ZoneDnsSettings", "ZoneDnssec", "ZoneHold", "ZoneLockdown", "ZoneSubscription",
)  # fmt: skip
"""Types without a behaviour row that are, or may be, resources of a zone."""


def _row(name: str) -> Behaviour | None:
    try:
        schema(_token(name))
    except UnknownTypeError:
        return None  # the installed SDK is older
    rules = [*_REFERENCES.get(name, ()), *_OTHER.get(name, ())]
    if name in _UNIQUE:
        rules.append(_UNIQUE[name])
    if name in _HOSTS:
        rules.append(_host)
    if name in LOWEST_PLAN:
        rules.append(plan_has_product)
    if name in COUNTED:
        rules.append(plan_allows_number)
    references = (in_zone(),) if name in _IN_ZONES else ()
    return Behaviour(type=_token(name), source=ERRORS, references=references, rules=tuple(rules))


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = tuple(
    row
    for name in sorted({*_REFERENCES, *_UNIQUE, *_HOSTS, *LOWEST_PLAN, *COUNTED, *_OTHER, *_IN_ZONES})
    if (row := _row(name)) is not None
)
