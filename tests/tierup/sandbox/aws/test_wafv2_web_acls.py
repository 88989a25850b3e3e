"""Tests of the behaviour rows of web ACLs and rule groups of AWS WAF."""

from __future__ import annotations

from .account import Account
from .wafv2_inputs import ACL, COMMON, acl, block, managed, match, rate


def test_web_acl_outputs_match_aws(account: Account) -> None:
    made = account.make(ACL, "api", **acl(managed(COMMON), block(rate(scopeDownStatement=match("/api/")), 2)))
    name = made.outputs["name"]
    assert made.outputs["arn"] == f"arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/{name}/{made.id}"
    assert made.outputs["capacity"] == 700 + 2 + 2


def test_cloudfront_scope_must_be_in_us_east_1(account: Account) -> None:
    assert account.codes(ACL, **acl(scope="CLOUDFRONT")) == {"WAFInvalidParameterException"}
    made = Account("us-east-1").make(ACL, **acl(scope="CLOUDFRONT"))
    assert ":global/webacl/" in made.outputs["arn"]


def test_default_action_must_be_allow_or_block(account: Account) -> None:
    assert account.codes(ACL, **acl(defaultAction={})) == {"WAFInvalidParameterException"}
    assert account.codes(ACL, **acl(defaultAction={"allow": {}, "block": {}})) == {"WAFInvalidParameterException"}
