"""WAF-009: a web ACL blocks requests with SQL or with MongoDB operators."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ..network.sources import sources
from ..rule import ChecklistItem, Finding, Indeterminate, Level, Parameters, Resource, Severity, Stack, StackRule, items
from .rules import WEB_ACL, blocks, managed_groups, rules_of, statements

SQL_GROUP = "AWSManagedRulesSQLiRuleSet"
PATTERN_SETS = ("aws:wafv2/regexPatternSet:RegexPatternSet",)
# A literal dollar sign, the first character of MongoDB operators, and not the regular expression for the end of a text.
DOLLAR = re.compile(r"\\\$|\[[^\]]*\$|%24|\\x24|\\u0024")


def check(acl: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if any(group.get("name") == SQL_GROUP for group, _ in managed_groups(acl, stack)):
        return
    external = False
    for rule in rules_of(acl, stack):
        if not blocks(rule):
            continue
        for kind, statement in statements(rule):
            if kind == "sqliMatchStatement" or _names_operator(kind, statement):
                return
            if kind == "regexPatternSetReferenceStatement":
                sets = sources(acl, "rules", stack, PATTERN_SETS)
                if any(_holds_operator(each) for each in sets):
                    return
                external = external or not sets
    if external:
        raise Indeterminate("its pattern sets are not in this stack, so the rule cannot see their patterns")
    yield Finding("rules", "no rule matches SQL or operators such as $ne and $where", "a rule that blocks them")


def _names_operator(kind: str, statement: Mapping[str, Any]) -> bool:
    if kind == "byteMatchStatement":
        return "$" in str(statement.get("searchString"))
    return kind == "regexMatchStatement" and bool(DOLLAR.search(str(statement.get("regexString"))))


def _holds_operator(patterns: Resource) -> bool:
    return any(
        DOLLAR.search(str(each.get("regexString"))) for _, each in items(patterns.properties, "regularExpressions")
    )


RULE = StackRule(
    id="WAF-009",
    name="web-acl-injection",
    title="A web ACL blocks requests with SQL or MongoDB operators.",
    item=ChecklistItem.INPUT_VALIDATION,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,  # an application that validates its input, or has no database, needs it less
    applies_to=(WEB_ACL,),
    check=check,
    remediation="Add the AWS SQL database rule group, or a rule that blocks $ before the names of MongoDB operators.",
    example="""{
    "name": "nosql",
    "priority": 5,
    "action": {"block": {}},
    "statement": {
        "regex_match_statement": {
            "regex_string": r'[\\[{"]\\s*\\$(?:ne|gt|lt|in|where|regex)',
            "field_to_match": {"json_body": {"match_scope": "KEY", "match_pattern": {"all": {}}}},
            "text_transformations": [{"priority": 0, "type": "JS_DECODE"}],
        }
    },
    "visibility_config": {...},
}""",
    source="https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-use-case.html",
    read=date(2026, 11, 24),
    unproven="The rule does not see whether the application validates the input that it passes to its database.",
)
