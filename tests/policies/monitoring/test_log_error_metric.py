from __future__ import annotations

from typing import Any

import pytest

from policies.monitoring.log_error_metric import RULE
from policies.rule import Outcome, Resource, Stack
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resources_with, urn

GROUP = "monitored-logs"


def test_filter_and_alarm_pass() -> None:
    assert evaluate(RULE, GROUP).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"monitored-filter": ABSENT}, "metric filter"),
        ({"monitored-log": ABSENT}, "alarm on the count of errors"),
        ({"monitored-log: metricName": "something-else"}, "alarm on the count of errors"),
    ],
)
def test_filter_and_alarm_are_required(changes: dict[str, Any], path: str) -> None:
    assert [f.path for f in evaluate(RULE, GROUP, changes).findings] == [path]


def test_reference_of_the_metric_name_identifies_it_at_preview() -> None:
    changes = {"monitored-filter: metricTransformation.name": UNKNOWN, "monitored-log: metricName": UNKNOWN}
    assert evaluate(RULE, GROUP, changes).outcome is Outcome.UNKNOWN
    known = {each.name: each for each in resources_with(changes)}
    alarm = known["monitored-log"]
    source = urn("aws:cloudwatch/logGroup:LogGroup", GROUP)
    known["monitored-log"] = Resource(
        alarm.type, alarm.name, alarm.urn, alarm.properties, alarm.outputs, {"metricName": frozenset({source})}
    )
    assert RULE.evaluate(known[GROUP], Stack(tuple(known.values()))).outcome is Outcome.PASS


def test_log_group_of_no_container_is_not_applicable() -> None:
    assert evaluate(RULE, GROUP, {"monitored-task": ABSENT, "name": "of-a-web-acl"}).outcome is Outcome.NOT_APPLICABLE
