"""AWS WAF: web ACLs, rules and their capacity, rule groups, IP and pattern sets, associations and logging."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Name,
    Plain,
    Quota,
    Reference,
    Rejection,
    Stage,
    assumed,
    documented,
    located,
    rule,
)
from .arns import region_of
from .same_scope import known, others_in_region
from .sources import api, created_only, sdk

WEB_ACL = "aws:wafv2/webAcl:WebAcl"
RULE_GROUP = "aws:wafv2/ruleGroup:RuleGroup"
IP_SET = "aws:wafv2/ipSet:IpSet"
PATTERN_SET = "aws:wafv2/regexPatternSet:RegexPatternSet"
_LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer"
_LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
_BUCKET = "aws:s3/bucket:Bucket"

INVALID = "WAFInvalidParameterException"
MISSING = "WAFNonexistentItemException"
IN_USE = "WAFAssociatedItemException"

_CAPACITY = documented(
    "https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html", read="2026-11-24"
)
_STATEMENTS = api("wafv2", "Statement")
_RATE = api("wafv2", "RateBasedStatement")
_LOGGING = api("wafv2", "PutLoggingConfiguration")
_QUOTAS = assumed(
    "AWS WAF's default quotas from secondary sources; page to check:"
    " https://docs.aws.amazon.com/waf/latest/developerguide/limits.html"
)

MOST_UNITS = 5_000
"""The maximum capacity units (WCU) of a web ACL or rule group. Above 1,500 WCU a web ACL costs more per request."""

MANAGED_GROUPS: Mapping[str, int] = {
    "AWSManagedRulesCommonRuleSet": 700,
    "AWSManagedRulesAdminProtectionRuleSet": 100,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
    "AWSManagedRulesSQLiRuleSet": 200,
    "AWSManagedRulesLinuxRuleSet": 200,
    "AWSManagedRulesUnixRuleSet": 100,
    "AWSManagedRulesWindowsRuleSet": 200,
    "AWSManagedRulesPHPRuleSet": 100,
    "AWSManagedRulesWordPressRuleSet": 100,
    "AWSManagedRulesAmazonIpReputationList": 25,
    "AWSManagedRulesAnonymousIpList": 50,
    "AWSManagedRulesBotControlRuleSet": 50,
    "AWSManagedRulesATPRuleSet": 50,
    "AWSManagedRulesACFPRuleSet": 50,
    "AWSManagedRulesAntiDDoSRuleSet": 50,
}
"""Capacity units (WCU) of AWS managed rule groups
(https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html). The core
rule set is from that page, most others from secondary sources (read 2026-11-24), Unix and Windows from memory."""

_WINDOWS = (60, 120, 300, 600)
_GROUPS = ("managedRuleGroupStatement", "ruleGroupReferenceStatement")
_BASE_UNITS = {  # without transformations
    "asnMatchStatement": 1, "byteMatchStatement": 2, "geoMatchStatement": 1, "ipSetReferenceStatement": 1,
    "labelMatchStatement": 1, "rateBasedStatement": 2, "regexMatchStatement": 3,
    "regexPatternSetReferenceStatement": 25, "sizeConstraintStatement": 1, "sqliMatchStatement": 20,
    "xssMatchStatement": 40,
}  # fmt: skip


# --- statements ---


def _parts(statement: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for kind, content in statement.items():
        if isinstance(content, dict):
            yield kind, content


def _walk(at: str, statement: Plain) -> Iterator[tuple[str, str, Mapping[str, Any], int]]:
    """Yield (path, kind, content, depth) of a statement and of its nested statements."""
    stack: list[tuple[str, Plain, int]] = [(at, statement, 0)]
    while stack:
        here, each, depth = stack.pop()
        if not isinstance(each, dict):
            continue
        for kind, content in _parts(each):
            path = f"{here}.{kind}"
            yield path, kind, content, depth
            nested = content.get("statements") or ()
            if isinstance(nested, list):
                stack += [(f"{path}.statements[{index}]", inner, depth + 1) for index, inner in enumerate(nested)]
            for single in (
                "scopeDownStatement",
                "statement",
            ):  # a notStatement has one nested statement, the others have several
                stack.append((f"{path}.{single}", content.get(single), depth + 1))


def _rules(call: Call) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for at, each in located(call.inputs, "rules[*]"):
        if isinstance(each, dict):
            yield at, each


def _units(statement: Plain) -> int:
    """Return the capacity units of a statement, without AWS's optimizations between rules."""
    total = 0
    for _, kind, content, _ in _walk("", statement):
        if kind == "managedRuleGroupStatement":
            total += MANAGED_GROUPS.get(str(content.get("name")), 0)
            continue
        units = _BASE_UNITS.get(kind, 0)
        if kind == "byteMatchStatement" and content.get("positionalConstraint") in ("CONTAINS", "CONTAINS_WORD"):
            units = 10
        if kind == "sqliMatchStatement" and content.get("sensitivityLevel") == "HIGH":
            units = 30
        if kind == "rateBasedStatement":
            units += 30 * len(content.get("customKeys") or ())
        field = content.get("fieldToMatch") or {}
        if isinstance(field, dict) and "allQueryArguments" in field:
            units += 10
        if isinstance(field, dict) and "jsonBody" in field:
            units *= 2
        transformations = [each for each in content.get("textTransformations") or () if isinstance(each, dict)]
        total += units + 10 * sum(each.get("type") != "NONE" for each in transformations)
    return total


