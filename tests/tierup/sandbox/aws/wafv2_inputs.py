"""Inputs of AWS WAF resources for the tests."""

from __future__ import annotations

from typing import Any

ACL = "aws:wafv2/webAcl:WebAcl"

METRIC = {"cloudwatchMetricsEnabled": True, "metricName": "acl", "sampledRequestsEnabled": True}

COMMON = {"managedRuleGroupStatement": {"vendorName": "AWS", "name": "AWSManagedRulesCommonRuleSet"}}


def acl(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "scope": "REGIONAL",
        "defaultAction": {"allow": {}},
        "visibilityConfig": METRIC,
        "rules": list(rules),
        **more,
    }


def block(statement: dict[str, Any], priority: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "name": f"rule-{priority}",
        "priority": priority,
        "action": {"block": {}},
        "statement": statement,
        "visibilityConfig": METRIC,
        **more,
    }


def managed(statement: dict[str, Any], priority: int = 1) -> dict[str, Any]:
    rule = block(statement, priority, overrideAction={"none": {}})
    del rule["action"]
    return rule


def rate(**more: Any) -> dict[str, Any]:
    return {"rateBasedStatement": {"limit": 66, "evaluationWindowSec": 600, "aggregateKeyType": "IP", **more}}


def match(text: str, transformation: str = "NONE") -> dict[str, Any]:
    return {
        "byteMatchStatement": {
            "fieldToMatch": {"uriPath": {}},
            "positionalConstraint": "STARTS_WITH",
            "searchString": text,
            "textTransformations": [{"priority": 0, "type": transformation}],
        }
    }
