"""CDN-007: a distribution in front of a server has a web ACL with a rate limit.

The rule does not apply to a distribution that only serves files from S3, because it has no server to overload.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    Indeterminate,
    NotApplicable,
    Parameters,
    Pitfall,
    Resource,
    Severity,
    Stack,
    StackRule,
    declared,
    refers,
)
from ..waf.rules import WEB_ACL, blocks, rules_of, statements
from .behaviors import DISTRIBUTION
from .origins import is_s3, origins


def check(distribution: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if all(is_s3(origin) for _, origin in origins(distribution)):
        raise NotApplicable("it serves only files from S3")
    if not declared(distribution.properties, "webAclId") or _empty(distribution):
        yield Finding("webAclId", "not set", "a web ACL whose rate-based rule blocks")
        return
    acls = [acl for acl in stack.of((WEB_ACL,)) if refers(distribution, "webAclId", acl, "arn")]
    if not acls:
        raise Indeterminate("its web ACL is not in this stack, so its rules are unknown")
    for acl in acls:
        if not any(
            kind == "rateBasedStatement" and blocks(rule)
            for rule in rules_of(acl, stack)
            for kind, _ in statements(rule)
        ):
            yield Finding(f"web ACL {acl.name}: rules", "no rate-based rule that blocks", "one")


def _empty(distribution: Resource) -> bool:
    # A data flow from another resource is enough, because its ARN is unknown before `up`.
    return not distribution.references.get("webAclId") and distribution.properties.get("webAclId") == ""


RULE = StackRule(
    id="CDN-007",
    name="cdn-rate-limit",
    title="A distribution in front of a server limits the request rate of each client.",
    item=ChecklistItem.RATE_LIMITING,
    pitfall=Pitfall.NO_RATE_LIMITING,
    severity=Severity.HIGH,
    applies_to=(DISTRIBUTION,),
    check=check,
    remediation="Set web_acl_id to a web ACL of scope CLOUDFRONT with a rate-based rule whose action is block.",
    example="""aws.cloudfront.Distribution(
    "api",
    web_acl_id=acl.arn,
    # ...
)""",
    source="https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html",
    read=date(2026, 11, 24),
)