def capacity(call: Call) -> int:
    """Return the capacity units of the call's rules, including those of referenced rule groups."""
    total = 0
    for _, each in _rules(call):
        total += _units(each.get("statement"))
        for _, kind, content, _ in _walk("", each.get("statement")):
            if kind == "ruleGroupReferenceStatement":
                group = next(call.cloud.find(RULE_GROUP, arn=content.get("arn")), None)
                total += int(group.outputs.get("capacity", 0)) if group else 0
    return total


@rule("rule-names-and-priorities-are-unique", Stage.PLAN, source=api("wafv2", "Rule"))
def _distinct(call: Call) -> Iterator[Rejection]:
    for key in ("name", "priority"):
        seen: dict[Plain, str] = {}
        for at, each in _rules(call):
            value = each.get(key)
            if value is UNKNOWN or value is None:
                continue
            if value in seen:
                yield Rejection(f"{at}.{key}", f"duplicate {key} (got {value!r}, also in {seen[value]})", INVALID)
            seen[value] = at


@rule("rule-action-matches-statement", Stage.PLAN, source=api("wafv2", "Rule"))
def _actions(call: Call) -> Iterator[Rejection]:
    for at, each in _rules(call):
        statement = each.get("statement")
        kinds = [kind for kind, _ in _parts(statement)] if isinstance(statement, dict) else []
        if isinstance(statement, dict) and UNKNOWN not in statement.values() and len(kinds) != 1:
            yield Rejection(
                f"{at}.statement", f"a rule has exactly one statement (got {', '.join(kinds) or 'none'}).", INVALID
            )
        wanted, other = ("overrideAction", "action") if set(kinds) & set(_GROUPS) else ("action", "overrideAction")
        if each.get(other) is not None:
            yield Rejection(
                f"{at}.{other}",
                f"a rule with {kinds[0] if kinds else 'its statement'} requires {wanted} instead of {other}",
                INVALID,
            )
        if each.get(wanted) is None:
            yield Rejection(
                f"{at}.{wanted}", f"required for a rule with {kinds[0] if kinds else 'its statement'}", INVALID
            )
        action = each.get(wanted)
        if isinstance(action, dict) and len([key for key, value in action.items() if value is not None]) != 1:
            yield Rejection(
                f"{at}.{wanted}", f"exactly one is required (got {', '.join(action) or 'nothing'}).", INVALID
            )


@rule("rate-rules-are-within-bounds", Stage.PLAN, source=_RATE)
def _rates(call: Call) -> Iterator[Rejection]:
    for at, each in _rules(call):
        for path, kind, content, depth in _walk(f"{at}.statement", each.get("statement")):
            if kind not in ("rateBasedStatement", "managedRuleGroupStatement"):
                continue
            if depth > 0:
                yield Rejection(path, f"a {kind} cannot be nested in another statement", INVALID)
            if kind == "managedRuleGroupStatement":
                continue
            limit, window = content.get("limit"), content.get("evaluationWindowSec")
            if isinstance(limit, (int, float)) and not 10 <= limit <= 2_000_000_000:
                yield Rejection(
                    f"{path}.limit", f"invalid limit (got {limit:g}). Allowed: 10 to 2,000,000,000 requests.", INVALID
                )
            if isinstance(window, (int, float)) and window not in _WINDOWS:
                yield Rejection(
                    f"{path}.evaluationWindowSec",
                    f"invalid value (got {window:g}). Allowed: {', '.join(map(str, _WINDOWS))}.",
                    INVALID,
                )
            by = content.get("aggregateKeyType", "IP")
            if by not in ("IP", "FORWARDED_IP", "CUSTOM_KEYS", "CONSTANT", UNKNOWN):
                yield Rejection(
                    f"{path}.aggregateKeyType",
                    f"invalid value (got {by!r}). Allowed: IP, FORWARDED_IP, CUSTOM_KEYS, CONSTANT.",
                    INVALID,
                )
            needs = {"FORWARDED_IP": "forwardedIpConfig", "CUSTOM_KEYS": "customKeys", "CONSTANT": "scopeDownStatement"}
            if by in needs and not content.get(needs[by]) and content.get(needs[by]) is not UNKNOWN:
                yield Rejection(f"{path}.{needs[by]}", f"required for aggregateKeyType {by}", INVALID)


