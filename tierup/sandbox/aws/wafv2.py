"""AWS WAF: names that its modules share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..behaviour import (
    Call,
    Name,
    Rejection,
    Stage,
    assumed,
    located,
    rule,
)
from .sources import api, sdk
from .wafv2_statements import walk_statements

WEB_ACL = "aws:wafv2/webAcl:WebAcl"

RULE_GROUP = "aws:wafv2/ruleGroup:RuleGroup"

IP_SET = "aws:wafv2/ipSet:IpSet"

PATTERN_SET = "aws:wafv2/regexPatternSet:RegexPatternSet"

INVALID = "WAFInvalidParameterException"

MISSING = "WAFNonexistentItemException"

IN_USE = "WAFAssociatedItemException"

QUOTAS = assumed(
    "AWS WAF's default quotas from secondary sources; page to check:"
    " https://docs.aws.amazon.com/waf/latest/developerguide/limits.html"
)


@rule("cloudfront-scope-in-us-east-1", Stage.PLAN, source=sdk("wafv2/webacl"))
def cloudfront_scope(call: Call) -> Iterator[Rejection]:
    if call.get("scope") == "CLOUDFRONT" and call.region != "us-east-1":
        yield Rejection(
            "scope",
            f"the scope CLOUDFRONT is not valid in {call.region}. Create resources for CloudFront in us-east-1"
            " (region: 'us-east-1')",
            INVALID,
        )


@rule("set-is-not-referenced", Stage.DELETE, source=api("wafv2", "DeleteIPSet"))
def not_referred(call: Call) -> Iterator[Rejection]:
    assert call.this is not None
    mine = call.this.outputs.get("arn")
    for other in call.cloud.find((WEB_ACL, RULE_GROUP)):
        for at, each in located(other.inputs, "rules[*]"):
            if any(content.get("arn") == mine for _, _, content, _ in walk_statements(at, each.get("statement"))):
                yield Rejection("", f"it is in use by '{other.name}' ({other.id}) in {at}", IN_USE)


def arn_of(kind: str) -> Any:
    def make(call: Call) -> str:
        scope = "global" if call.get("scope") == "CLOUDFRONT" else "regional"
        return f"arn:aws:wafv2:{call.region}:{call.account}:{scope}/{kind}/{call.inputs['name']}/{call.id}"

    return make


def name_rule() -> Name:
    return Name(
        longest=128,
        pattern=r"[\w-]+",
        allowed="letters, digits, '_' and '-'",
        unique="region",
        taken="WAFDuplicateItemException",
        source=api("wafv2", "CreateWebACL"),
    )


def lock_token(call: Call) -> str:
    digits = call.hex(32, repr(sorted(call.inputs.items(), key=str)))
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


SCOPES = {"scope": ("CLOUDFRONT", "REGIONAL")}

SAME_NAME = (("name", "namePrefix"),)

FIXED = frozenset({"name", "namePrefix", "scope"})
