"""CloudFront: functions, methods, error responses and custom headers of a distribution."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..behaviour import UNKNOWN, BehaviourRule, Call, Rejection, Stage, documented, located, rule
from .arns import region_of
from .cloudfront import FUNCTION, cache_behaviors
from .cloudfront_origins import origins_of

_ASSOCIATIONS = documented(
    "AWS API model of cloudfront (botocore 1.44), LambdaFunctionAssociation, FunctionAssociation and their exceptions",
    read="2026-11-28",
)
_VIEWER_EVENTS = ("viewer-request", "viewer-response")
_ERROR_CODES = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
_FORBIDDEN_HEADERS = frozenset(
    {
        "cache-control", "connection", "content-length", "cookie", "host", "if-match", "if-modified-since",
        "if-none-match", "if-range", "if-unmodified-since", "max-forwards", "pragma", "proxy-authorization",
        "proxy-connection", "range", "request-range", "te", "trailer", "transfer-encoding",
        "upgrade", "via", "x-real-ip",
    }
)  # fmt: skip
"""Headers that CloudFront does not add to origin requests."""


@rule("lambda-at-edge-is-a-version-in-us-east-1", Stage.PLAN, source=_ASSOCIATIONS)
def lambda_at_edge(call: Call) -> Iterator[Rejection]:
    for at, each in cache_behaviors(call):
        for place, arn in located(each, "lambdaFunctionAssociations[*].lambdaArn"):
            if not isinstance(arn, str):
                continue
            if not re.fullmatch(r"arn:aws[^:]*:lambda:[^:]*:\d+:function:[^:]+:\d+", arn):
                yield Rejection(
                    f"{at}.{place}",
                    f"Lambda@Edge requires the ARN of a function version, not of $LATEST or an alias (got '{arn}')."
                    " Set publish: true and use qualifiedArn.",
                    "InvalidLambdaFunctionAssociation",
                )
            elif region_of(arn) != "us-east-1":
                yield Rejection(
                    f"{at}.{place}",
                    f"a Lambda@Edge function must be in us-east-1 (got {region_of(arn)})",
                    "InvalidLambdaFunctionAssociation",
                )


@rule("one-function-per-event", Stage.PLAN, source=_ASSOCIATIONS)
def one_function_per_event(call: Call) -> Iterator[Rejection]:
    for at, each in cache_behaviors(call):
        viewer_events: dict[str, str] = {}
        for kind in ("functionAssociations", "lambdaFunctionAssociations"):
            events = [event for _, event in located(each, f"{kind}[*].eventType") if event is not UNKNOWN]
            for event in {event for event in events if events.count(event) > 1}:
                yield Rejection(
                    f"{at}.{kind}",
                    f"more than one function for the event type {event}. A behavior has one function per event type.",
                    "InvalidFunctionAssociation",
                )
            viewer_events.update({event: kind for event in events if event in _VIEWER_EVENTS})
        if len(set(viewer_events.values())) > 1:
            yield Rejection(
                f"{at}.functionAssociations",
                "CloudFront Functions and Lambda@Edge cannot be combined in viewer events of one behavior",
                "InvalidFunctionAssociation",
            )


@rule("function-is-published", Stage.CREATE, Stage.UPDATE, source=_ASSOCIATIONS)
def function_is_published(call: Call) -> Iterator[Rejection]:
    for at, each in cache_behaviors(call):
        for place, arn in located(each, "functionAssociations[*].functionArn"):
            function = next(call.cloud.find(FUNCTION, arn=arn), None)
            if function is not None and function.inputs.get("publish") is False:
                yield Rejection(
                    f"{at}.{place}",
                    f"the function '{function.name}' is not published. Set publish: true.",
                    "InvalidFunctionAssociation",
                )


@rule(
    "cached-methods-are-allowed",
    Stage.PLAN,
    source=documented(
        "AWS API model of cloudfront (botocore 1.44), AllowedMethods and CachedMethods: the cached methods are a choice"
        " among the allowed ones",
        read="2026-11-28",
    ),
)
def cached_methods(call: Call) -> Iterator[Rejection]:
    for at, each in cache_behaviors(call):
        allowed, cached = each.get("allowedMethods"), each.get("cachedMethods")
        if not isinstance(allowed, list) or not isinstance(cached, list) or UNKNOWN in (*allowed, *cached):
            continue
        if extra := sorted(set(cached) - set(allowed)):
            yield Rejection(
                f"{at}.cachedMethods",
                f"cached methods are not allowed methods (got {', '.join(extra)})",
                "InvalidArgument",
            )


@rule(
    "error-response-is-complete",
    Stage.PLAN,
    source=documented(
        "CustomErrorResponse of the API model (botocore 1.44) for the pair of page and code; the codes:"
        " https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/GeneratingCustomErrorResponses.html",
        read="2026-11-28",
    ),
)
def error_responses(call: Call) -> Iterator[Rejection]:
    for at, each in located(call.inputs, "customErrorResponses[*]"):
        if not isinstance(each, dict):
            continue
        code, response, page = each.get("errorCode"), each.get("responseCode"), each.get("responsePagePath")
        if isinstance(code, (int, float)) and code not in _ERROR_CODES:
            yield Rejection(f"{at}.errorCode", _one_of(code, _ERROR_CODES), "InvalidErrorCode")
        if isinstance(response, (int, float)) and response not in (200, *_ERROR_CODES):
            yield Rejection(f"{at}.responseCode", _one_of(response, (200, *_ERROR_CODES)), "InvalidResponseCode")
        if (response in (None, 0)) != (page in (None, "")):
            missing, given = ("responseCode", "responsePagePath") if page else ("responsePagePath", "responseCode")
            yield Rejection(f"{at}.{missing}", f"required with {given}", "InvalidArgument")
        if isinstance(page, str) and page and not page.startswith("/"):
            yield Rejection(f"{at}.responsePagePath", f"the path must begin with / (got '{page}')", "InvalidArgument")


def _one_of(code: float, allowed: tuple[int, ...]) -> str:
    return f"invalid status code (got {code:g}). Allowed are {', '.join(map(str, allowed))}."


@rule(
    "origin-path-and-headers",
    Stage.PLAN,
    source=documented(
        "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html and"
        " distribution-web-values-specify.html (origin path)",
        read="2026-11-28",
    ),
)
def origin_path_and_headers(call: Call) -> Iterator[Rejection]:
    for at, each in origins_of(call):
        path = each.get("originPath")
        if isinstance(path, str) and path and (not path.startswith("/") or path.endswith("/")):
            yield Rejection(
                f"{at}.originPath", f"the path must begin with / and not end with / (got '{path}')", "InvalidArgument"
            )
        for place, name in located(each, "customHeaders[*].name"):
            if isinstance(name, str) and _is_forbidden(name):
                yield Rejection(
                    f"{at}.{place}",
                    f"CloudFront cannot add this header to origin requests (got '{name}')",
                    "InvalidArgument",
                )


def _is_forbidden(header: str) -> bool:
    lower = header.lower()
    return lower in _FORBIDDEN_HEADERS or lower.startswith(("x-amz-", "x-edge-"))


BEHAVIOR_RULES: tuple[BehaviourRule, ...] = (
    lambda_at_edge,
    one_function_per_event,
    function_is_published,
    cached_methods,
    error_responses,
    origin_path_and_headers,
)
"""The rules of this module, for the row of distributions."""