@rule("nested-statements-are-complete", Stage.PLAN, source=_STATEMENTS)
def _nested(call: Call) -> Iterator[Rejection]:
    for at, each in _rules(call):
        for path, kind, content, _ in _walk(f"{at}.statement", each.get("statement")):
            inner = content.get("statements")
            if kind in ("andStatement", "orStatement") and isinstance(inner, list) and len(inner) < 2:
                yield Rejection(
                    f"{path}.statements",
                    f"too few statements (got {len(inner)}). An {kind} requires two or more.",
                    INVALID,
                )
            if kind == "notStatement" and not content:
                yield Rejection(path, "the notStatement is empty. It requires one statement.", INVALID)
            vendor, name = content.get("vendorName"), content.get("name")
            if kind == "managedRuleGroupStatement" and vendor == "AWS" and name not in (*MANAGED_GROUPS, UNKNOWN):
                yield Rejection(f"{path}.name", f"the AWS managed rule group '{name}' does not exist", MISSING)


@rule("cloudfront-scope-in-us-east-1", Stage.PLAN, source=sdk("wafv2/webacl"))
def _scope(call: Call) -> Iterator[Rejection]:
    if call.get("scope") == "CLOUDFRONT" and call.region != "us-east-1":
        yield Rejection(
            "scope",
            f"the scope CLOUDFRONT is not valid in {call.region}. Create resources for CloudFront in us-east-1"
            " (region: 'us-east-1')",
            INVALID,
        )


@rule("one-default-action", Stage.PLAN, source=api("wafv2", "CreateWebACL"))
def _default_action(call: Call) -> Iterator[Rejection]:
    action = known(call, "defaultAction")
    if isinstance(action, dict):
        given = [key for key in ("allow", "block") if action.get(key) is not None]
        if len(given) != 1:
            yield Rejection(
                "defaultAction",
                f"exactly one action is required (got {' and '.join(given) or 'none'}). Set allow or block.",
                INVALID,
            )
    text = known(call, "ruleJson")
    if isinstance(text, str):
        try:
            json.loads(text)
        except ValueError as error:
            yield Rejection("ruleJson", f"the rules are not JSON: {error}", INVALID)


@rule("capacity-is-sufficient", Stage.CREATE, Stage.UPDATE, source=_CAPACITY)
def _within_capacity(call: Call) -> Iterator[Rejection]:
    needed = capacity(call)
    most = int(call.get("capacity", MOST_UNITS)) if call.type == RULE_GROUP else MOST_UNITS
    if needed > most:
        yield Rejection(
            "rules",
            f"the rules require too much capacity (got {needed:,} WCU). Allowed: at most {most:,} WCU.",
            "WAFLimitsExceededException",
        )


@rule("statement-references-exist", Stage.CREATE, Stage.UPDATE, source=api("wafv2", "CreateWebACL"))
def _referred(call: Call) -> Iterator[Rejection]:
    for at, each in _rules(call):
        for path, kind, content, _ in _walk(f"{at}.statement", each.get("statement")):
            target = _REFERRED.get(kind)
            if target is None:
                continue
            found = next(call.nearby(target, arn=content.get("arn")), None)
            if found is None:
                yield Rejection(f"{path}.arn", f"'{content.get('arn')}' does not exist in {call.region}", MISSING)
            elif found.inputs.get("scope") != call.get("scope"):
                yield Rejection(
                    f"{path}.arn",
                    f"it has scope {found.inputs.get('scope')}, this resource has {call.get('scope')}",
                    INVALID,
                )


_REFERRED = {
    "ipSetReferenceStatement": IP_SET,
    "regexPatternSetReferenceStatement": PATTERN_SET,
    "ruleGroupReferenceStatement": RULE_GROUP,
}


@rule("set-is-not-referenced", Stage.DELETE, source=api("wafv2", "DeleteIPSet"))
def _not_referred(call: Call) -> Iterator[Rejection]:
    assert call.this is not None
    mine = call.this.outputs.get("arn")
    for other in call.cloud.find((WEB_ACL, RULE_GROUP)):
        for at, each in located(other.inputs, "rules[*]"):
            if any(content.get("arn") == mine for _, _, content, _ in _walk(at, each.get("statement"))):
                yield Rejection("", f"it is in use by '{other.name}' ({other.id}) in {at}", IN_USE)


