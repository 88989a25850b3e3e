"""The settings of a zone: their ids, their values, and the plans that may change them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..behaviour import UNKNOWN, Call, Plain, Rejection, Stage, documented, rule
from .plans import AVAILABILITY, is_below, plan_of

_IDS = documented(
    "https://github.com/cloudflare/cloudflare-python (4.0.0), src/cloudflare/types/zones/setting_edit_params.py, which"
    " is generated from Cloudflare's OpenAPI description",
    read="2026-11-28",
)
_ON_OFF = (
    "0rtt", "advanced_ddos", "always_online", "always_use_https", "automatic_https_rewrites", "brotli",
    "browser_check", "development_mode", "early_hints", "email_obfuscation", "hotlink_protection", "http2",
    "http3", "ip_geolocation", "ipv6", "mirage", "opportunistic_encryption", "opportunistic_onion",
    "orange_to_orange", "origin_error_page_pass_thru", "prefetch_preload", "replace_insecure_js",
    "response_buffering", "rocket_loader", "server_side_exclude", "sha1_support", "sort_query_string_for_cache",
    "tls_1_2_only", "tls_client_auth", "true_client_ip_header", "waf", "webp", "websockets",
    "china_network_enabled", "content_converter", "fonts", "privacy_pass", "speed_brain",
)  # fmt: skip
"""Settings with the values on and off; the last five are not in the description."""
_VALUES: Mapping[str, tuple[Plain, ...]] = {
    **dict.fromkeys(_ON_OFF, ("on", "off")),
    "browser_cache_ttl": (
        0, 30, 60, 120, 300, 1200, 1800, 3600, 7200, 10_800, 14_400, 18_000, 28_800, 43_200, 57_600, 72_000,
        86_400, 172_800, 259_200, 345_600, 432_000, 691_200, 1_382_400, 2_073_600, 2_678_400, 5_356_800,
        16_070_400, 31_536_000,
    ),
    "cache_level": ("aggressive", "basic", "simplified"),
    "challenge_ttl": (
        300, 900, 1800, 2700, 3600, 7200, 10_800, 14_400, 28_800, 57_600, 86_400, 604_800, 2_592_000, 31_536_000,
    ),
    "cname_flattening": ("flatten_at_root", "flatten_all"),
    "edge_cache_ttl": (
        30, 60, 300, 1200, 1800, 3600, 7200, 10_800, 14_400, 18_000, 28_800, 43_200, 57_600, 72_000, 86_400,
        172_800, 259_200, 345_600, 432_000, 518_400, 604_800,
    ),
    "h2_prioritization": ("on", "off", "custom"),
    "image_resizing": ("on", "off", "open"),
    "max_upload": (100, 200, 500),
    "min_tls_version": ("1.0", "1.1", "1.2", "1.3"),
    "origin_max_http_version": ("1", "2"),
    "polish": ("off", "lossless", "lossy"),
    "pseudo_ipv4": ("off", "add_header", "overwrite_header"),
    "security_level": ("off", "essentially_off", "low", "medium", "high", "under_attack"),
    "ssl": ("off", "flexible", "full", "strict", "origin_pull"),
    "tls_1_3": ("on", "off", "zrt"),
}  # fmt: skip
_OTHER = (
    "aegis", "automatic_platform_optimization", "ciphers", "nel", "origin_h2_max_streams", "proxy_read_timeout",
    "security_header", "ssl_recommender", "transformations", "transformations_allowed_origins",
)  # fmt: skip
"""Settings whose values are a list, an object or any number."""
SETTING_IDS = frozenset((*_VALUES, *_OTHER))

_LOWEST_PLAN: Mapping[str, str] = {
    **dict.fromkeys(("h2_prioritization", "image_resizing", "mirage", "polish", "waf", "webp"), "pro"),
    **dict.fromkeys(("advanced_ddos",), "business"),
    **dict.fromkeys(
        (
            "orange_to_orange", "origin_error_page_pass_thru", "prefetch_preload", "proxy_read_timeout",
            "response_buffering", "sort_query_string_for_cache", "true_client_ip_header",
        ),
        "enterprise",
    ),
}  # fmt: skip
"""The lowest plan on which a setting can be changed."""
_LOWEST_PLAN_OF_VALUE: Mapping[tuple[str, Plain], str] = {
    ("browser_cache_ttl", 0): "enterprise",  # documented in types/zones/browser_cache_ttl.py of the source of the ids
    ("cname_flattening", "flatten_all"): "pro",
    ("http2", "off"): "pro",
    ("ipv6", "off"): "enterprise",
    ("max_upload", 200): "business",
    ("max_upload", 500): "enterprise",
    ("security_level", "off"): "enterprise",
    ("ssl", "origin_pull"): "enterprise",
}


@rule("setting-exists", Stage.CREATE, source=_IDS)
def _exists(call: Call) -> Iterator[Rejection]:
    setting = call.get("settingId")
    if isinstance(setting, str) and setting not in SETTING_IDS:
        yield Rejection(
            "settingId",
            f"undefined zone setting (got '{setting}'). Allowed are {', '.join(sorted(SETTING_IDS))}.",
            "1006",
        )


@rule("setting-value-is-allowed", Stage.PLAN, source=_IDS)
def _value(call: Call) -> Iterator[Rejection]:
    allowed, value = _VALUES.get(str(call.get("settingId"))), call.get("value")
    if not allowed or value is None or value is UNKNOWN:
        return
    numbers = all(isinstance(each, int) for each in allowed)
    if not any(value == each or (numbers and str(value) == str(each)) for each in allowed):
        shown = f" (got {value!r})" if isinstance(value, (str, int, float, bool)) else ""
        yield Rejection(
            "value",
            f"not allowed{shown}. Allowed for {call.get('settingId')}: {', '.join(map(str, allowed))}.",
            "1007",
        )


@rule("setting-is-in-the-plan", Stage.CREATE, Stage.UPDATE, source=AVAILABILITY)
def _plan(call: Call) -> Iterator[Rejection]:
    plan, setting, value = plan_of(call), str(call.get("settingId")), call.get("value")
    key = (setting, value) if isinstance(value, (str, int)) else (setting, None)
    for path, lowest in (("settingId", _LOWEST_PLAN.get(setting)), ("value", _LOWEST_PLAN_OF_VALUE.get(key))):
        if lowest is not None and is_below(plan, lowest):
            yield Rejection(
                path,
                f"not allowed to edit setting for {setting} (plan is {plan}). It requires the plan {lowest}.",
                "1015",
            )


_SHORTEST_EDGE_TTL = {"free": 7_200, "pro": 3_600, "business": 1_800}


@rule(
    "edge-ttl-is-in-the-plan", Stage.CREATE, Stage.UPDATE,
    source=documented("zones_edge_cache_ttl_value in Cloudflare's OpenAPI description", read="2026-11-29"),
)  # fmt: skip
def _edge_ttl(call: Call) -> Iterator[Rejection]:
    plan, value = plan_of(call), call.get("value")
    shortest = _SHORTEST_EDGE_TTL.get(plan or "")
    if call.get("settingId") != "edge_cache_ttl" or shortest is None:
        return
    if isinstance(value, (int, float)) and value < shortest:
        yield Rejection("value", f"too short (got {value:g}). The plan {plan} allows {shortest} or more.", "1007")


SETTING_RULES = (_exists, _value, _plan, _edge_ttl)
