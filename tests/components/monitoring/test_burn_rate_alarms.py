"""The burn-rate alarms: thresholds, windows and composite alarms."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.monitoring.burn_rate_alarms import BURN_RATES, BurnRateAlarms, BurnRateAlarmsArgs, failed_percent
from components.monitoring.metric import Metric
from tests.engine_recorder import Recording, record

TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"


def count(name: str, statistic: str = "Sum") -> Metric:
    return Metric(
        namespace="AWS/ApplicationELB", name=name, dimensions={"LoadBalancer": "app/api/1"}, statistic=statistic
    )


ARGS = BurnRateAlarmsArgs(
    requests=count("RequestCount"),
    failures={"service": count("HTTPCode_Target_5XX_Count"), "balancer": count("HTTPCode_ELB_5XX_Count")},
    objective_percent=99.9,
    topic_arn=TOPIC,
    tags={"Stack": "dev"},
    runbooks="https://host/runbooks",
)


@pytest.fixture(scope="module")
def recording() -> Recording[BurnRateAlarms]:
    return record(lambda: BurnRateAlarms("slo", ARGS))


def test_each_burn_rate_has_two_windows_and_a_composite_alarm(recording: Recording[BurnRateAlarms]) -> None:
    parts = [f"slo-{key}{part}" for key in BURN_RATES for part in ("", "-long", "-short")]

    assert recording.tree() == {"slo": None, **dict.fromkeys(parts, "slo")}


def test_only_composite_alarms_have_actions(recording: Recording[BurnRateAlarms]) -> None:
    assert len(recording.of(COMPOSITE)) == len(BURN_RATES)
    for composite in recording.of(COMPOSITE):
        assert composite.inputs["alarmActions"] == composite.inputs["okActions"] == [TOPIC]
        rule = f'ALARM("{composite.name}-long-name") AND ALARM("{composite.name}-short-name")'
        assert composite.inputs["alarmRule"] == rule
    assert len(recording.of(ALARM)) == 2 * len(BURN_RATES)
    for window in recording.of(ALARM):
        assert not {"alarmActions", "okActions"} & window.inputs.keys()


@pytest.mark.parametrize(
    ("key", "threshold", "long", "short"),
    [("fast-burn", 1.44, 3_600, 300), ("steady-burn", 0.6, 21_600, 1_800), ("slow-burn", 0.1, 259_200, 21_600)],
)
def test_objective_of_99_9_percent_has_the_thresholds_and_windows_of_its_burn_rates(
    recording: Recording[BurnRateAlarms], key: str, threshold: float, long: int, short: int
) -> None:
    for part, seconds in (("long", long), ("short", short)):
        alarm = recording.named(f"slo-{key}-{part}").inputs
        assert alarm["threshold"] == threshold
        assert {query["metric"]["period"] for query in alarm["metricQueries"][:-1]} == {seconds}
        assert [query["id"] for query in alarm["metricQueries"]] == ["service", "balancer", "requests", "result"]


def test_few_failures_raise_no_alarm(recording: Recording[BurnRateAlarms]) -> None:
    expressions = {
        part: recording.named(f"slo-fast-burn-{part}").inputs["metricQueries"][-1]["expression"]
        for part in ("long", "short")
    }

    assert expressions["long"] == failed_percent(ARGS.failures, 10)
    assert expressions["long"].startswith("IF((FILL(service, 0) + FILL(balancer, 0)) >= 10, ")
    assert expressions["short"] == failed_percent(ARGS.failures)


def _if(condition: bool, then: float, otherwise: float) -> float:
    return then if condition else otherwise


def _fill(value: float, _default: float) -> float:
    return value


@pytest.mark.parametrize(
    ("requests", "failures", "percent"), [(1_000, 10, 1), (0, 50, 100), (20, 50, 100), (1_000, 0, 0), (0, 0, 0)]
)
def test_a_total_outage_is_a_failure_of_all_requests(requests: int, failures: int, percent: float) -> None:
    """Without a registered target, the load balancer counts 503 responses but no requests."""
    expression = failed_percent({"failures": count("HTTPCode_ELB_5XX_Count")})
    functions = {"IF": _if, "FILL": _fill}
    # Python evaluates both branches of IF: avoid its division by zero, which metric math turns into no data.
    values = {"requests": requests, "failures": failures}
    safe = expression.replace("/ IF(", "/ max(1, IF(", 1).replace("FILL(requests, 0)), 0)", "FILL(requests, 0))), 0)")

    assert eval(safe, {"__builtins__": {"max": max}, **functions, **values}) == percent  # noqa: S307  # our own text


def test_description_fits_and_links_to_the_runbook(recording: Recording[BurnRateAlarms]) -> None:
    assert recording.of(COMPOSITE)
    for composite in recording.of(COMPOSITE):
        text = composite.inputs["alarmDescription"]
        assert text.endswith(f"\nRunbook: https://host/runbooks/{composite.name.removeprefix('slo-')}.md")
        assert len(text) <= 1024


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"objective_percent": 100}, r"^objective_percent: .*\(got 100\)\. Give 90 to less than 100"),
        ({"objective_percent": 93}, r"could never fire.*\(got 93\)\. Give 93.1 or more"),
        ({"failures": {}}, r"^failures: .*\(got \[\]\)\. Give one metric or more"),
        ({"failures": {"requests": count("a")}}, r"^failures: .*the id 'requests' \(got \['requests'\]\)"),
        ({"min_failures": 0}, r"^min_failures: .*\(got 0\)"),
        ({"requests": count("RequestCount", "Average")}, r"^statistic: an objective counts requests \(got Average\)"),
        ({"runbooks": "runbooks"}, r"^runbooks: .*Give an https URL"),
    ],
)
def test_invalid_objective_is_rejected(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(ARGS, **wrong)
