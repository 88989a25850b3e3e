"""The Cloudflare zone: token, status, plan, permissions, and rules that exist already.

https://developers.cloudflare.com/api/ (read 2026-11-28 as stored pages: tokens/verify, zones, rulesets)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from tierup.http_session import open_session
from tierup.preflight.check import CheckNotPossibleError, PreflightCheck, PreflightFinding, failed, passed
from tierup.preflight.context import PreflightContext, input_text
from tierup.preflight.domain import host_names, in_cloudflare
from tierup.preflight.http_client import HttpAnswer, send
from tierup.program_loader import import_path

with import_path():
    from components.cdn.provider import CdnKind
    from components.dns.host_name import names_outside

_BASE_URL: Final = "https://api.cloudflare.com/client/v4"
_RULESET: Final = "cloudflare:index/ruleset:Ruleset"
_CONNECTOR: Final = "cloudflare:index/cloudConnectorRules:CloudConnectorRules"
_RECORD: Final = "cloudflare:index/dnsRecord:DnsRecord"
_CREATE: Final = "Create a token at dash.cloudflare.com/profile/api-tokens and export CLOUDFLARE_API_TOKEN"

# The states of a zone before its delegation and after its end. Cloudflare answers DNS queries in both, but proxies no
# name, so the zone may have them while CloudFront serves. It deletes a zone of the plan Free that is pending for 28
# days or moved for 7 days. https://developers.cloudflare.com/dns/zone-setups/reference/domain-status/ (read 2026-11-29)
_UNDELEGATED: Final = ("pending", "moved")
_ENTRY_POINT: Final = "/rulesets/phases/{}/entrypoint"
# What the program creates (a type, or the phase of a ruleset), and the permission group that its creation needs.
# https://developers.cloudflare.com/fundamentals/api/reference/permissions/ (from memory)
PERMISSIONS: Final[Mapping[str, tuple[str, str]]] = {
    "cloudflare:index/dnsRecord": ("DNS records", "DNS Write"),
    "cloudflare:index/zoneSetting": ("zone settings", "Zone Settings Write"),
    "cloudflare:index/tieredCache": ("tiered cache", "Zone Settings Write"),
    "http_request_firewall_custom": ("WAF rules", "Zone WAF Write"),
    "http_request_firewall_managed": ("managed WAF rules", "Zone WAF Write"),
    "http_ratelimit": ("rate limits", "Zone WAF Write"),
    "http_request_cache_settings": ("cache rules", "Cache Settings Write"),
    "http_request_transform": ("rewritten paths", "Zone Transform Rules Write"),
    "http_request_late_transform": ("request headers", "Zone Transform Rules Write"),
    "http_response_headers_transform": ("response headers", "Zone Transform Rules Write"),
    "cloudflare:index/cloudConnectorRules": ("Cloud Connector", "Cloud Connector Write"),
    "cloudflare:index/authenticatedOriginPulls": ("authenticated origin pulls", "SSL and Certificates Write"),
}
# A path below the zone whose reading needs the group's read right; the phases of rulesets have their entry points.
_READ_PATHS: Final[Mapping[str, str]] = {
    "cloudflare:index/dnsRecord": "/dns_records?per_page=1",
    "cloudflare:index/zoneSetting": "/settings/ssl",
    "cloudflare:index/tieredCache": "/settings/ssl",
    "cloudflare:index/cloudConnectorRules": "/cloud_connector/rules",
    "cloudflare:index/authenticatedOriginPulls": "/origin_tls_client_auth/settings",
}


class CloudflareApi:
    """The API with the stack's credentials: a token, or the global key."""

    def __init__(self, context: PreflightContext) -> None:
        """Read the credentials. Raises CheckNotPossibleError if they are encrypted."""
        base = context.setting_or_variable("cloudflare:baseUrl", "CLOUDFLARE_BASE_URL") or _BASE_URL
        self._base = base.rstrip("/")
        self._session = open_session()
        token = context.setting_or_variable("cloudflare:apiToken", "CLOUDFLARE_API_TOKEN")
        key = context.setting_or_variable("cloudflare:apiKey", "CLOUDFLARE_API_KEY")
        email = context.setting_or_variable("cloudflare:email", "CLOUDFLARE_EMAIL")
        self.has_token = token is not None
        self.has_credentials = self.has_token or (key is not None and email is not None)
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"
        elif key and email:
            self._session.headers.update({"X-Auth-Email": email, "X-Auth-Key": key})
        elif any(each.startswith("cloudflare:") for each in context.plan.secret_keys):
            raise CheckNotPossibleError(
                "The Cloudflare credentials are encrypted in the stack's settings, which preflight does not decrypt.",
                "export CLOUDFLARE_API_TOKEN=TOKEN",
            )

    def get(self, path: str) -> HttpAnswer:
        """Return the answer to a GET."""
        return send(self._session, "GET", f"{self._base}{path}")

    def list(self, path: str) -> list[Any]:
        """Return the results of all pages of a GET. Raises CheckNotPossibleError."""
        found: list[Any] = []
        page = 1
        while True:
            joint = "&" if "?" in path else "?"
            answer = self.get(f"{path}{joint}page={page}&per_page=50")
            if answer.status != 200:
                raise CheckNotPossibleError(
                    f"Cloudflare returned status {answer.status} for {path} ({_error(answer)})."
                )
            found += answer.document.get("result") or []
            if page >= int((answer.document.get("result_info") or {}).get("total_pages") or 1):
                return found
            page += 1


