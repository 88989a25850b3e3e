"""AWS Budgets: budgets and their notifications."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Name, Quota, Rejection, Stage, assumed, located, rule
from .arns import service_of
from .same_scope import known
from .sources import FORCE_NEW, api, sdk

INVALID = "InvalidParameterException"
_CREATE = api("budgets", "CreateBudget")
_QUOTAS = assumed(
    "an older edition of the Budgets API reference says so; page to check:"
    " https://docs.aws.amazon.com/cost-management/latest/userguide/management-limits.html"
)
_PERCENT_TYPES = ("RI_UTILIZATION", "RI_COVERAGE", "SAVINGS_PLANS_UTILIZATION", "SAVINGS_PLANS_COVERAGE")


@rule("budget-limit-fits-its-type", Stage.PLAN, source=_CREATE)
def _limit(call: Call) -> Iterator[Rejection]:
    kind, unit, amount = known(call, "budgetType"), known(call, "limitUnit"), known(call, "limitAmount")
    if kind == "COST" and unit not in (None, "USD"):
        yield Rejection("limitUnit", f"invalid unit (got '{unit}'). A COST budget requires USD.", INVALID)
    if kind in _PERCENT_TYPES and unit not in (None, "PERCENTAGE"):
        yield Rejection("limitUnit", f"invalid unit (got '{unit}'). A {kind} budget requires PERCENTAGE.", INVALID)
    if isinstance(amount, str):
        try:
            fits = float(amount) > 0
        except ValueError:
            fits = False
        if not fits:
            yield Rejection(
                "limitAmount",
                f"invalid amount (got '{amount}'). It must be a string with a number greater than 0.",
                INVALID,
            )
    if not any(path in call.inputs for path in ("limitAmount", "plannedLimits", "autoAdjustData")):
        yield Rejection("limitAmount", "set limitAmount and limitUnit, plannedLimits or autoAdjustData", INVALID)
    for path in ("timePeriodStart", "timePeriodEnd"):
        moment = known(call, path)
        if isinstance(moment, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d_\d\d:\d\d", moment):
            yield Rejection(path, f"invalid value (got '{moment}'). Write it as '2026-11-01_00:00'.", INVALID)


@rule("notifications-have-subscribers", Stage.PLAN, source=sdk("budgets/budget"))
def _notified(call: Call) -> Iterator[Rejection]:
    notifications = list(located(call.inputs, "notifications[*]"))
    if len(notifications) > 10:
        yield Rejection(
            "notifications",
            f"too many notifications (got {len(notifications)}). Allowed are at most 10.",
            "CreationLimitExceededException",
        )
    for at, each in notifications:
        if not isinstance(each, dict):
            continue
        addresses, topics = each.get("subscriberEmailAddresses"), each.get("subscriberSnsTopicArns")
        if addresses in (None, []) and topics in (None, []):
            yield Rejection(
                at,
                "the notification has no subscriber. Set subscriberEmailAddresses or subscriberSnsTopicArns.",
                INVALID,
            )
        if isinstance(addresses, list) and len(addresses) > 10:
            yield Rejection(
                f"{at}.subscriberEmailAddresses",
                f"too many addresses (got {len(addresses)}). Allowed are at most 10.",
                INVALID,
            )
        if isinstance(topics, list) and len(topics) > 1:
            yield Rejection(
                f"{at}.subscriberSnsTopicArns", f"too many topics (got {len(topics)}). Allowed are at most 1.", INVALID
            )
        for path, mail in located(each, "subscriberEmailAddresses[*]"):
            if isinstance(mail, str) and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", mail):
                yield Rejection(f"{at}.{path}", f"invalid value (got '{mail}'). Allowed are e-mail addresses.", INVALID)
        for path, topic in located(each, "subscriberSnsTopicArns[*]"):
            if isinstance(topic, str) and service_of(topic) != "sns":
                yield Rejection(
                    f"{at}.{path}", f"invalid value (got '{topic}'). Allowed are ARNs of SNS topics.", INVALID
                )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type="aws:budgets/budget:Budget",
        source=sdk("budgets/budget"),
        regional=False,
        id=lambda call: f"{call.inputs.get('accountId', call.account)}:{call.inputs['name']}",
        outputs={
            "arn": "arn:aws:budgets::{account}:budget/{name}",
            "accountId": "{account}",
            "costFilters": (),
            "costTypes": {
                "includeCredit": True,
                "includeDiscount": True,
                "includeOtherSubscription": True,
                "includeRecurring": True,
                "includeRefund": True,
                "includeSubscription": True,
                "includeSupport": True,
                "includeTax": True,
                "includeUpfront": True,
                "useAmortized": False,
                "useBlended": False,
            },
            "limitAmount": "",
            "limitUnit": "",
            "namePrefix": "",
            "timePeriodEnd": "2087-06-15_00:00",
            "timePeriodStart": lambda _: time.strftime("%Y-%m-01_00:00", time.gmtime()),
        },
        replaces=frozenset({"name", "namePrefix", "accountId"}),
        replace_source=FORCE_NEW,
        enums={
            "budgetType": ("USAGE", "COST", *_PERCENT_TYPES),
            "timeUnit": ("DAILY", "MONTHLY", "QUARTERLY", "ANNUALLY"),
            "notifications[*].comparisonOperator": ("LESS_THAN", "EQUAL_TO", "GREATER_THAN"),
            "notifications[*].notificationType": ("ACTUAL", "FORECASTED"),
            "notifications[*].thresholdType": ("PERCENTAGE", "ABSOLUTE_VALUE"),
        },
        ranges={"notifications[*].threshold": (0, 15_000_000_000_000)},
        conflicts=(
            ("name", "namePrefix"),
            ("limitAmount", "plannedLimits", "autoAdjustData"),
            ("costFilters", "filterExpression"),
            ("costTypes", "metrics"),
        ),
        requires={"limitAmount": ("limitUnit",), "filterExpression": ("metrics",)},
        name=Name(
            longest=100,
            pattern=r"(?!.*/action/)[^:\\]+",
            allowed="any characters but ':' and '\\', and not '/action/'",
            unique="account",
            taken="DuplicateRecordException",
            source=_CREATE,
        ),
        quotas=(
            Quota(
                limit=20_000, per="account", what="budgets per account", code="CreationLimitExceededException",
                source=_QUOTAS,
            ),
        ),
        rules=(_limit, _notified),
    ),
)  # fmt: skip
