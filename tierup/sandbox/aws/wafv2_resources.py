"""AWS WAF: the resources that a web ACL protects, the labels of rules, and regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, Stage, documented, located, rule
from .same_scope import known
from .sources import sdk, unread
from .wafv2 import INVALID, PATTERN_SET, RULE_GROUP, WEB_ACL

_PROTECTED = re.compile(
    r"arn:aws[^:]*:(elasticloadbalancing:.+:loadbalancer/app/.+|apigateway:.*::/restapis/.+/stages/.+|appsync:.+:apis/.+"
    r"|cognito-idp:.+:userpool/.+|apprunner:.+:service/.+|ec2:.+:verified-access-instance/.+|amplify:.+:apps/.+)"
)


@rule("resource-supports-web-acl", Stage.PLAN, source=unread("wafv2", "AssociateWebACLRequest: ResourceArn"))
def _protected(call: Call) -> Iterator[Rejection]:
    arn = known(call, "resourceArn")
    if isinstance(arn, str) and not _PROTECTED.fullmatch(arn):
        yield Rejection(
            "resourceArn",
            f"A web ACL cannot protect this resource (got '{arn}'). Allowed are application load balancers, stages of"
            " REST APIs, AppSync APIs, Cognito user pools, App Runner services, Verified Access instances and Amplify"
            " applications.",
            INVALID,
        )


_RESERVED = frozenset({"awswaf", "aws", "waf", "rulegroup", "webacl", "regexpatternset", "ipset", "managed"})


@rule(
    "label-has-no-reserved-word",
    Stage.PLAN,
    source=documented(
        "AWS API model of wafv2 (botocore 1.43), Label; https://docs.aws.amazon.com/waf/latest/developerguide/"
        "waf-rule-label-requirements.html",
        read="2026-11-28",
    ),
)
def _labels(call: Call) -> Iterator[Rejection]:
    for at, name in located(call.inputs, "rules[*].ruleLabels[*].name"):
        if isinstance(name, str) and set(name.split(":")) & _RESERVED:
            yield Rejection(
                at, f"The label contains a reserved word (got '{name}'). Reserved are {', '.join(sorted(_RESERVED))}.",
                INVALID,
            )  # fmt: skip


_NOT_SUPPORTED = re.compile(
    r"\\[1-9]|\(\?<?[=!]|\(\?\(|\\[CGKR]"
    r"|(?<!\\)(\(\?(R|\d|C|&|P[>=]|>)|\(\*[A-Z])"  # recursion, subroutines, callouts, atomic groups, control verbs
    r"|(?<!\\)[*+?}]\+"  # possessive quantifiers
)
_CLASS = re.compile(r"(?<!\\)\[\^?\]?(?:\[:\w+:\]|\\.|[^\]\\])*\]")


@rule(
    "regex-is-supported",
    Stage.PLAN,
    source=documented(
        "https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-regex-match.html (some zero-"
        "width assertions only). That look-around is not among them: from memory",
        read="2026-11-28",
    ),
)
def _regex(call: Call) -> Iterator[Rejection]:
    for path in ("regularExpressions[*].regexString", "rules[*].statement.regexMatchStatement.regexString"):
        for at, text in located(call.inputs, path):
            if not isinstance(text, str):
                continue
            try:
                re.compile(re.sub(r"\(\?[a-zA-Z-]+\)|\[\[:\w+:\]\]|\\[pPhHvXz](\{\w+\})?", "x", text))
                bad = _NOT_SUPPORTED.search(_CLASS.sub("[a]", text)) is not None
            except re.error:
                bad = True
            if bad:
                yield Rejection(at, f"Invalid or unsupported regular expression (got '{text}').", INVALID)


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type="aws:wafv2/webAclAssociation:WebAclAssociation", source=sdk("wafv2/webaclassociation"), rules=(_protected,)
    ),
    Behaviour(type=WEB_ACL, source=sdk("wafv2/webacl"), rules=(_labels, _regex)),
    Behaviour(type=RULE_GROUP, source=sdk("wafv2/rulegroup"), rules=(_labels, _regex)),
    Behaviour(type=PATTERN_SET, source=sdk("wafv2/regexpatternset"), rules=(_regex,)),
)