def _error(answer: HttpAnswer) -> str:
    errors = answer.document.get("errors") or [{}]
    return f"{errors[0].get('code', 'no code')}: {errors[0].get('message', 'no message')}"


def _open(context: PreflightContext) -> CloudflareApi:
    api = CloudflareApi(context)
    if not api.has_credentials:
        raise CheckNotPossibleError("There are no Cloudflare credentials.", _CREATE)
    return api


def _zone_id(context: PreflightContext) -> str:
    return context.settings.cloudflare_zone_id or ""


def _token(context: PreflightContext) -> Iterator[PreflightFinding]:
    if not in_cloudflare(context):
        return
    api = CloudflareApi(context)
    if not api.has_credentials:
        yield failed("There are no Cloudflare credentials.", _CREATE)
        return
    if not api.has_token:
        yield passed("The credentials are a global API key, which has no limits.")
        return
    answer = api.get("/user/tokens/verify")
    status = (answer.document.get("result") or {}).get("status")
    if answer.status in (400, 401, 403):
        # A token that an account owns is verified elsewhere, so the zone decides.
        zone = api.get(f"/zones/{_zone_id(context)}")
        if zone.status == 200:
            yield passed("The token may read the zone.")
            return
        yield failed(f"Cloudflare rejects the token (got {_error(answer)}).", _CREATE)
    elif status != "active":
        yield failed(f"The token is not active (its status is {status}).", _CREATE)
    else:
        yield passed("The token is active.")


def _zone(context: PreflightContext) -> Iterator[PreflightFinding]:
    if not in_cloudflare(context):
        return
    settings, stack = context.settings, context.plan.stack
    answer = _open(context).get(f"/zones/{_zone_id(context)}")
    if answer.status != 200:
        yield failed(
            f"tierup:cloudflareZoneId: the token cannot read the zone {_zone_id(context)} (got {_error(answer)}).",
            f"Add the zone to the token, or: pulumi config set tierup:cloudflareZoneId ZONE --stack {stack}",
        )
        return
    zone = answer.document["result"]
    name, status = str(zone.get("name")), str(zone.get("status"))
    usable = status == "active" or (status in _UNDELEGATED and settings.cdn is CdnKind.CLOUDFRONT)
    if not usable:
        servers = ", ".join(zone.get("name_servers") or ()) or "those of the zone's overview"
        yield failed(
            f"The zone {name} is not active (its status is {status}), so certificates stay pending.",
            f"Set Cloudflare's name servers at the registrar: {servers}",
        )
    if zone.get("paused"):
        yield failed(f"The zone {name} is paused, so Cloudflare proxies nothing.", "Resume it in the zone's overview.")
    plan = str((zone.get("plan") or {}).get("legacy_id"))
    if plan != settings.cloudflare_plan:
        yield failed(
            f"tierup:cloudflarePlan: the zone {name} has the plan {plan} (the setting is {settings.cloudflare_plan}).",
            f"pulumi config set tierup:cloudflarePlan {plan} --stack {stack}",
        )
    outside = names_outside(name, host_names(context))
    if outside:
        yield failed(
            f"{' and '.join(outside)} is outside the zone {name}.",
            f"pulumi config set tierup:domain NAME.{name} --stack {stack}",
        )
    if usable and not zone.get("paused") and plan == settings.cloudflare_plan and not outside:
        yield passed(f"The zone {name} is {status}, with the plan {plan}.")