# --- sets ---


@rule("addresses-match-ip-version", Stage.PLAN, source=sdk("wafv2/ipset"))
def _addresses(call: Call) -> Iterator[Rejection]:
    version = known(call, "ipAddressVersion")
    for at, address in located(call.inputs, "addresses[*]"):
        if not isinstance(address, str):
            continue
        try:
            network = ipaddress.ip_network(address, strict=False) if "/" in address else None
        except ValueError:
            network = None
        if network is None or network.prefixlen == 0 or f"IPV{network.version}" != version:
            yield Rejection(
                at,
                f"invalid address range (got '{address}'). Allowed: {version} CIDR blocks such as 192.0.2.0/24, but"
                " not /0.",
                INVALID,
            )


@rule("at-most-ten-patterns", Stage.PLAN, source=_QUOTAS)
def _patterns(call: Call) -> Iterator[Rejection]:
    patterns = known(call, "regularExpressions")
    if isinstance(patterns, list) and len(patterns) > 10:
        yield Rejection(
            "regularExpressions",
            f"too many patterns (got {len(patterns)}). The quota is 10 patterns per set.",
            "WAFLimitsExceededException",
        )


# --- associations and logging ---


@rule("association-is-regional", Stage.CREATE, source=api("wafv2", "AssociateWebACL"))
def _regional(call: Call) -> Iterator[Rejection]:
    acl = next(call.nearby(WEB_ACL, arn=call.get("webAclArn")), None)
    if acl is not None and acl.inputs.get("scope") == "CLOUDFRONT":
        yield Rejection(
            "webAclArn",
            f"'{acl.name}' has scope CLOUDFRONT. Set it as a distribution's webAclId. An association"
            " requires scope REGIONAL.",
            INVALID,
        )


@rule(
    "one-web-acl-a-resource",
    Stage.CREATE,
    source=assumed("WAF silently replaces a resource's web ACL; the sandbox rejects the second association"),
)
def _one_acl(call: Call) -> Iterator[Rejection]:
    for other in others_in_region(call, call.type, resourceArn=call.get("resourceArn")):
        yield Rejection(
            "resourceArn", f"the resource already has a web ACL, by '{other.name}'", "WAFInvalidOperationException"
        )


@rule("log-destination-name", Stage.PLAN, source=_LOGGING)
def _log_names(call: Call) -> Iterator[Rejection]:
    destinations = known(call, "logDestinationConfigs")
    if isinstance(destinations, list) and len(destinations) != 1:
        yield Rejection(
            "logDestinationConfigs",
            f"too many destinations (got {len(destinations)}). A web ACL has one log destination.",
            INVALID,
        )
    for at, value in located(call.inputs, "logDestinationConfigs[*]"):
        if not isinstance(value, str):
            continue
        name = re.split(r":log-group:|:deliverystream/|:::", value)[-1]
        if not name.startswith("aws-waf-logs-"):
            yield Rejection(
                at,
                f"the name of WAF's log destination must start with 'aws-waf-logs-' (got '{name}')",
                INVALID,
            )
        if region_of(value) not in ("", call.region):
            yield Rejection(
                at, f"the log destination is in {region_of(value)}, the web ACL is in {call.region}", INVALID
            )


@rule("log-destination-exists", Stage.CREATE, Stage.UPDATE, source=api("wafv2", "PutLoggingConfiguration"))
def _log_exists(call: Call) -> Iterator[Rejection]:
    for at, value in located(call.inputs, "logDestinationConfigs[*]"):
        kind = _LOG_GROUP if ":log-group:" in value else _BUCKET if value.startswith("arn:aws:s3:::") else None
        if kind and next(call.cloud.find(kind, arn=value.removesuffix(":*")), None) is None:
            yield Rejection(at, f"'{value}' does not exist", "WAFLogDestinationPermissionIssueException")


def _arn(kind: str) -> Any:
    def make(call: Call) -> str:
        scope = "global" if call.get("scope") == "CLOUDFRONT" else "regional"
        return f"arn:aws:wafv2:{call.region}:{call.account}:{scope}/{kind}/{call.inputs['name']}/{call.id}"

    return make


def _named() -> Name:
    return Name(
        longest=128,
        pattern=r"[\w-]+",
        allowed="letters, digits, '_' and '-'",
        unique="region",
        taken="WAFDuplicateItemException",
        source=api("wafv2", "CreateWebACL"),
    )


