"""The rules of a web ACL, whether inline, as the API's JSON, or as separate resources."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..inputs import as_object
from ..network.sources import sources
from ..rule import NOTHING, Indeterminate, Resource, Stack, block, declared, items

WEB_ACL = "aws:wafv2/webAcl:WebAcl"
WEB_ACL_RULE = "aws:wafv2/webAclRule:WebAclRule"
GROUP_ASSOCIATION = "aws:wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation"
ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
BLOCKING_ACTIONS = ("block", "captcha", "challenge")


def web_acls(balancer: Resource, stack: Stack) -> tuple[list[Resource], bool]:
    """Return the stack's web ACLs of a load balancer, and whether it has a web ACL outside the stack."""
    associations = list(stack.referring((ASSOCIATION,), "resourceArn", balancer, "arn"))
    acls = [acl for each in associations for acl in sources(each, "webAclArn", stack, (WEB_ACL,), "arn")]
    return acls, len(acls) < len(associations)


def rules_of(acl: Resource, stack: Stack) -> Iterator[Mapping[str, Any]]:
    """Yield the rules of a web ACL, all in the form of its `rules` property."""
    for _, rule in items(acl.properties, "rules"):
        yield rule
    if document := acl.properties.get("ruleJson"):
        yield from _from_api(document)
    yield from (rule.properties for rule in stack.referring((WEB_ACL_RULE,), "webAclArn", acl, "arn"))
    for association in stack.referring((GROUP_ASSOCIATION,), "webAclArn", acl, "arn"):
        group = association.properties.get("managedRuleGroup")
        override = association.properties.get("overrideAction") or "none"
        if group is not None:
            yield {
                "name": association.name,
                "statement": {"managedRuleGroupStatement": group},
                "overrideAction": {override: NOTHING},
            }


def blocks(rule: Mapping[str, Any]) -> bool:
    """Return whether the rule blocks matching requests, or challenges them."""
    action = block(rule, "action")
    return any(declared(action, kind) for kind in BLOCKING_ACTIONS)


def counts(rule: Mapping[str, Any]) -> bool:
    """Return whether the rule, or its whole rule group, only counts matching requests."""
    return any(declared(block(rule, key), "count") for key in ("action", "overrideAction"))


def blocked_labels(acl: Resource, stack: Stack) -> Iterator[str]:
    """Yield the labels of other rules that blocking rules match."""
    for rule in rules_of(acl, stack):
        if blocks(rule):
            for kind, statement in statements(rule):
                if kind == "labelMatchStatement":
                    yield str(statement.get("key"))


def requires_header(acl: Resource, stack: Stack) -> bool:
    """Return whether the web ACL blocks requests without the right value of a header, which a CDN sends."""
    allowing: list[bool] = []
    for rule in rules_of(acl, stack):
        statement = block(rule, "statement")
        if blocks(rule) and _matches_header(block(block(statement, "notStatement"), "statement")):
            return True
        if declared(block(rule, "action"), "allow"):
            allowing.append(_matches_header(statement))
    return bool(allowing) and all(allowing) and declared(block(acl.properties, "defaultAction"), "block")


def statements(rule: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the rule's statements by kind, including those inside and- and or-statements, but not not-statements."""
    yield from _nested(block(rule, "statement"))


def managed_groups(acl: Resource, stack: Stack) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Yield the statement of each blocking managed rule group, and its rule."""
    for rule in rules_of(acl, stack):
        if declared(block(rule, "overrideAction"), "count"):
            continue
        for kind, statement in statements(rule):
            if kind == "managedRuleGroupStatement":
                yield statement, rule


def overridden(group: Mapping[str, Any], rule_name: str) -> bool:
    """Return whether an override stops the group's rule `rule_name` from blocking."""
    if any(excluded.get("name") == rule_name for _, excluded in items(group, "excludedRules")):
        return True
    for _, override in items(group, "ruleActionOverrides"):
        if override.get("name") == rule_name:
            return not any(declared(block(override, "actionToUse"), kind) for kind in BLOCKING_ACTIONS)
    return False


def _matches_header(statement: Mapping[str, Any]) -> bool:
    return any(
        kind == "byteMatchStatement" and declared(block(inner, "fieldToMatch"), "singleHeader")
        for kind, inner in _nested(statement)
    )


def _nested(statement: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for kind in statement:
        if not declared(statement, kind):
            continue
        if kind in ("andStatement", "orStatement"):
            for _, inner in items(statement[kind], "statements"):
                yield from _nested(inner)
        elif kind != "notStatement":
            yield kind, statement[kind]


def _from_api(document: str) -> Iterator[Mapping[str, Any]]:
    try:
        rules = json.loads(document)
    except ValueError:
        raise Indeterminate("ruleJson is not JSON") from None
    if not isinstance(rules, list):
        raise Indeterminate("ruleJson is not a list of rules")
    for index, rule in enumerate(rules):
        yield _camel_case(as_object(rule, f"ruleJson[{index}]"))


def _camel_case(value: Any) -> Any:
    """Convert the API's PascalCase keys to the provider's, such as ARN to arn and IPSetReference to ipSetReference."""
    if isinstance(value, dict):
        return {_KEYS.get(key) or _INITIALS.sub(_lower, key): _camel_case(inner) for key, inner in value.items()}
    return [_camel_case(inner) for inner in value] if isinstance(value, list) else value


_KEYS = {"CloudWatchMetricsEnabled": "cloudwatchMetricsEnabled"}
_INITIALS = re.compile(r"^[A-Z](?:[A-Z]+(?=[A-Z][a-z]|$))?")


def _lower(match: re.Match[str]) -> str:
    return match[0].lower()