def _permissions(context: PreflightContext) -> Iterator[PreflightFinding]:
    """Compare the token's permission groups, or read what needs them.

    Reading needs a group's read right only. A token can read its own groups only with the permission API Tokens Read.
    """
    if not in_cloudflare(context):
        return
    api, zone = _open(context), _zone_id(context)
    needed = _needed_permissions(context)
    granted = _granted(api)
    denied: dict[str, list[str]] = {}
    for what, group, path in needed:
        if granted is not None:
            if _normal(group) not in granted:
                denied.setdefault(group, []).append(what)
        elif api.get(f"/zones/{zone}{path}").status in (401, 403):
            denied.setdefault(group, []).append(what)
    for group, what in denied.items():
        yield failed(
            f"The token lacks the permission {group}, which {', '.join(what)} need.",
            f"Add the permission {group} to the token at dash.cloudflare.com/profile/api-tokens",
        )
    if not denied:
        how = "has" if granted is not None else "can read what needs"
        yield passed(f"The token {how} the permissions {', '.join(sorted({group for _, group, _ in needed}))}.")


def _needed_permissions(context: PreflightContext) -> Sequence[tuple[str, str, str]]:
    resources = [each for each in context.resources() if each.type.startswith("cloudflare:")]
    keys = {input_text(each, "phase") if each.type == _RULESET else each.type for each in resources}
    return [
        (what, group, _READ_PATHS.get(key) or _ENTRY_POINT.format(key))
        for key, (what, group) in PERMISSIONS.items()
        if any(each and each.startswith(key) for each in keys)
    ]


def _granted(api: CloudflareApi) -> frozenset[str] | None:
    """Return the names of the token's permission groups, or None if it cannot read them."""
    if not api.has_token:
        return None
    identity = (api.get("/user/tokens/verify").document.get("result") or {}).get("id")
    answer = api.get(f"/user/tokens/{identity}") if identity else None
    if answer is None or answer.status != 200:
        return None
    policies = (answer.document.get("result") or {}).get("policies") or ()
    groups = [group for policy in policies if policy.get("effect") == "allow" for group in policy["permission_groups"]]
    return (
        frozenset(_normal(str(group["name"])) for group in groups) if all("name" in group for group in groups) else None
    )


def _normal(group: str) -> str:
    """Return a permission group's name without the differences between the API and the dashboard."""
    return group.removeprefix("Zone ").replace(" Edit", " Write")


def _rulesets(context: PreflightContext) -> Iterator[PreflightFinding]:
    """Check for entry-point rulesets. A zone has one for each phase, and creating another fails with error 20217."""
    if not in_cloudflare(context):
        return
    api, zone, stack = _open(context), _zone_id(context), context.plan.stack
    planned = {input_text(each, "phase"): each for each in context.resources() if each.type == _RULESET}
    taken = False
    for ruleset in api.list(f"/zones/{zone}/rulesets"):
        wanted = planned.get(str(ruleset.get("phase"))) if ruleset.get("kind") == "zone" else None
        if wanted is None or ruleset.get("name") == wanted.inputs.get("name"):
            continue
        taken = True
        yield failed(
            f"The zone has a ruleset of phase {ruleset['phase']} ({ruleset.get('name')}), and a zone has only one.",
            f"Delete it, or import it: pulumi import {_RULESET} {wanted.name} zones/{zone}/{ruleset['id']} "
            f"--stack {stack}",
        )
    if any(each.type == _CONNECTOR for each in context.resources()):
        rules = _connector_rules(api, zone)
        if rules and not _all_planned(context, rules):
            taken = True
            yield failed(
                f"The zone has {len(rules)} Cloud Connector rules, which the stack would replace without a warning.",
                f"Delete them, or import them: pulumi import {_CONNECTOR} NAME {zone} --stack {stack}",
            )
    if not taken:
        yield passed("The zone has no ruleset in the phases that the stack uses.")


def _connector_rules(api: CloudflareApi, zone: str) -> Sequence[Any]:
    answer = api.get(f"/zones/{zone}/cloud_connector/rules")
    return answer.document.get("result") or () if answer.status == 200 else ()