def _lock(call: Call) -> str:
    digits = call.hex(32, repr(sorted(call.inputs.items(), key=str)))
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


_SCOPES = {"scope": ("CLOUDFRONT", "REGIONAL")}
_SAME_NAME = (("name", "namePrefix"),)
_FIXED = frozenset({"name", "namePrefix", "scope"})
_RULES = (_scope, _distinct, _actions, _rates, _nested, _within_capacity, _referred)


def _acl_reference(path: str, *, holds: bool, in_use: str = IN_USE) -> Reference:
    return Reference(
        path=path, to=WEB_ACL, by="arn", code=MISSING, holds=holds, in_use=in_use, source=api("wafv2", "DeleteWebACL")
    )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=WEB_ACL,
        source=sdk("wafv2/webacl"),
        id="{uuid}",
        outputs={"arn": _arn("webacl"), "applicationIntegrationUrl": "", "namePrefix": ""},
        derived={"capacity": capacity, "lockToken": _lock},
        replaces=_FIXED,
        replace_source=created_only("AWS::WAFv2::WebACL"),
        enums=_SCOPES,
        conflicts=(*_SAME_NAME, ("rules", "ruleJson")),
        name=_named(),
        quotas=(
            Quota(
                limit=100, per="region", what="web ACLs per Region", code="WAFLimitsExceededException", source=_QUOTAS
            ),
        ),
        rules=(*_RULES, _default_action),
    ),
    Behaviour(
        type=RULE_GROUP,
        source=sdk("wafv2/rulegroup"),
        id="{uuid}",
        outputs={"arn": _arn("rulegroup"), "namePrefix": ""},
        derived={"lockToken": _lock},
        replaces=_FIXED | {"capacity"},
        replace_source=created_only("AWS::WAFv2::RuleGroup"),
        enums=_SCOPES,
        ranges={"capacity": (1, MOST_UNITS)},
        conflicts=(*_SAME_NAME, ("rules", "rulesJson")),
        name=_named(),
        quotas=(
            Quota(
                limit=100,
                per="region",
                what="rule groups per Region",
                code="WAFLimitsExceededException",
                source=_QUOTAS,
            ),
        ),
        rules=(*_RULES, _not_referred),
    ),
    Behaviour(
        type=IP_SET,
        source=sdk("wafv2/ipset"),
        id="{uuid}",
        outputs={"arn": _arn("ipset"), "namePrefix": ""},
        derived={"lockToken": _lock},
        replaces=_FIXED | {"ipAddressVersion"},
        replace_source=created_only("AWS::WAFv2::IPSet"),
        enums={**_SCOPES, "ipAddressVersion": ("IPV4", "IPV6")},
        conflicts=_SAME_NAME,
        name=_named(),
        rules=(_scope, _addresses, _not_referred),
    ),
    Behaviour(
        type=PATTERN_SET,
        source=sdk("wafv2/regexpatternset"),
        id="{uuid}",
        outputs={"arn": _arn("regexpatternset"), "namePrefix": ""},
        derived={"lockToken": _lock},
        replaces=_FIXED,
        replace_source=created_only("AWS::WAFv2::RegexPatternSet"),
        enums=_SCOPES,
        conflicts=_SAME_NAME,
        name=_named(),
        rules=(_scope, _patterns, _not_referred),
    ),
    Behaviour(
        type="aws:wafv2/webAclAssociation:WebAclAssociation",
        source=sdk("wafv2/webaclassociation"),
        id="{webAclArn},{resourceArn}",
        replaces=frozenset({"webAclArn", "resourceArn"}),
        replace_source=created_only("AWS::WAFv2::WebACLAssociation"),
        references=(
            _acl_reference("webAclArn", holds=True),
            Reference(
                path="resourceArn",
                to=_LOAD_BALANCER,
                by="arn",
                external=r"arn:aws[^:]*:(?!elasticloadbalancing:).+",  # the sandbox accepts the ARNs of other services
                code="WAFUnavailableEntityException",
                holds=False,
                source=api("wafv2", "AssociateWebACL"),
            ),
        ),
        rules=(_regional, _one_acl),
    ),
    Behaviour(
        type="aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
        source=sdk("wafv2/webaclloggingconfiguration"),
        id="{resourceArn}",
        replaces=frozenset({"resourceArn"}),
        replace_source=created_only("AWS::WAFv2::LoggingConfiguration"),
        # Deleting a web ACL deletes its logging configuration.
        references=(_acl_reference("resourceArn", holds=False),),
        rules=(_log_names, _log_exists),
    ),
)
