"""Connections to the origin: origin certificates, authenticated origin pulls, health checks, cloud connector."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Name, Reference, Rejection, Stage, assumed, documented, located, rule
from .kept_settings import left_by_a_delete
from .sources import ERRORS, REPLACED, provider, sdk
from .zones import ZONE, in_zone, is_inside, once

CERTIFICATE = "cloudflare:index/authenticatedOriginPullsCertificate:AuthenticatedOriginPullsCertificate"
HOSTNAME_CERTIFICATE = (
    "cloudflare:index/authenticatedOriginPullsHostnameCertificate:AuthenticatedOriginPullsHostnameCertificate"
)

_PULLS = assumed(
    "certificates and keys are PEM, as in the steps (read 2026-11-29) of"
    " https://developers.cloudflare.com/ssl/origin-configuration/authenticated-origin-pull/set-up/zone-level/"
)
_CONNECTOR = documented("https://developers.cloudflare.com/rules/cloud-connector/providers/", read="2026-11-29")
_BUCKET_HOSTS = {  # pattern of a bucket's host by provider
    "aws_s3": r"([\w.-]+\.)?(s3(\.[a-z0-9-]+)?|s3-website[.-][a-z0-9-]+)\.amazonaws\.com",
    "azure_storage": r"[\w-]+\.(blob|web)\.core\.windows\.net",
    "gcp_storage": r"([\w.-]+\.)?storage\.(googleapis|cloud\.google)\.com",
    "cloudflare_r2": r"[\w.-]+",
}
_EXPIRES = "2041-11-20T00:00:00Z"
_NOW = "2026-11-24T00:00:00Z"


@rule("certificate-is-pem", Stage.PLAN, source=_PULLS)
def _pem(call: Call) -> Iterator[Rejection]:
    for path, kind in (("certificate", "CERTIFICATE"), ("privateKey", "PRIVATE KEY"), ("csr", "CERTIFICATE REQUEST")):
        text = call.get(path)
        if isinstance(text, str) and not re.match(rf"-----BEGIN ([A-Z]+ )*{kind}-----", text.strip()):
            yield Rejection(path, f"it is not PEM. It must begin with -----BEGIN {kind}-----.", "1400")


@rule("hostnames-are-in-the-accounts-zones", Stage.CREATE, source=sdk("origincacertificate"))
def _hostnames(call: Call) -> Iterator[Rejection]:
    zones = [str(zone.outputs.get("name")) for zone in call.cloud.find(ZONE)]
    for at, name in located(call.inputs, "hostnames[*]"):
        bare = str(name).removeprefix("*.")
        if "*" in bare:
            yield Rejection(
                at,
                f"the wildcard is not allowed (got '{name}'). A wildcard is allowed once, as the first label.",
                "1010",
            )
        elif not any(is_inside(bare, zone) for zone in zones):
            yield Rejection(at, f"'{name}' is in no zone of the account. Zones: {', '.join(zones) or 'none'}.", "1010")


@rule("health-check-fits-its-type", Stage.PLAN, source=sdk("healthcheck"))
def _health_check(call: Call) -> Iterator[Rejection]:
    kind = call.get("type", "HTTP")
    if kind == "TCP" and "httpConfig" in call.inputs:
        yield Rejection("httpConfig", "it is not allowed for type TCP. Use tcpConfig.", "1002")
    if kind in ("HTTP", "HTTPS") and "tcpConfig" in call.inputs:
        yield Rejection("tcpConfig", f"it is not allowed for type {kind}. Use httpConfig.", "1002")
    interval, timeout, retries = call.get("interval", 60), call.get("timeout", 5), call.get("retries", 2)
    if (
        all(isinstance(each, (int, float)) for each in (interval, timeout, retries))
        and timeout * (retries + 1) > interval
    ):
        yield Rejection(
            "interval",
            f"the interval is too short (got {interval:g} s) for {retries:g} retries of {timeout:g} s. Increase it.",
            "1002",
        )


@rule("connector-host-is-a-bucket", Stage.PLAN, source=_CONNECTOR)
def _connector_host(call: Call) -> Iterator[Rejection]:
    for at, each in located(call.inputs, "rules[*]"):
        if not isinstance(each, dict):
            continue
        provider_name = each.get("cloudConnectorRulesProvider")
        host, pattern = (each.get("parameters") or {}).get("host"), _BUCKET_HOSTS.get(str(provider_name))
        if not each.get("expression"):
            yield Rejection(
                f"{at}.expression", "it is missing. A rule requires an expression that selects its requests.", "1003"
            )
        if provider_name is None or (host is None and each.get("parameters") is not UNKNOWN):
            yield Rejection(at, "a rule requires cloudConnectorRulesProvider and parameters.host.", "1003")
        elif isinstance(host, str) and pattern and not re.fullmatch(pattern, host):
            yield Rejection(
                f"{at}.parameters.host",
                f"the host is no bucket of {provider_name} (got '{host}'). Use the host name of a bucket.",
                "1003",
            )


def _changed_certificate(call: Call) -> Iterator[str]:
    """Yield `certificate` if more than the white space of its PEM text changes."""
    old, new = (call.old or {}).get("certificate"), call.inputs.get("certificate")
    if not isinstance(old, str) or not isinstance(new, str) or "".join(old.split()) != "".join(new.split()):
        yield "certificate"


def _uploaded(token: str, page: str, expires: str = _EXPIRES) -> Behaviour:
    return Behaviour(
        type=token,
        source=sdk(page),
        id="{hex32}",
        outputs={
            **({"certificateId": "{id}", "enabled": True} if token == CERTIFICATE else {}),
            "expiresOn": expires,
            "issuer": "",
            "serialNumber": lambda call: str(int(call.hex(16, "serial"), 16)),
            "signature": "SHA256WithRSA",
            "status": "active",
            "uploadedOn": _NOW,
        },
        replaces=frozenset({"zoneId", "privateKey"}),
        replaces_when=_changed_certificate,
        replace_source=provider("authenticated_origin_pulls_certificate/schema.go")
        if token == CERTIFICATE
        else REPLACED,
        secrets=frozenset({"privateKey"}),
        references=(in_zone(),),
        rules=(_pem,),
    )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type="cloudflare:index/originCaCertificate:OriginCaCertificate",
        source=sdk("origincacertificate"),
        id=lambda call: str(int(call.hex(38), 16)),
        outputs={
            "certificate": lambda call: (
                f"-----BEGIN CERTIFICATE-----\n{call.hex(64)}\n-----END CERTIFICATE-----\n"
            ),
            "expiresOn": _EXPIRES,
            "requestedValidity": 5_475,
        },
        replaces=frozenset({"csr", "hostnames", "requestType", "requestedValidity"}),
        replace_source=provider("origin_ca_certificate/schema.go"),
        enums={
            "requestType": ("origin-rsa", "origin-ecc", "keyless-certificate"),
            "requestedValidity": (7, 30, 90, 365, 730, 1_095, 5_475),
        },
        rules=(_pem, _hostnames),
    ),
    Behaviour(
        type="cloudflare:index/cloudConnectorRules:CloudConnectorRules",
        source=sdk("cloudconnectorrules"),
        id="{zoneId}",
        replaces=frozenset({"zoneId"}),
        replace_source=REPLACED,
        enums={"rules[*].cloudConnectorRulesProvider": tuple(_BUCKET_HOSTS)},
        references=(in_zone(),),
        rules=(_connector_host, once("zoneId")),
    ),
    _uploaded(CERTIFICATE, "authenticatedoriginpullscertificate"),
    _uploaded(HOSTNAME_CERTIFICATE, "authenticatedoriginpullshostnamecertificate"),
    Behaviour(
        type="cloudflare:index/authenticatedOriginPullsSettings:AuthenticatedOriginPullsSettings",
        source=sdk("authenticatedoriginpullssettings"),
        id="{zoneId}",
        replaces=frozenset({"zoneId"}),
        replace_source=provider("authenticated_origin_pulls_settings/schema.go"),
        overwrites=left_by_a_delete,
        references=(in_zone(),),
        rules=(once("zoneId"),),
    ),
    Behaviour(
        type="cloudflare:index/authenticatedOriginPulls:AuthenticatedOriginPulls",
        source=sdk("authenticatedoriginpulls"),
        id=lambda call: f"{call.inputs['zoneId']}/{call.get('configs[0].hostname', '')}",
        outputs={
            "certId": lambda call: call.get("configs[0].certId", ""),
            "certStatus": "active",
            "certUpdatedAt": _NOW,
            "certUploadedOn": _NOW,
            "certificate": "",
            "createdAt": _NOW,
            "enabled": lambda call: call.get("configs[0].enabled", False),
            "expiresOn": _EXPIRES,
            "hostname": lambda call: call.get("configs[0].hostname", ""),
            "issuer": "",
            "privateKey": "",
            "serialNumber": "",
            "signature": "",
            "status": "active",
            "updatedAt": _NOW,
        },
        replaces=frozenset({"zoneId"}),
        replace_source=REPLACED,
        secrets=frozenset({"privateKey"}),
        references=(
            in_zone(),
            Reference(path="configs[*].certId", to=(HOSTNAME_CERTIFICATE, CERTIFICATE), code="1432", source=ERRORS),
        ),
    ),
    Behaviour(
        type="cloudflare:index/healthcheck:Healthcheck",
        source=sdk("healthcheck"),
        id="{hex32}",
        outputs={
            "consecutiveFails": 1,
            "consecutiveSuccesses": 1,
            "createdOn": _NOW,
            "description": "",
            "failureReason": "",
            "httpConfig": {
                "allowInsecure": False,
                "expectedCodes": ("200",),
                "followRedirects": False,
                "method": "GET",
                "path": "/",
                "port": 80,
            },
            "interval": 60,
            "modifiedOn": _NOW,
            "retries": 2,
            "status": "healthy",
            "suspended": False,
            "tcpConfig": {"method": "connection_established", "port": 80},
            "timeout": 5,
            "type": "HTTP",
        },
        replaces=frozenset({"zoneId"}),
        replace_source=REPLACED,
        enums={
            "type": ("HTTP", "HTTPS", "TCP"),
            "httpConfig.method": ("GET", "HEAD"),
            "checkRegions[*]": (
                "WNAM", "ENAM", "WEU", "EEU", "NSAM", "SSAM", "OC", "ME", "NAF", "SAF", "IN", "SEAS", "NEAS",
                "ALL_REGIONS",
            ),
        },
        ranges={
            "interval": (5, 3_600),
            "timeout": (1, 10),
            "retries": (0, 5),
            "consecutiveFails": (1, 10),
            "consecutiveSuccesses": (1, 10),
        },
        name=Name(
            longest=255,
            pattern=r"[\w-]+",
            allowed="letters, digits, '-' and '_'",
            automatic=False,
            unique="zoneId",
            taken="1002",
            source=sdk("healthcheck"),
        ),
        references=(in_zone(),),
        rules=(_health_check,),
    ),
)  # fmt: skip
