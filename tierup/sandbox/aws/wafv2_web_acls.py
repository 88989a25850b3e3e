"""AWS WAF: web ACLs and rule groups."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ..behaviour import (
    Behaviour,
    Call,
    Quota,
    Rejection,
    Stage,
    rule,
)
from .same_scope import known
from .sources import api, created_only, schema_of, sdk
from .wafv2 import (
    FIXED,
    INVALID,
    QUOTAS,
    RULE_GROUP,
    SAME_NAME,
    SCOPES,
    WEB_ACL,
    arn_of,
    lock_token,
    name_rule,
    not_referred,
)
from .wafv2_capacity import MAX_UNITS, capacity
from .wafv2_rules import RULES


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


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=WEB_ACL,
        source=sdk("wafv2/webacl"),
        id="{uuid}",
        outputs={"arn": arn_of("webacl"), "applicationIntegrationUrl": "", "namePrefix": ""},
        derived={"capacity": capacity, "lockToken": lock_token},
        replaces=FIXED,
        replace_source=schema_of("wafv2/web_acl.go"),
        enums=SCOPES,
        conflicts=(*SAME_NAME, ("rules", "ruleJson")),
        name=name_rule(),
        quotas=(
            Quota(
                limit=100, per="region", what="web ACLs per Region", code="WAFLimitsExceededException", source=QUOTAS
            ),
        ),
        rules=(*RULES, _default_action),
    ),
    Behaviour(
        type=RULE_GROUP,
        source=sdk("wafv2/rulegroup"),
        id="{uuid}",
        outputs={"arn": arn_of("rulegroup"), "namePrefix": ""},
        derived={"lockToken": lock_token},
        replaces=FIXED | {"capacity"},
        replace_source=created_only("AWS::WAFv2::RuleGroup"),
        enums=SCOPES,
        ranges={"capacity": (1, MAX_UNITS)},
        conflicts=(*SAME_NAME, ("rules", "rulesJson")),
        name=name_rule(),
        quotas=(
            Quota(
                limit=100,
                per="region",
                what="rule groups per Region",
                code="WAFLimitsExceededException",
                source=QUOTAS,
            ),
        ),
        rules=(*RULES, not_referred),
    ),
)
