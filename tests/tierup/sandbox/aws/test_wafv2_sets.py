"""Tests of the behaviour rows of IP sets and regex pattern sets."""

from __future__ import annotations

import pytest

from .account import Account
from .wafv2_inputs import ACL, acl, block

IP_SET = "aws:wafv2/ipSet:IpSet"

PATTERNS = "aws:wafv2/regexPatternSet:RegexPatternSet"


@pytest.mark.parametrize(
    ("addresses", "rejected"),
    [(["192.0.2.0/24"], False), (["192.0.2.1"], True), (["0.0.0.0/0"], True), (["2001:db8::/32"], True)],
)
def test_ip_set_addresses_must_match_version(account: Account, addresses: list[str], rejected: bool) -> None:
    assert bool(account.codes(IP_SET, scope="REGIONAL", ipAddressVersion="IPV4", addresses=addresses)) is rejected


def test_used_set_cannot_be_deleted(account: Account) -> None:
    made = account.make(IP_SET, scope="REGIONAL", ipAddressVersion="IPV4", addresses=["192.0.2.0/24"])
    reference = {"ipSetReferenceStatement": {"arn": made.outputs["arn"]}}
    account.make(ACL, **acl(block({"notStatement": {"statement": reference}})))
    assert account.delete_codes(made) == {"WAFAssociatedItemException"}
    missing = {"ipSetReferenceStatement": {"arn": "arn:aws:wafv2:eu-west-1:123456789012:regional/ipset/none/1"}}
    assert account.codes(ACL, "other", **acl(block(missing))) == {"WAFNonexistentItemException"}


def test_pattern_set_with_eleven_patterns_is_rejected(account: Account) -> None:
    patterns = [{"regexString": f"a{number}"} for number in range(11)]
    assert account.codes(PATTERNS, scope="REGIONAL", regularExpressions=patterns) == {"WAFLimitsExceededException"}
    assert not account.codes(PATTERNS, scope="REGIONAL", regularExpressions=patterns[:10])


@pytest.mark.parametrize(
    ("pattern", "accepted"),
    [
        (r"^/api/v[0-9]+/", True),
        (r"a\++b", True),
        (r"[*+]x", True),
        (r"(?:ab)+?", True),
        (r"(a)\1", False),
        (r"a++b", False),
        (r"(?>ab)c", False),
        (r"(*COMMIT)a", False),
        (r"a\Rb", False),
    ],
)
def test_pattern_may_use_what_waf_documents(account: Account, pattern: str, *, accepted: bool) -> None:
    found = account.planned(PATTERNS, scope="REGIONAL", regularExpressions=[{"regexString": pattern}])
    assert (found == []) is accepted
