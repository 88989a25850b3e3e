"""A Cloudflare zone in front of the bucket and the load balancer of ../compliant.py."""

from __future__ import annotations

import pulumi_cloudflare as cloudflare

SETTINGS = {
    "ssl": "strict",
    "min_tls_version": "1.2",
    "always_use_https": "on",
    "tls_1_3": "on",
    "brotli": "on",
    "development_mode": "off",
}


def deploy() -> None:
    """Declare the resources."""
    zone = cloudflare.Zone("zone", account={"id": "1"}, name="example.com")
    cloudflare.ZoneDnssec("dnssec", zone_id=zone.id, status="active")
    _record("site-record", zone, "www.example.com", "CNAME", "tierup-tests.s3.eu-west-1.amazonaws.com", proxied=True)
    # The mocks give a load balancer no host name; its id identifies the target too.
    _record("api-record", zone, "api.example.com", "CNAME", "balancer-id", proxied=True)
    _record("validation-record", zone, "_1.example.com", "CNAME", "_2.acm-validations.aws", proxied=False)
    _record("address-record", zone, "vpn.example.com", "A", "203.0.113.10", proxied=False)
    for setting, value in SETTINGS.items():
        cloudflare.ZoneSetting(f"setting-{setting}", zone_id=zone.id, setting_id=setting, value=value)
    cloudflare.HostnameTlsSetting(
        "host-tls", zone_id=zone.id, hostname="api.example.com", setting_id="min_tls_version", value="1.2"
    )
    _ruleset(
        "headers-ruleset",
        zone,
        "http_response_headers_transform",
        {
            "action": "rewrite",
            "expression": "true",
            "action_parameters": {
                "headers": {
                    "Content-Security-Policy": {"operation": "set", "value": "default-src 'self'"},
                    "Referrer-Policy": {"operation": "set", "value": "same-origin"},
                    "Strict-Transport-Security": {"operation": "set", "value": "max-age=31536000"},
                    "X-Content-Type-Options": {"operation": "set", "value": "nosniff"},
                    "X-Frame-Options": {"operation": "set", "value": "DENY"},
                }
            },
        },
    )
    _ruleset(
        "rate-ruleset",
        zone,
        "http_ratelimit",
        {
            "action": "block",
            "expression": 'starts_with(lower(http.request.uri.path), "/api/")',
            "ratelimit": {
                "characteristics": ["cf.colo.id", "ip.src"],
                "period": 10,
                "requests_per_period": 10,
                "mitigation_timeout": 10,
            },
        },
    )
    _ruleset(
        "managed-ruleset",
        zone,
        "http_request_firewall_managed",
        {
            "action": "execute",
            "expression": "true",
            "action_parameters": {"id": "efb7b8c949ac4650a09736fc376e9aee"},
        },
    )
    _ruleset(
        "cache-ruleset",
        zone,
        "http_request_cache_settings",
        {
            "action": "set_cache_settings",
            "expression": 'http.host eq "www.example.com"',
            "action_parameters": {"cache": True},
        },
    )


def _record(name: str, zone: cloudflare.Zone, host: str, type_: str, content: str, *, proxied: bool) -> None:
    cloudflare.DnsRecord(name, zone_id=zone.id, name=host, type=type_, content=content, ttl=1, proxied=proxied)


def _ruleset(name: str, zone: cloudflare.Zone, phase: str, rule: cloudflare.RulesetRuleArgsDict) -> None:
    cloudflare.Ruleset(name, zone_id=zone.id, kind="zone", name=name, phase=phase, rules=[rule])