def _all_planned(context: PreflightContext, rules: Sequence[Any]) -> bool:
    planned = {
        str(rule.get("description"))
        for each in context.resources()
        if each.type == _CONNECTOR
        for rule in each.inputs.get("rules") or ()
    }
    return all(str(rule.get("description")) in planned for rule in rules)


def _has_own_rules(context: PreflightContext, api: CloudflareApi, zone: str) -> bool:
    """Return whether the zone has rules of the stack, which the stack creates before its records."""
    planned = {input_text(each, "name") for each in context.resources() if each.type == _RULESET}
    return any(ruleset.get("name") in planned for ruleset in api.list(f"/zones/{zone}/rulesets"))


def _records(context: PreflightContext) -> Iterator[PreflightFinding]:
    """Check for records of the host names. A stack that exists has its own, unless its CDN changes and the zone is new
    to it."""
    if not in_cloudflare(context):
        return
    api, zone = _open(context), _zone_id(context)
    if context.exists and (context.settings.cdn_standby is None or _has_own_rules(context, api, zone)):
        return
    taken = False
    for host in host_names(context):
        for record in api.list(f"/zones/{zone}/dns_records?name={host}"):
            if record.get("type") in ("A", "AAAA", "CNAME"):
                taken = True
                yield failed(
                    f"The zone already has a record {host} of type {record['type']}, which the stack would create.",
                    f"Delete it, or import it: pulumi import {_RECORD} NAME {zone}/{record['id']} "
                    f"--stack {context.plan.stack}",
                )
    if not taken:
        yield passed(f"The zone has no record for {' or '.join(host_names(context))} yet.")


def _certificate(context: PreflightContext) -> Iterator[PreflightFinding]:
    """Check that Cloudflare can answer for the host names, before their records are proxied on an existing stack.

    https://developers.cloudflare.com/api/resources/ssl/subresources/certificate_packs/methods/list/: a pack has hosts
    and a status (from memory). https://developers.cloudflare.com/ssl/edge-certificates/universal-ssl/enable-universal-ssl/:
    records stay unproxied until the certificate is active (read 2026-11-29).
    """
    settings = context.settings
    if settings.cdn is not CdnKind.CLOUDFLARE or settings.cdn_standby is None:
        return
    packs = _open(context).list(f"/zones/{_zone_id(context)}/ssl/certificate_packs?status=all")
    covered = [str(host) for pack in packs if pack.get("status") == "active" for host in pack.get("hosts") or ()]
    missing = [host for host in host_names(context) if not any(_covers(each, host) for each in covered)]
    for host in missing:
        yield failed(
            f"Cloudflare has no active certificate of {host}, so HTTPS would fail once its record is proxied.",
            "Wait until SSL/TLS, Edge Certificates in the zone's dashboard shows an active certificate of the name.",
        )
    if not missing:
        yield passed(f"Cloudflare has active certificates of {' and '.join(host_names(context))}.")


def _covers(name: str, host: str) -> bool:
    return name == host or (name.startswith("*.") and name[2:] == host.partition(".")[2])


CHECKS: Final = (
    PreflightCheck(name="cloudflare-token", area="Cloudflare", description="The API token is active.", run=_token),
    PreflightCheck(
        name="cloudflare-zone",
        area="Cloudflare",
        description="The zone is active, has the plan in `tierup:cloudflarePlan`, and contains both host names. While "
        "Cloudflare is the standby, the zone need not be active.",
        run=_zone,
    ),
    PreflightCheck(
        name="cloudflare-permissions",
        area="Cloudflare",
        description="The token has the permissions that the stack needs. A token that cannot read its own permissions "
        "is checked by reading, which does not prove that it may write.",
        run=_permissions,
        timeout_seconds=150,
    ),
    PreflightCheck(
        name="cloudflare-rulesets",
        area="Cloudflare",
        description="The zone has no rulesets or Cloud Connector rules of others in the phases that the stack uses.",
        run=_rulesets,
        timeout_seconds=150,
    ),
    PreflightCheck(
        name="cloudflare-records",
        area="Cloudflare",
        description="The zone has no records for the host names of a stack that does not exist yet, or that is new to "
        "the zone because its CDN changes.",
        run=_records,
    ),
    PreflightCheck(
        name="cloudflare-certificate",
        area="Cloudflare",
        description="While CloudFront is the standby, Cloudflare has an active certificate of every host name.",
        run=_certificate,
    ),
)
