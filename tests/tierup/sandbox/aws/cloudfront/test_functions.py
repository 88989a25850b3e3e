"""Tests of the behaviour rows of CloudFront functions."""

from __future__ import annotations

from ..account import Account
from .inputs import DISTRIBUTION, behavior, distribution

FUNCTION = "aws:cloudfront/function:Function"


def test_invalid_function_is_rejected(account: Account) -> None:
    function = account.make(FUNCTION, name="rewrite", code="function handler(e){}", runtime="cloudfront-js-2.0")
    assert function.outputs["arn"] == "arn:aws:cloudfront::123456789012:function/rewrite"
    association = [{"eventType": "viewer-request", "functionArn": function.outputs["arn"]}]
    account.make(DISTRIBUTION, **distribution(defaultCacheBehavior=behavior(functionAssociations=association)))
    assert account.delete_codes(function) == {"FunctionInUse"}
    assert account.codes(FUNCTION, code="x" * 10_241, runtime="cloudfront-js-2.0") == {"FunctionSizeLimitExceeded"}
    assert account.codes(FUNCTION, code="x", runtime="nodejs") == {"InvalidValue"}
