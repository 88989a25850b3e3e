"""AWS WAF: the rules of web ACLs and rule groups."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..behaviour import (
    UNKNOWN,
    Call,
    Plain,
    Rejection,
    Stage,
    documented,
    located,
    rule,
    values_at,
)
from .sources import api
from .wafv2 import INVALID, IP_SET, MISSING, PATTERN_SET, RULE_GROUP, cloudfront_scope
from .wafv2_capacity import MANAGED_GROUPS, within_capacity
from .wafv2_statements import GROUPS, rules_of, statement_parts, walk_statements

_STATEMENTS = api("wafv2", "Statement")

_RATE = api("wafv2", "RateBasedStatement")

_WINDOWS = (60, 120, 300, 600)


@rule("rule-names-and-priorities-are-unique", Stage.PLAN, source=api("wafv2", "Rule"))
def distinct_rules(call: Call) -> Iterator[Rejection]:
    for key in ("name", "priority"):
        seen: dict[Plain, str] = {}
        for at, each in rules_of(call):
            value = each.get(key)
            if value is UNKNOWN or value is None:
                continue
            if value in seen:
                yield Rejection(f"{at}.{key}", f"duplicate {key} (got {value!r}, also in {seen[value]})", INVALID)
            seen[value] = at


@rule("rule-action-matches-statement", Stage.PLAN, source=api("wafv2", "Rule"))
def rule_actions(call: Call) -> Iterator[Rejection]:
    for at, each in rules_of(call):
        statement = each.get("statement")
        kinds = [kind for kind, _ in statement_parts(statement)] if isinstance(statement, dict) else []
        if isinstance(statement, dict) and UNKNOWN not in statement.values() and len(kinds) != 1:
            yield Rejection(
                f"{at}.statement", f"a rule has exactly one statement (got {', '.join(kinds) or 'none'}).", INVALID
            )
        wanted, other = ("overrideAction", "action") if set(kinds) & set(GROUPS) else ("action", "overrideAction")
        if each.get(other) is not None:
            yield Rejection(
                f"{at}.{other}",
                f"a rule with {kinds[0] if kinds else 'its statement'} requires {wanted} instead of {other}",
                INVALID,
            )
        if each.get(wanted) is None:
            yield Rejection(
                f"{at}.{wanted}", f"required for a rule with {kinds[0] if kinds else 'its statement'}", INVALID
            )
        action = each.get(wanted)
        if isinstance(action, dict) and len([key for key, value in action.items() if value is not None]) != 1:
            yield Rejection(
                f"{at}.{wanted}", f"exactly one is required (got {', '.join(action) or 'nothing'}).", INVALID
            )


@rule("rate-rules-are-within-bounds", Stage.PLAN, source=_RATE)
def rate_rules(call: Call) -> Iterator[Rejection]:
    for at, each in rules_of(call):
        for path, kind, content, depth in walk_statements(f"{at}.statement", each.get("statement")):
            if kind not in ("rateBasedStatement", "managedRuleGroupStatement"):
                continue
            if depth > 0:
                yield Rejection(path, f"a {kind} cannot be nested in another statement", INVALID)
            if kind == "managedRuleGroupStatement":
                continue
            limit, window = content.get("limit"), content.get("evaluationWindowSec")
            if isinstance(limit, (int, float)) and not 10 <= limit <= 2_000_000_000:
                yield Rejection(
                    f"{path}.limit",
                    f"invalid limit (got {limit:g}). Allowed are 10 to 2,000,000,000 requests.",
                    INVALID,
                )
            if isinstance(window, (int, float)) and window not in _WINDOWS:
                yield Rejection(
                    f"{path}.evaluationWindowSec",
                    f"invalid value (got {window:g}). Allowed are {', '.join(map(str, _WINDOWS))}.",
                    INVALID,
                )
            by = content.get("aggregateKeyType", "IP")
            if by not in ("IP", "FORWARDED_IP", "CUSTOM_KEYS", "CONSTANT", UNKNOWN):
                yield Rejection(
                    f"{path}.aggregateKeyType",
                    f"invalid value (got {by!r}). Allowed are IP, FORWARDED_IP, CUSTOM_KEYS, CONSTANT.",
                    INVALID,
                )
            needs = {"FORWARDED_IP": "forwardedIpConfig", "CUSTOM_KEYS": "customKeys", "CONSTANT": "scopeDownStatement"}
            if by in needs and not content.get(needs[by]) and content.get(needs[by]) is not UNKNOWN:
                yield Rejection(f"{path}.{needs[by]}", f"required for aggregateKeyType {by}", INVALID)


_CONTENTS = documented(
    "AWS API model of wafv2 (botocore 1.44), CountryCode, CustomHTTPHeaderName, CustomResponse: CustomResponseBodyKey",
    read="2026-11-28",
)


@rule("rule-contents", Stage.PLAN, source=_CONTENTS)
def rule_contents(call: Call) -> Iterator[Rejection]:
    bodies = set(values_at(call.inputs, "customResponseBodies[*].key"))
    for at, each in rules_of(call):
        for path, kind, content, _ in walk_statements(f"{at}.statement", each.get("statement")):
            if kind != "geoMatchStatement":
                continue
            for place, code in located(content, "countryCodes[*]"):
                if isinstance(code, str) and (not re.fullmatch("[A-Z]{2}", code) or code in _NO_COUNTRIES):
                    yield Rejection(
                        f"{path}.{place}",
                        f"not a country code of ISO 3166 (got '{code}'). The United Kingdom is GB.",
                        INVALID,
                    )
        for place, key in located(each, "action.block.customResponse.customResponseBodyKey"):
            if isinstance(key, str) and UNKNOWN not in bodies and key not in bodies:
                yield Rejection(f"{at}.{place}", f"customResponseBodies has no key '{key}'", INVALID)


_NO_COUNTRIES = frozenset({"UK", "EU", "EL", "AP", "A1", "A2", "SU", "YU", "XX", "ZZ"})
"""Codes in use elsewhere that are not in CountryCode."""


@rule("nested-statements-are-complete", Stage.PLAN, source=_STATEMENTS)
def nested_statements(call: Call) -> Iterator[Rejection]:
    for at, each in rules_of(call):
        for path, kind, content, _ in walk_statements(f"{at}.statement", each.get("statement")):
            inner = content.get("statements")
            if kind in ("andStatement", "orStatement") and isinstance(inner, list) and len(inner) < 2:
                yield Rejection(
                    f"{path}.statements",
                    f"too few statements (got {len(inner)}). An {kind} requires two or more.",
                    INVALID,
                )
            if kind == "notStatement" and not content:
                yield Rejection(path, "the notStatement is empty. It requires one statement.", INVALID)
            vendor, name = content.get("vendorName"), content.get("name")
            if kind == "managedRuleGroupStatement" and vendor == "AWS" and name not in (*MANAGED_GROUPS, UNKNOWN):
                yield Rejection(f"{path}.name", f"the AWS managed rule group '{name}' does not exist", MISSING)


@rule("statement-references-exist", Stage.CREATE, Stage.UPDATE, source=api("wafv2", "CreateWebACL"))
def references_exist(call: Call) -> Iterator[Rejection]:
    for at, each in rules_of(call):
        for path, kind, content, _ in walk_statements(f"{at}.statement", each.get("statement")):
            target = _REFERRED.get(kind)
            if target is None:
                continue
            found = next(call.nearby(target, arn=content.get("arn")), None)
            if found is None:
                yield Rejection(f"{path}.arn", f"'{content.get('arn')}' does not exist in {call.region}", MISSING)
            elif found.inputs.get("scope") != call.get("scope"):
                yield Rejection(
                    f"{path}.arn",
                    f"it has scope {found.inputs.get('scope')}, this resource has {call.get('scope')}",
                    INVALID,
                )
            else:
                # ManagedRuleGroupStatement of the API model (botocore 1.44, read 2026-11-28): WAF ignores an unknown
                # rule in an override of a managed rule group, and rejects it for a customer-owned group.
                names = list(values_at(found.inputs, "rules[*].name"))
                for place, name in located(content, "ruleActionOverrides[*].name"):
                    if name not in names:
                        yield Rejection(f"{path}.{place}", f"the rule group has no rule '{name}'", INVALID)


_REFERRED = {
    "ipSetReferenceStatement": IP_SET,
    "regexPatternSetReferenceStatement": PATTERN_SET,
    "ruleGroupReferenceStatement": RULE_GROUP,
}

RULES = (
    cloudfront_scope,
    distinct_rules,
    rule_actions,
    rate_rules,
    nested_statements,
    rule_contents,
    within_capacity,
    references_exist,
)
