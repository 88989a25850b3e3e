"""Tests of the rules on functions, methods, error responses and custom headers of CloudFront distributions."""

from __future__ import annotations

from typing import Any

import pytest

from ..account import Account
from .inputs import DISTRIBUTION, behavior, distribution

FUNCTION = "aws:cloudfront/function:Function"
EDGE = "arn:aws:lambda:us-east-1:123456789012:function:edge"
REQUEST = "viewer-request"


def lambdas(*arns: str, event: str = REQUEST) -> list[dict[str, Any]]:
    return [{"eventType": event, "lambdaArn": arn} for arn in arns]


def functions(*arns: str) -> list[dict[str, Any]]:
    return [{"eventType": REQUEST, "functionArn": arn} for arn in arns]


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"lambdaFunctionAssociations": lambdas(EDGE)}, "lambdaFunctionAssociations[0].lambdaArn"),
        ({"lambdaFunctionAssociations": lambdas(f"{EDGE}:live")}, "lambdaFunctionAssociations[0].lambdaArn"),
        (
            {"lambdaFunctionAssociations": lambdas(f"{EDGE.replace('us-east-1', 'eu-west-1')}:1")},
            "lambdaFunctionAssociations[0].lambdaArn",
        ),
        ({"lambdaFunctionAssociations": lambdas(f"{EDGE}:1", f"{EDGE}:2")}, "lambdaFunctionAssociations"),
        ({"functionAssociations": functions("arn:one", "arn:two")}, "functionAssociations"),
        (
            {
                "functionAssociations": functions("arn:one"),
                "lambdaFunctionAssociations": lambdas(f"{EDGE}:1", event="viewer-response"),
            },
            "functionAssociations",
        ),
        ({"cachedMethods": ["GET", "HEAD", "OPTIONS"]}, "cachedMethods"),
    ],
)
def test_invalid_behavior_is_rejected(more: dict[str, Any], path: str) -> None:
    found = Account().planned(DISTRIBUTION, **distribution(defaultCacheBehavior=behavior(**more)))
    assert [rejection.path for rejection in found] == [f"defaultCacheBehavior.{path}"]


def test_published_lambda_version_in_us_east_1_is_accepted() -> None:
    more = {"lambdaFunctionAssociations": lambdas(f"{EDGE}:3")}
    assert not Account().planned(DISTRIBUTION, **distribution(defaultCacheBehavior=behavior(**more)))


@pytest.mark.parametrize(
    ("response", "path"),
    [
        ({"errorCode": 418}, "errorCode"),
        ({"errorCode": 404, "responseCode": 200}, "responsePagePath"),
        ({"errorCode": 404, "responsePagePath": "/404.html"}, "responseCode"),
        ({"errorCode": 404, "responseCode": 302, "responsePagePath": "/404.html"}, "responseCode"),
        ({"errorCode": 404, "responseCode": 404, "responsePagePath": "404.html"}, "responsePagePath"),
    ],
)
def test_invalid_error_response_is_rejected(response: dict[str, Any], path: str) -> None:
    found = Account().planned(DISTRIBUTION, **distribution(customErrorResponses=[response]))
    assert [rejection.path for rejection in found] == [f"customErrorResponses[0].{path}"]


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"originPath": "v1"}, "originPath"),
        ({"originPath": "/v1/"}, "originPath"),
        ({"customHeaders": [{"name": "Host", "value": "app"}]}, "customHeaders[0].name"),
        ({"customHeaders": [{"name": "X-Amz-Key", "value": "app"}]}, "customHeaders[0].name"),
    ],
)
def test_invalid_origin_path_and_header_are_rejected(more: dict[str, Any], path: str) -> None:
    origins = [{**distribution()["origins"][0], **more}]
    found = Account().planned(DISTRIBUTION, **distribution(origins=origins))
    assert [rejection.path for rejection in found] == [f"origins[0].{path}"]


def test_unpublished_function_is_rejected() -> None:
    account = Account("us-east-1")
    draft = account.make(FUNCTION, name="draft", runtime="cloudfront-js-2.0", code="function", publish=False)
    inputs = distribution(defaultCacheBehavior=behavior(functionAssociations=functions(draft.outputs["arn"])))
    assert account.codes(DISTRIBUTION, **inputs) == {"InvalidFunctionAssociation"}
    live = account.make(FUNCTION, "live", name="live", runtime="cloudfront-js-2.0", code="function", publish=True)
    inputs = distribution(defaultCacheBehavior=behavior(functionAssociations=functions(live.outputs["arn"])))
    assert not account.codes(DISTRIBUTION, **inputs)
