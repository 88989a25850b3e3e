"""AWS WAF: which rule of a web ACL ends the evaluation of a request.

The request of a flow is ordinary by definition: it has a browser's headers, comes from an address without a bad
reputation, contains no attack, and is the first of its client. So AWS's managed rule groups do not match it, and no
rate is exceeded. Statements that depend on the request itself are evaluated; one that the model does not know is
unknown.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from typing import Any
from urllib.parse import unquote

from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..hop import CLIENT_ASN, Hop, Request, Undecided, World, fails, passes, unknown
from ..rows import Rows, label, listed

ACL = "aws:wafv2/webAcl:WebAcl"
ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
IP_SET = "aws:wafv2/ipSet:IpSet"
PATTERN_SET = "aws:wafv2/regexPatternSet:RegexPatternSet"


def acl_of(rows: Rows, resource_arn: str) -> CloudResource | None:
    """Return the web ACL that is associated with a load balancer; None without one."""
    association = rows.one(ASSOCIATION, resourceArn=resource_arn)
    return rows.one(ACL, arn=str(association.value("webAclArn"))) if association is not None else None


def web_acl(world: World, acl: CloudResource, request: Request) -> Hop:
    """Return whether a web ACL allows a request."""
    rules = sorted(listed(acl.value("rules")), key=lambda rule: int(rule.get("priority", 0)))
    labels: set[str] = set()
    for rule in rules:
        name = str(rule.get("name"))
        action = rule.get("action") or {}
        added = {str(each.get("name")) for each in listed(rule.get("ruleLabels"))}
        counts = "count" in action or "count" in (rule.get("overrideAction") or {})
        if counts and not added:
            continue
        try:
            matched = matches(world.rows, rule.get("statement") or {}, request, labels)
        except Undecided as reason:
            why = f"Rule '{name}' cannot be decided: {reason}"
            return unknown("web-acl", label(acl), f"rules.{name}", why, sources.WAF_EVALUATION)
        if not matched:
            continue
        labels |= added
        if counts:
            continue
        if "allow" in action:
            why = f"Rule '{name}' allows the request."
            return passes("web-acl", label(acl), f"rules.{name}", why, sources.WAF_EVALUATION)
        status = (action.get("block") or {}).get("customResponse", {}).get("responseCode", 403)
        verb = "answers with a challenge" if "challenge" in action or "captcha" in action else f"blocks with {status}"
        return fails("web-acl", label(acl), f"rules.{name}", f"Rule '{name}' {verb}.", sources.WAF_EVALUATION)
    if "block" in (acl.value("defaultAction") or {}):
        reason = "No rule allows the request, and the default action blocks."
        return fails("web-acl", label(acl), "defaultAction", reason, sources.WAF_EVALUATION)
    return passes("web-acl", label(acl), "rules", "No rule blocks the request.", sources.WAF_EVALUATION)


def matches(rows: Rows, statement: dict[str, Any], request: Request, labels: Collection[str] = ()) -> bool:
    """Return whether a statement matches a request that earlier rules gave labels. Raises Undecided."""
    for kind, value in statement.items():
        if value is None:
            continue
        if kind in ("andStatement", "orStatement"):
            combine = all if kind == "andStatement" else any
            return combine(matches(rows, each, request, labels) for each in listed(value.get("statements")))
        if kind == "notStatement":
            inner = value.get("statement") or (listed(value.get("statements")) or [{}])[0]
            return not matches(rows, inner, request, labels)
        if kind == "labelMatchStatement":
            return _labelled(value, labels)
        evaluate = _STATEMENTS.get(kind)
        if evaluate is None:
            raise Undecided(f"the model does not know {kind}.")
        return evaluate(rows, value, request)
    raise Undecided("the statement is empty.")


def _labelled(value: dict[str, Any], labels: Collection[str]) -> bool:
    """Return whether a rule of the same web ACL gave the request the label. Managed rules give an ordinary one none."""
    key = str(value.get("key"))
    if str(value.get("scope")) == "NAMESPACE":
        return any(f":{each}".find(f":{key.rstrip(':')}:") >= 0 for each in labels)
    return any(key == each or key.endswith(f":{each}") for each in labels)


def _never(_rows: Rows, _value: dict[str, Any], _request: Request) -> bool:
    """An ordinary request exceeds no rate and matches no managed rule group."""
    return False


def _network(_rows: Rows, value: dict[str, Any], _request: Request) -> bool:
    """An ordinary client is in CLIENT_ASN, which is reserved for documentation."""
    return CLIENT_ASN in [int(each) for each in listed(value.get("asnLists"))]


_FEWEST_REQUESTS = 20  # that a page with its requests to the API sends at once


def _rate(rows: Rows, value: dict[str, Any], request: Request) -> bool:
    """An ordinary client exceeds no rate, unless the limit is lower than what one page sends."""
    scope = value.get("scopeDownStatement")
    if int(value.get("limit") or 0) >= _FEWEST_REQUESTS or (scope and not matches(rows, scope, request)):
        return False
    raise Undecided(f"a limit of {value.get('limit')} requests may stop an ordinary client.")


def _country(_rows: Rows, value: dict[str, Any], request: Request) -> bool:
    if value.get("forwardedIpConfig"):
        header = str(value["forwardedIpConfig"].get("headerName", "")).lower()
        if header not in request.headers:
            return str(value["forwardedIpConfig"].get("fallbackBehavior")) == "MATCH"
    return request.country in listed(value.get("countryCodes"))


def _addresses(rows: Rows, value: dict[str, Any], request: Request) -> bool:
    found = rows.one(IP_SET, arn=str(value.get("arn")))
    if found is None:
        raise Undecided("its IP set is not in the sandbox.")
    forwarded = value.get("ipSetForwardedIpConfig")
    address = request.address
    if forwarded:
        address = request.headers.get(str(forwarded.get("headerName", "")).lower(), "")
        if not address:
            return str(forwarded.get("fallbackBehavior")) == "MATCH"
    one = ipaddress.ip_address(address)
    return any(
        one in block
        for each in listed(found.value("addresses"))
        if (block := ipaddress.ip_network(str(each), strict=False)).version == one.version
    )


def _bytes(_rows: Rows, value: dict[str, Any], request: Request) -> bool:
    text = _transformed(_field(value.get("fieldToMatch") or {}, request), value)
    wanted = str(value.get("searchString", ""))
    if text is None:
        return False
    compare = {
        "EXACTLY": lambda: text == wanted,
        "STARTS_WITH": lambda: text.startswith(wanted),
        "ENDS_WITH": lambda: text.endswith(wanted),
        "CONTAINS": lambda: wanted in text,
    }.get(str(value.get("positionalConstraint")))
    if compare is None:
        raise Undecided(f"the model does not know the constraint {value.get('positionalConstraint')}.")
    return compare()


def _size(_rows: Rows, value: dict[str, Any], request: Request) -> bool:
    field = value.get("fieldToMatch") or {}
    if "body" in field or "jsonBody" in field:
        size = request.body_bytes
    else:
        text = _field(field, request)
        if text is None:
            return False
        size = len(text)
    limit = int(value.get("size", 0))
    return {
        "GT": size > limit, "GE": size >= limit, "LT": size < limit,
        "LE": size <= limit, "EQ": size == limit, "NE": size != limit,
    }[str(value.get("comparisonOperator"))]  # fmt: skip


def _regex_set(rows: Rows, value: dict[str, Any], request: Request) -> bool:
    found = rows.one(PATTERN_SET, arn=str(value.get("arn")))
    if found is None:
        raise Undecided("its regex pattern set is not in the sandbox.")
    patterns = [str(each.get("regexString")) for each in listed(found.value("regularExpressions"))]
    return _regexes(patterns, value, request)


def _regex(_rows: Rows, value: dict[str, Any], request: Request) -> bool:
    return _regexes([str(value.get("regexString"))], value, request)


def _regexes(patterns: list[str], value: dict[str, Any], request: Request) -> bool:
    field = value.get("fieldToMatch") or {}
    if "body" in field or "jsonBody" in field:
        return False  # the body of an ordinary request contains no attack
    text = _transformed(_field(field, request), value)
    try:
        return text is not None and any(re.search(pattern, text) for pattern in patterns)
    except re.error as error:
        raise Undecided(f"a pattern is not one of Python's ({error}).") from error


_STATEMENTS = {
    "byteMatchStatement": _bytes,
    "geoMatchStatement": _country,
    "ipSetReferenceStatement": _addresses,
    "sizeConstraintStatement": _size,
    "regexPatternSetReferenceStatement": _regex_set,
    "regexMatchStatement": _regex,
    "rateBasedStatement": _rate,
    "managedRuleGroupStatement": _never,
    "asnMatchStatement": _network,
    "sqliMatchStatement": _never,
    "xssMatchStatement": _never,
}


def _field(field: dict[str, Any], request: Request) -> str | None:
    for kind, value in field.items():
        if value is None:
            continue
        if kind == "singleHeader":
            name = str(value.get("name", "")).lower()
            return request.host if name == "host" else request.headers.get(name)
        simple = {"uriPath": request.uri_path, "queryString": request.query, "method": request.method}
        if kind in simple:
            return simple[kind]
        if kind == "allQueryArguments":
            return request.query
        raise Undecided(f"the model does not know the field {kind}.")
    raise Undecided("it names no field.")


def _transformed(text: str | None, value: dict[str, Any]) -> str | None:
    if text is None:
        return None
    for each in sorted(listed(value.get("textTransformations")), key=lambda one: int(one.get("priority", 0))):
        kind = str(each.get("type"))
        if kind == "LOWERCASE":
            text = text.lower()
        elif kind in ("URL_DECODE", "URL_DECODE_UNI"):
            text = unquote(text)
        elif kind not in ("NONE", "NORMALIZE_PATH", "JS_DECODE", "COMPRESS_WHITE_SPACE"):
            raise Undecided(f"the model does not know the transformation {kind}.")
    return text
