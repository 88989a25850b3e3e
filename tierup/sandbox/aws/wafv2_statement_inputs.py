"""AWS WAF: the inputs of statements that the provider or the API checks one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, documented, located, rule
from .sources import schema_of, sdk
from .wafv2 import INVALID, RULE_GROUP, WEB_ACL
from .wafv2_statements import rules_of, walk_statements

_SCHEMAS = schema_of("wafv2/schemas.go (ValidateFunc, MinItems)")
_LOWER_CASE = re.compile(r"[0-9a-z_-]+")
_CONFIGURED = {
    "AWSManagedRulesATPRuleSet": "awsManagedRulesAtpRuleSet",
    "AWSManagedRulesACFPRuleSet": "awsManagedRulesAcfpRuleSet",
}


@rule("statement-inputs", Stage.PLAN, source=_SCHEMAS)
def _statements(call: Call) -> Iterator[Rejection]:
    for at, name in (*located(call.inputs, "visibilityConfig.metricName"),
                     *located(call.inputs, "rules[*].visibilityConfig.metricName")):  # fmt: skip
        if isinstance(name, str) and not re.fullmatch(r"[0-9A-Za-z_-]{1,128}", name):
            yield Rejection(
                at, f"must contain only alphanumeric hyphen and underscore characters (got '{name}').", INVALID
            )
    for at, each in rules_of(call):
        for path, kind, content, _ in walk_statements(f"{at}.statement", each.get("statement")):
            yield from _transformations(path, content)
            yield from _field(f"{path}.fieldToMatch", content.get("fieldToMatch"))
            text = content.get("searchString")
            if kind == "byteMatchStatement" and isinstance(text, str) and not 1 <= len(text) <= 200:
                yield Rejection(
                    f"{path}.searchString", f"expected length to be in the range (1 - 200), got {len(text)}.", INVALID
                )


def _transformations(path: str, content: Mapping[str, Any]) -> Iterator[Rejection]:
    given = content.get("textTransformations")
    if not isinstance(given, list):
        return
    if not given:
        yield Rejection(f"{path}.textTransformations", "At least 1 block is required.", INVALID)
    priorities = [each.get("priority") for each in given if isinstance(each, dict)]
    known = [priority for priority in priorities if priority is not UNKNOWN]
    if len(set(known)) < len(known):
        yield Rejection(f"{path}.textTransformations", "Each text transformation must have its own priority.", INVALID)


def _field(at: str, field: Any) -> Iterator[Rejection]:
    if not isinstance(field, dict) or UNKNOWN in field.values():
        return
    given = [name for name, value in field.items() if value is not None]
    if len(given) != 1:
        yield Rejection(at, f"A statement inspects exactly one field (got {', '.join(given) or 'none'}).", INVALID)
    for part, longest in (("singleHeader", 40), ("singleQueryArgument", 30)):
        for inner, name in located(field, f"{part}.name"):
            if isinstance(name, str) and not (_LOWER_CASE.fullmatch(name) and len(name) <= longest):
                yield Rejection(
                    f"{at}.{inner}", "must contain only lowercase alphanumeric characters, underscores, and hyphens"
                    f" (got '{name}').", INVALID,
                )  # fmt: skip
    pattern = field.get("jsonBody")
    pattern = pattern.get("matchPattern") if isinstance(pattern, dict) else None
    if isinstance(pattern, dict) and UNKNOWN not in pattern.values():
        chosen = [name for name, value in pattern.items() if value is not None]
        if len(chosen) != 1:
            yield Rejection(
                f"{at}.jsonBody.matchPattern", "Specify either all or includedPaths, but not both.", INVALID
            )


@rule(
    "statement-contents",
    Stage.CREATE,
    Stage.UPDATE,
    source=documented(
        "AWS API model of wafv2 (botocore 1.44), RateBasedStatementCustomKey: IP, and ManagedRuleGroupStatement:"
        " VendorName, ManagedRuleGroupConfigs",
        read="2026-11-29",
    ),
)
def _contents(call: Call) -> Iterator[Rejection]:
    for at, each in rules_of(call):
        for path, kind, content, _ in walk_statements(f"{at}.statement", each.get("statement")):
            keys = content.get("customKeys")
            if kind == "rateBasedStatement" and isinstance(keys, list) and keys:
                named = {
                    name for key in keys if isinstance(key, dict) for name, value in key.items() if value is not None
                }
                if named <= {"ip", "forwardedIp"}:
                    yield Rejection(
                        f"{path}.customKeys", "An IP address requires at least one other custom key. Use the"
                        " aggregateKeyType IP to aggregate on the address alone.", INVALID,
                    )  # fmt: skip
            if kind == "managedRuleGroupStatement":
                yield from _managed(path, content)


def _managed(path: str, content: Mapping[str, Any]) -> Iterator[Rejection]:
    name, vendor = str(content.get("name")), str(content.get("vendorName"))
    if name.startswith("AWSManagedRules") and vendor != "AWS":
        yield Rejection(
            f"{path}.vendorName",
            f"There is no managed rule group '{name}' of the vendor '{vendor}'. Its vendor is AWS.",
            "WAFNonexistentItemException",
        )  # fmt: skip
    wanted = _CONFIGURED.get(name)
    configs = content.get("managedRuleGroupConfigs") or []
    if wanted and not any(isinstance(each, dict) and each.get(wanted) for each in configs):
        yield Rejection(
            f"{path}.managedRuleGroupConfigs", f"The rule group {name} requires the configuration {wanted}.", INVALID
        )


@rule("logging-filter-has-conditions", Stage.PLAN, source=schema_of("wafv2/web_acl_logging_configuration.go"))
def _filters(call: Call) -> Iterator[Rejection]:
    for at, conditions in located(call.inputs, "loggingFilter.filters[*].conditions"):
        if isinstance(conditions, list) and not conditions:
            yield Rejection(at, "At least 1 block is required.", INVALID)


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=WEB_ACL, source=sdk("wafv2/webacl"), rules=(_statements, _contents)),
    Behaviour(type=RULE_GROUP, source=sdk("wafv2/rulegroup"), rules=(_statements, _contents)),
    Behaviour(
        type="aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
        source=sdk("wafv2/webaclloggingconfiguration"),
        rules=(_filters,),
    ),
)
