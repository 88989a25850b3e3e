"""CloudWatch Logs: filter patterns and subscription filters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Quota, Rejection, Stage, assumed, documented, rule
from .access.needs import Need, denied_needs
from .arns import service_of
from .lambda_ import FUNCTION
from .logs import LOG_GROUP
from .network import APPLY
from .same_scope import known
from .service_roles import untrusting
from .sources import sdk, unread

_SUBSCRIPTION = "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter"
_CLASSES = assumed(
    "from memory; to check: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html:"
    " no metric and subscription filters for Infrequent Access"
)
_TRANSFORMATION = documented(
    "AWS API model of logs (botocore 1.44), MetricTransformation: metricValue, dimensions", read="2026-11-29"
)
_CLOSING = {"{": "}", "[": "]"}


@rule("filter-pattern-is-complete", Stage.PLAN, source=unread("logs", "FilterPattern"))
def _pattern(call: Call) -> Iterator[Rejection]:
    for path in ("pattern", "filterPattern"):
        text = str(known(call, path, "")).strip()
        closing = _CLOSING.get(text[:1])
        quotes = text.replace('\\"', "").count('"')
        unbalanced = text.count("(") != text.count(")") if closing == "}" and not quotes else False
        if (closing and not text.endswith(closing)) or quotes % 2 or unbalanced:
            yield Rejection(path, f"Invalid metric filter pattern (got '{text}').", "InvalidParameterException")


@rule("filters-of-standard-log-class", *APPLY, source=_CLASSES)
def _standard_class(call: Call) -> Iterator[Rejection]:
    path = "logGroupName" if call.get("logGroupName") else "logGroup"
    group = next(call.nearby(LOG_GROUP, name=call.get(path)), None)
    kind = group.outputs.get("logGroupClass") if group is not None else None
    if kind in ("INFREQUENT_ACCESS", "DELIVERY"):
        yield Rejection(
            path, f"The log group '{call.get(path)}' has the class {kind}, which does not support this filter.",
            "InvalidOperationException",
        )  # fmt: skip


@rule("metric-value-and-dimensions", Stage.PLAN, source=_TRANSFORMATION)
def _metric(call: Call) -> Iterator[Rejection]:
    value = known(call, "metricTransformation.value")
    if isinstance(value, str) and not re.fullmatch(r"\$.+|[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", value):
        yield Rejection(
            "metricTransformation.value",
            f"Invalid metric transformation: the value must be a number or a field such as $.latency (got '{value}').",
            "InvalidParameterException",
        )
    dimensions = known(call, "metricTransformation.dimensions")
    if isinstance(dimensions, dict) and len(dimensions) > 3:
        yield Rejection(
            "metricTransformation.dimensions", f"A metric filter has at most 3 dimensions (got {len(dimensions)}).",
            "InvalidParameterException",
        )  # fmt: skip


@rule("destination-accepts-logs", *APPLY, source=unread("logs", "PutSubscriptionFilter"))
def _destination(call: Call) -> Iterator[Rejection]:
    arn = str(call.get("destinationArn"))
    service = service_of(arn)
    group = next(call.nearby(LOG_GROUP, name=call.get("logGroup")), None)
    if service == "lambda" and next(call.cloud.find(FUNCTION, arn=arn), None) is not None:
        source = f"{group.outputs.get('arn')}:*" if group else None
        context = {"aws:SourceArn": source, "aws:SourceAccount": call.account}
        permissions = call.cloud.find("aws:lambda/permission:Permission")
        principals = {str(each.inputs.get("principal")) for each in permissions}
        callers = {"logs.amazonaws.com", *(each for each in principals if each.startswith("logs."))}
        needs = [
            Need(caller=caller, action="lambda:InvokeFunction", resource=arn, context=context)
            for caller in sorted(callers)
        ]
        message = (
            "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your"
            " function."
        )
        denied = list(denied_needs(call, "destinationArn", needs, message, "InvalidParameterException"))
        if len(denied) == len(needs):
            yield denied[0]
    if service in ("kinesis", "firehose"):
        if not call.get("roleArn"):
            yield Rejection(
                "roleArn", f"It must be set for a destination of {service} (got none).", "InvalidParameterException"
            )
        yield from untrusting(call, "roleArn", "logs", "InvalidParameterException")


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type="aws:cloudwatch/logMetricFilter:LogMetricFilter",
        source=sdk("cloudwatch/logmetricfilter"),
        rules=(_pattern, _standard_class, _metric),
    ),
    Behaviour(
        type=_SUBSCRIPTION,
        source=sdk("cloudwatch/logsubscriptionfilter"),
        quotas=(
            Quota(
                limit=2,
                per="logGroup",
                what="subscription filters per log group",
                source=documented("AWS API model of logs (botocore 1.43), PutSubscriptionFilter", read="2026-11-28"),
            ),
        ),
        rules=(_pattern, _standard_class, _destination),
    ),
)
