"""Rulesets: one entry point per phase and zone, which contains all rules of that phase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Plain,
    Rejection,
    Stage,
    assumed,
    documented,
    first,
    located,
    rule,
    values_at,
)
from .expressions import parse, parse_value
from .plans import AVAILABILITY, plan_of
from .sources import ERRORS, REPLACED, sdk
from .zones import in_zone

_PAGE = sdk("ruleset")
_RATE = documented("https://developers.cloudflare.com/waf/rate-limiting-rules/#availability", read="2026-11-24")
_LANGUAGE = documented("https://developers.cloudflare.com/ruleset-engine/rules-language/", read="2026-11-28")
_PARAMETERS_PAGE = assumed(
    "the API requires action_parameters for these actions; the list of actions names no parameters:"
    " https://developers.cloudflare.com/ruleset-engine/rules-language/actions/ (read 2026-11-29)"
)
_PHASES_PAGE = documented(
    "https://developers.cloudflare.com/ruleset-engine/reference/phases-list/ and"
    " https://developers.cloudflare.com/ruleset-engine/rules-language/actions/",
    read="2026-11-29",
)

_PHASES = (
    "ddos_l4", "ddos_l7", "http_config_settings", "http_custom_errors", "http_log_custom_fields", "http_ratelimit",
    "http_request_cache_settings", "http_request_dynamic_redirect", "http_request_firewall_custom",
    "http_request_firewall_managed", "http_request_late_transform", "http_request_origin", "http_request_redirect",
    "http_request_sanitize", "http_request_sbfm", "http_request_transform", "http_response_cache_settings",
    "http_response_compression", "http_response_firewall_managed", "http_response_headers_transform", "magic_transit",
    "magic_transit_ids_managed", "magic_transit_managed", "magic_transit_ratelimit",
)  # fmt: skip
_ACTIONS = (
    "block", "challenge", "compress_response", "ddos_dynamic", "execute", "force_connection_close", "js_challenge",
    "log", "log_custom_field", "managed_challenge", "redirect", "rewrite", "route", "score", "serve_error",
    "set_cache_control", "set_cache_settings", "set_cache_tags", "set_config", "skip",
)  # fmt: skip
_ACTIONS_IN = {  # phases with a closed list of actions
    "http_config_settings": ("set_config",),
    "http_custom_errors": ("serve_error",),
    "http_log_custom_fields": ("log_custom_field",),
    "http_ratelimit": ("block", "challenge", "execute", "js_challenge", "log", "managed_challenge"),
    "http_request_cache_settings": ("set_cache_settings",),
    "http_request_dynamic_redirect": ("redirect",),
    "http_request_firewall_custom": (
        "block", "challenge", "execute", "js_challenge", "log", "managed_challenge", "rewrite", "skip",
    ),
    "http_request_firewall_managed": ("execute", "skip", "block", "log"),
    "http_request_late_transform": ("rewrite",),
    "http_request_origin": ("route",),
    "http_request_redirect": ("redirect",),
    "http_request_transform": ("rewrite",),
    "http_response_cache_settings": ("set_cache_control", "set_cache_settings", "set_cache_tags"),
    "http_response_compression": ("compress_response",),
    "http_response_headers_transform": ("rewrite",),
}  # fmt: skip
_PERIODS = (
    10, 15, 20, 30, 40, 45, 60, 90, 120, 180, 240, 300, 480, 600, 900, 1_200, 1_800, 2_400, 3_600, 65_535, 86_400,
)  # fmt: skip
"""Periods in seconds. The plan of the zone limits which of them are allowed."""
_COLO = "cf.colo.id"
_MAX_RULES: Mapping[str, Mapping[str, int]] = {
    "http_request_firewall_custom": {"free": 5, "pro": 20, "business": 100, "enterprise": 1_000},
    "http_ratelimit": {"free": 1, "pro": 2, "business": 5, "enterprise": 100},
    "http_custom_errors": {"free": 0, "pro": 25, "business": 50, "enterprise": 300},
}
"""By phase and plan, of the source AVAILABILITY. The add-on for rate limiting is part of 100 rules."""
_MAX_OTHER_RULES: Mapping[str, Mapping[str, int]] = {
    phase: {"free": 10, "pro": 25, "business": 50, "enterprise": 300}
    for phase in (
        "http_config_settings", "http_request_cache_settings", "http_request_dynamic_redirect",
        "http_request_late_transform", "http_request_origin", "http_request_transform",
        "http_response_cache_settings", "http_response_compression", "http_response_headers_transform",
    )
}  # fmt: skip
_LONGEST_PERIOD: Mapping[str, int] = {"free": 10, "pro": 60, "business": 600}
"""The longest counting period in seconds by plan."""
_LONGEST_EXPRESSION = 4_096
_LIST = "cloudflare:index/list:List"
_SHORTEST_EDGE_TTL: Mapping[str, int] = {"free": 7_200, "pro": 3_600}
_LONGEST_TIMEOUT: Mapping[str, int] = {"free": 10, "pro": 3_600, "business": 86_400}
_CHARACTERISTICS: Mapping[str, tuple[str, ...]] = {
    "free": (_COLO, "ip.src"),
    "pro": (_COLO, "ip.src"),
    "business": (_COLO, "ip.src", "cf.unique_visitor_id"),
}
_CACHE_KEY_PARTS = ("cookie", "header", "host", "queryString", "user")
_TRANSFORM = documented(
    "https://developers.cloudflare.com/rules/transform/request-header-modification/#important-remarks",
    read="2026-11-29",
)
_VISITOR_HEADERS = ("true-client-ip", "x-forwarded-for", "x-forwarded-proto", "x-real-ip")
_PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "execute": ("id",),
    "redirect": ("fromValue", "fromList"),
    "rewrite": ("uri", "headers"),
    "serve_error": ("assetName", "content"),
    "route": ("hostHeader", "origin", "sni"),
    "skip": ("ruleset", "rulesets", "phases", "products", "rules"),
    "set_cache_settings": (),
    "set_cache_tags": ("values", "expression"),
    "set_config": (),
}
"""Actions that require parameters, each with the inputs of which one must be set; without any, some input."""


_SKIPPED = documented("https://developers.cloudflare.com/waf/custom-rules/skip/options/", read="2026-11-29")
_SKIPPED_PHASES = ("http_ratelimit", "http_request_sbfm", "http_request_firewall_managed")
_SKIPPED_PRODUCTS = ("zoneLockdown", "uaBlock", "bic", "hot", "securityLevel", "rateLimit", "waf")


def _rules(call: Call) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for at, each in located(call.inputs, "rules[*]"):
        if isinstance(each, dict):
            yield at, each


@rule("skip-options-exist", Stage.PLAN, source=_SKIPPED)
def _skipped(call: Call) -> Iterator[Rejection]:
    for at, each in _rules(call):
        if call.get("phase") != "http_request_firewall_custom" or each.get("action") != "skip":
            continue
        for name, allowed in (("phases", _SKIPPED_PHASES), ("products", _SKIPPED_PRODUCTS)):
            for place, value in located(each, f"actionParameters.{name}[*]"):
                if isinstance(value, str) and value not in allowed:
                    message = f"it cannot be skipped (got {value}). Allowed are {', '.join(allowed)}."
                    yield Rejection(f"{at}.{place}", message, "20017")


@rule("actions-fit-the-phase", Stage.PLAN, source=_PHASES_PAGE)
def _actions(call: Call) -> Iterator[Rejection]:
    phase, refs = call.get("phase"), set[Plain]()
    for at, each in _rules(call):
        action, allowed = each.get("action"), _ACTIONS_IN.get(str(phase))
        if allowed and isinstance(action, str) and action in _ACTIONS and action not in allowed:
            yield Rejection(
                f"{at}.action",
                f"the action is not allowed (got {action}). Allowed in {phase}: {', '.join(allowed)}.",
                "20015",
            )
        if phase == "http_ratelimit" and each.get("ratelimit") is None:
            yield Rejection(f"{at}.ratelimit", "it is missing. A rule in http_ratelimit requires it.", "20120")
        if phase not in ("http_ratelimit", UNKNOWN) and each.get("ratelimit") is not None:
            yield Rejection(
                f"{at}.ratelimit", f"it is allowed only in the phase http_ratelimit (phase is {phase}).", "20121"
            )
        if isinstance(each.get("expression"), str) and not each["expression"].strip():
            yield Rejection(f"{at}.expression", "the expression is empty. Use 'true' to match everything.", "20127")
        if isinstance(each.get("ref"), str) and each["ref"] in refs:
            yield Rejection(f"{at}.ref", f"duplicate ref (got '{each['ref']}'). Use unique refs.", "20128")
        refs.add(each.get("ref"))


@rule("rate-limit-is-allowed", Stage.PLAN, source=_RATE)
def _rates(call: Call) -> Iterator[Rejection]:
    for at, each in _rules(call):
        limit = each.get("ratelimit")
        if not isinstance(limit, dict):
            continue
        characteristics = limit.get("characteristics")
        if isinstance(characteristics, list) and UNKNOWN not in characteristics:
            if _COLO not in characteristics:
                yield Rejection(
                    f"{at}.ratelimit.characteristics",
                    f"'{_COLO}' is missing (got {', '.join(characteristics)}). Add it: data centres count separately.",
                    "20154",
                )
            if {"ip.src", "cf.unique_visitor_id"} <= set(characteristics):
                yield Rejection(
                    f"{at}.ratelimit.characteristics",
                    "ip.src and cf.unique_visitor_id conflict. Set only one of them.",
                    "20155",
                )
        period = limit.get("period")
        if isinstance(period, (int, float)) and period not in _PERIODS:
            yield Rejection(
                f"{at}.ratelimit.period",
                f"the period is not allowed (got {period:g}). Allowed are {', '.join(map(str, _PERIODS))} seconds.",
                "20117",
            )
        counts = [path for path in ("requestsPerPeriod", "scorePerPeriod") if limit.get(path) is not None]
        if len(counts) != 1:
            yield Rejection(
                f"{at}.ratelimit.requestsPerPeriod",
                "exactly one of requestsPerPeriod and scorePerPeriod must be set.",
                "20118",
            )
        timeout = limit.get("mitigationTimeout")
        if isinstance(timeout, (int, float)) and not 0 <= timeout <= 86_400:
            yield Rejection(
                f"{at}.ratelimit.mitigationTimeout",
                f"the value is out of range (got {timeout:g}). Allowed are 0 to 86400.",
                "20119",
            )


@rule("ruleset-kind-fits-its-scope", Stage.PLAN, source=_PAGE)
def _scope(call: Call) -> Iterator[Rejection]:
    kind = call.get("kind")
    wanted = {"zone": "zoneId", "root": "accountId", "managed": "accountId"}.get(str(kind))
    if wanted and wanted not in call.inputs:
        yield Rejection(wanted, f"it is missing. A ruleset of kind {kind} requires it.", "20101")


@rule("one-entry-point-per-phase", Stage.CREATE, source=ERRORS)
def _entry_point(call: Call) -> Iterator[Rejection]:
    if call.get("kind") not in ("zone", "root"):
        return
    scope = "zoneId" if "zoneId" in call.inputs else "accountId"
    for other in call.cloud.find(call.type, phase=call.get("phase"), **{scope: call.get(scope)}):
        if other.urn != call.urn and other.inputs.get("kind") == call.get("kind"):
            yield Rejection(
                "phase",
                f"the entry point of {call.get('phase')} already exists: '{other.name}'. Put all rules into one"
                " ruleset.",
                "20217",
            )


@rule("expression-is-valid", Stage.CREATE, Stage.UPDATE, source=_LANGUAGE)
def _expressions(call: Call) -> Iterator[Rejection]:
    rules_see_responses = not _sees_requests_only(str(call.get("phase")))
    for path, sees_responses in (
        ("rules[*].expression", rules_see_responses),
        ("rules[*].ratelimit.countingExpression", True),
    ):
        for at, text in located(call.inputs, path):
            if isinstance(text, str) and text.strip():
                yield from _expression_rejections(call, at, text, sees_responses=sees_responses)


_VALUES = (
    "fromValue.targetUrl.expression", "uri.path.expression", "uri.query.expression", "values.expression", "expression",
)  # fmt: skip


@rule("value-expression-is-valid", Stage.CREATE, Stage.UPDATE, source=_LANGUAGE)
def _value_expressions(call: Call) -> Iterator[Rejection]:
    for at, parameters in located(call.inputs, "rules[*].actionParameters"):
        found = [each for path in _VALUES for each in located(parameters, path)]
        headers = parameters.get("headers") if isinstance(parameters, dict) else None
        for name, each in headers.items() if isinstance(headers, dict) else ():
            found += [(f"headers.{name}.expression", text) for _, text in located(each, "expression")]
        for path, text in found:
            try:
                if isinstance(text, str):
                    parse_value(text)
            except ValueError as error:
                yield Rejection(f"{at}.{path}", f"the expression is invalid ({error}).", "20127")


def _expression_rejections(call: Call, at: str, text: str, *, sees_responses: bool) -> Iterator[Rejection]:
    if len(text) > _LONGEST_EXPRESSION:
        yield Rejection(
            at,
            f"the expression is too long (got {len(text)} characters). Allowed are {_LONGEST_EXPRESSION}.",
            "20127",
        )
    if str(call.get("phase")).startswith(("ddos_l4", "magic_transit")):  # packets have fields of their own
        return
    try:
        found = parse(text)
    except ValueError as error:
        yield Rejection(at, f"the expression is invalid ({error}).", "20127")
        return
    of_response = sorted(word for word in found.words if word.startswith(("http.response.", "raw.http.response.")))
    if of_response and not sees_responses:
        yield Rejection(at, f"the field {of_response[0]} is not available in the phase {call.get('phase')}.", "20127")
    own = {str(each.inputs.get("name")) for each in call.cloud.find(_LIST)}
    for name in sorted(found.lists - own):
        if not name.startswith("cf."):
            yield Rejection(at, f"the list ${name} does not exist.", "20127")


def _sees_requests_only(phase: str) -> bool:
    return phase.startswith("http_request") or phase in ("http_config_settings", "http_ratelimit")


@rule("headers-can-be-rewritten", Stage.PLAN, source=_TRANSFORM)
def _headers(call: Call) -> Iterator[Rejection]:
    for at, headers in located(call.inputs, "rules[*].actionParameters.headers"):
        for name, each in headers.items() if isinstance(headers, dict) else ():
            change = each if isinstance(each, dict) else {}
            given = [part for part in ("value", "expression") if change.get(part) is not None]
            operation = change.get("operation")
            if operation == "remove" and given:
                yield Rejection(f"{at}.{name}.{given[0]}", "a removed header has no value. Omit it.", "20083")
            if operation in ("set", "add") and len(given) != 1:
                yield Rejection(f"{at}.{name}.value", f"{operation} requires either value or expression.", "20083")
            if call.get("phase") == "http_request_late_transform":
                yield from _reserved(f"{at}.{name}", name, removed=operation == "remove")


def _reserved(at: str, name: str, *, removed: bool) -> Iterator[Rejection]:
    lower = name.lower()
    always = lower == "host" or (lower.startswith(("cf-", "x-cf-")) and lower != "cf-connecting-ip")
    if always or (not removed and lower in ("cf-connecting-ip", "cookie", *_VISITOR_HEADERS)):
        means = "removed or changed" if always else "changed, only removed"
        yield Rejection(at, f"'{name}' is not a valid value for name: it cannot be {means}.", "20087")


@rule("plan-allows-the-parameters", Stage.CREATE, Stage.UPDATE, source=AVAILABILITY)
def _parameter_plans(call: Call) -> Iterator[Rejection]:
    plan = plan_of(call)
    if plan is None:
        return
    for at, each in _rules(call):
        parameters = each.get("actionParameters") or {}
        shortest = _SHORTEST_EDGE_TTL.get(plan, 1)
        ttl = first(values_at(parameters, "edgeTtl.default"))
        if isinstance(ttl, (int, float)) and 0 < ttl < shortest:
            yield Rejection(
                f"{at}.actionParameters.edgeTtl.default",
                f"the TTL is too short (got {ttl:g}). The plan {plan} allows {shortest} seconds or more.",
                "20133",
            )
        enterprise = (
            "hostHeader", "sni", "origin.host", "additionalCacheablePorts", "readTimeout",
            *(f"cacheKey.customKey.{part}" for part in _CACHE_KEY_PARTS),
        )  # fmt: skip
        for name in enterprise:
            if first(values_at(parameters, name)) is not None and plan != "enterprise":
                yield Rejection(
                    f"{at}.actionParameters.{name}", f"it requires the Enterprise plan (plan is {plan}).", "20015"
                )
        for name, value in (("polish", "off"), ("mirage", False)):
            if parameters.get(name) not in (None, value) and plan == "free":
                yield Rejection(f"{at}.actionParameters.{name}", "it requires the Pro plan (plan is free).", "20015")
        yield from _limit_plans(f"{at}.ratelimit", each.get("ratelimit") or {}, plan)
        yield from _field_plans(f"{at}.expression", each.get("expression"), plan)


def _limit_plans(at: str, limit: Mapping[str, Any], plan: str) -> Iterator[Rejection]:
    timeout, longest = limit.get("mitigationTimeout"), _LONGEST_TIMEOUT.get(plan)
    if isinstance(timeout, (int, float)) and longest is not None and timeout > longest:
        yield Rejection(
            f"{at}.mitigationTimeout",
            f"the timeout is too long (got {timeout:g}). The plan {plan} allows {longest} seconds at most.",
            "20119",
        )
    allowed = _CHARACTERISTICS.get(plan)
    for number, name in enumerate(limit.get("characteristics") or ()):
        if allowed is not None and name not in allowed:
            yield Rejection(
                f"{at}.characteristics[{number}]",
                f"not entitled to use the characteristic '{name}' (plan is {plan}). Allowed are {', '.join(allowed)}.",
                "20120",
            )


def _field_plans(at: str, expression: Plain, plan: str) -> Iterator[Rejection]:
    try:
        found = parse(expression) if isinstance(expression, str) and expression.strip() else None
    except ValueError:
        return  # another rule reports it
    if found is None or plan == "enterprise":
        return
    for word in sorted(word for word in found.words if word.startswith("cf.bot_management.")):
        yield Rejection(at, f"not entitled: the use of field {word} is not allowed (plan is {plan}).", "20127")
    for name in sorted(name for name in found.lists if name.startswith("cf.")):
        yield Rejection(at, f"not entitled to use the list ${name} (plan is {plan}).", "20127")


@rule("action-has-its-parameters", Stage.CREATE, Stage.UPDATE, source=_PARAMETERS_PAGE)
def _parameters(call: Call) -> Iterator[Rejection]:
    for at, each in _rules(call):
        needed = _PARAMETERS.get(str(each.get("action")))
        parameters = each.get("actionParameters") or {}
        if needed is not None and not any(parameters.get(name) is not None for name in needed or tuple(parameters)):
            hint = f" Set one of {', '.join(needed)}." if needed else ""
            yield Rejection(
                f"{at}.actionParameters", f"it is missing. The action {each.get('action')} requires it.{hint}", "20016"
            )


_REDIRECTS = {"http_request_dynamic_redirect": "fromValue", "http_request_redirect": "fromList"}


@rule(
    "redirect-fits-its-phase", Stage.PLAN,
    source=documented(
        "https://developers.cloudflare.com/rules/url-forwarding/: single-redirects/settings and"
        " bulk-redirects/reference/json-objects",
        read="2026-11-29",
    ),
)  # fmt: skip
def _redirects(call: Call) -> Iterator[Rejection]:
    needed = _REDIRECTS.get(str(call.get("phase")))
    for at, each in _rules(call):
        for name in ("fromValue", "fromList"):
            if needed and name != needed and (each.get("actionParameters") or {}).get(name) is not None:
                message = f"it is not allowed in the phase {call.get('phase')}. Use {needed}."
                yield Rejection(f"{at}.actionParameters.{name}", message, "20016")


@rule(
    "block-response-is-a-client-error",
    Stage.PLAN,
    source=documented(
        "https://github.com/cloudflare/cloudflare-docs, src/content/partials/waf/custom-response-blocked-requests.mdx:"
        " status 400 to 499; 2 KB of content in custom rules and 30 KB in rate limits (its pull request 19961)",
        read="2026-11-28",
    ),
)
def _block_response(call: Call) -> Iterator[Rejection]:
    largest = 30_720 if call.get("phase") == "http_ratelimit" else 2_048
    for at, each in located(call.inputs, "rules[*].actionParameters.response"):
        if not isinstance(each, dict):
            continue
        status, content = each.get("statusCode"), each.get("content")
        if isinstance(status, (int, float)) and not 400 <= status <= 499:
            yield Rejection(f"{at}.statusCode", f"invalid status (got {status:g}). Allowed are 400 to 499.", "20127")
        if isinstance(content, str) and len(content.encode()) > largest:
            yield Rejection(
                f"{at}.content",
                f"the content is too large (got {len(content.encode())} bytes). Allowed are {largest}.",
                "20127",
            )


@rule(
    "error-response-fits",
    Stage.PLAN,
    source=documented(
        "https://developers.cloudflare.com/rules/custom-errors/parameters: status 400 to 999, and either asset or"
        " content of at most 10 KB with its type",
        read="2026-11-29",
    ),
)
def _error_response(call: Call) -> Iterator[Rejection]:
    for at, each in _rules(call):
        parameters = each.get("actionParameters")
        if each.get("action") != "serve_error" or not isinstance(parameters, dict):
            continue
        status, content = parameters.get("statusCode"), parameters.get("content")
        if isinstance(status, (int, float)) and not 400 <= status <= 999:
            yield Rejection(
                f"{at}.actionParameters.statusCode",
                f"invalid status (got {status:g}). Allowed are 400 to 999.",
                "20127",
            )
        if content is not None and parameters.get("contentType") is None:
            yield Rejection(f"{at}.actionParameters.contentType", "it is missing. The content requires it.", "20127")
        if isinstance(content, str) and len(content.encode()) > 10_240:
            yield Rejection(
                f"{at}.actionParameters.content",
                f"the content is too large (got {len(content.encode())} bytes). Allowed are 10240.",
                "20127",
            )


def _too_many(call: Call, maximum_by_phase: Mapping[str, Mapping[str, int]]) -> Iterator[Rejection]:
    plan, phase, count = plan_of(call), str(call.get("phase")), len(list(_rules(call)))
    maximum = maximum_by_phase.get(phase, {}).get(plan or "")
    if maximum is not None and count > maximum:
        yield Rejection("rules", f"too many rules (got {count}). The plan {plan} allows {maximum} in {phase}.", "20217")


@rule(
    "plan-allows-the-number-of-rules",
    Stage.CREATE,
    Stage.UPDATE,
    source=AVAILABILITY,
)
def _number(call: Call) -> Iterator[Rejection]:
    yield from _too_many(call, _MAX_OTHER_RULES)


@rule("plan-allows-the-rules", Stage.CREATE, Stage.UPDATE, source=_RATE)
def _plan(call: Call) -> Iterator[Rejection]:
    yield from _too_many(call, _MAX_RULES)
    plan, phase, rules = plan_of(call), str(call.get("phase")), list(_rules(call))
    if plan is None:
        return
    if phase == "http_request_firewall_managed" and plan == "free" and rules:
        yield Rejection("phase", "managed rulesets require the Pro plan (plan is free).", "20217")
    for at, each in rules:
        period = (each.get("ratelimit") or {}).get("period")
        longest = _LONGEST_PERIOD.get(plan)
        if isinstance(period, (int, float)) and longest is not None and period > longest:
            yield Rejection(
                f"{at}.ratelimit.period",
                f"the period is too long (got {period:g}). The plan {plan} allows {longest} seconds at most.",
                "20117",
            )
        if plan in ("free", "pro") and _uses_regex(each.get("expression")):
            yield Rejection(
                f"{at}.expression", f"the operator matches requires the Business plan (plan is {plan}).", "20127"
            )
        if each.get("action") == "log" and phase == "http_request_firewall_custom" and plan != "enterprise":
            yield Rejection(f"{at}.action", f"the action log requires the Enterprise plan (plan is {plan}).", "20015")


def _uses_regex(expression: Plain) -> bool:
    try:
        return isinstance(expression, str) and parse(expression).uses_regex
    except ValueError:
        return False  # another rule reports it


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type="cloudflare:index/ruleset:Ruleset",
        source=_PAGE,
        id="{hex32}",
        outputs={"description": "", "rules": (), "version": "1"},
        derived={"lastUpdated": "2026-11-24T00:00:00Z"},
        replaces=frozenset({"accountId", "zoneId", "kind", "name", "phase"}),
        replace_source=REPLACED,
        enums={
            "kind": ("managed", "custom", "root", "zone"),
            "phase": _PHASES,
            "rules[*].action": _ACTIONS,
            "rules[*].actionParameters.edgeTtl.mode": ("respect_origin", "bypass_by_default", "override_origin"),
            "rules[*].actionParameters.browserTtl.mode": (
                "respect_origin",
                "bypass_by_default",
                "override_origin",
                "bypass",
            ),
        },
        exactly_one=(("accountId", "zoneId"),),
        references=(in_zone(),),
        rules=(
            _scope,
            _actions,
            _skipped,
            _value_expressions,
            _rates,
            _entry_point,
            _expressions,
            _parameters,
            _redirects,
            _number,
            _plan,
            _block_response,
            _error_response,
            _headers,
            _parameter_plans,
        ),
    ),
)
