"""Sentry's teams, projects, keys and alerts in the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.sentry.projects import PROJECT, TEAM

from ..aws.account import Account
from ..provider_calls import Engine

KEY = "sentry:index/sentryKey:SentryKey"
ISSUE_ALERT = "sentry:index/sentryIssueAlert:SentryIssueAlert"
METRIC_ALERT = "sentry:index/sentryMetricAlert:SentryMetricAlert"
SHOP: dict[str, Any] = {"organization": "example", "name": "Shop Prod"}


def account() -> Account:
    """Return an account with a team and a project, both shop-prod."""
    made = Account()
    made.make(TEAM, "team", **SHOP)
    made.make(PROJECT, "project", **SHOP, teams=["shop-prod"])
    return made


def metric_alert(**changes: Any) -> dict[str, Any]:
    trigger = {"label": "critical", "thresholdType": 0, "alertThreshold": 10, "actions": []}
    given = {
        "organization": "example",
        "project": "shop-prod",
        "aggregate": "count()",
        "query": "",
        "thresholdType": 0,
        "timeWindow": 5,
        "triggers": [trigger],
    }
    return {**given, **changes}


def test_slug_is_made_of_the_name_and_identifies_the_project() -> None:
    project = next(iter(account().cloud.find(PROJECT)))
    assert (project.id, project.outputs["slug"]) == ("shop-prod", "shop-prod")
    assert project.outputs["internalId"].isdigit()


def test_dsn_has_the_key_and_the_number_of_the_project() -> None:
    here = account()
    key = here.make(KEY, **SHOP, project="shop-prod")
    project = next(iter(here.cloud.find(PROJECT)))
    wanted = f"https://{key.outputs['public']}@o1.ingest.sentry.io/{project.outputs['internalId']}"
    assert key.outputs["dsnPublic"] == wanted


@pytest.mark.parametrize("slug", ["Shop", "123", "a b", "x" * 51])
def test_wrong_slugs_are_rejected(slug: str) -> None:
    assert {each.path for each in Account().rejections(TEAM, **SHOP, slug=slug)} == {"slug"}


@pytest.mark.parametrize(
    ("type", "inputs", "path"),
    [
        (TEAM, SHOP, "slug"),  # in use
        (PROJECT, {**SHOP, "slug": "other"}, "teams"),
        (PROJECT, {**SHOP, "slug": "other", "teams": ["missing"]}, "teams[0]"),
        (KEY, {**SHOP, "project": "missing"}, "project"),
        (KEY, {**SHOP, "project": "shop-prod", "rateLimitCount": 5}, "rateLimitCount"),
        (METRIC_ALERT, metric_alert(timeWindow=7), "timeWindow"),
        (METRIC_ALERT, metric_alert(thresholdType=1), "triggers[0].thresholdType"),
        (METRIC_ALERT, metric_alert(triggers=[]), "triggers"),
        (
            METRIC_ALERT,
            metric_alert(
                triggers=[
                    {"label": label, "thresholdType": 0, "alertThreshold": value, "actions": []}
                    for label, value in (("critical", 5), ("warning", 10))
                ]
            ),
            "triggers",
        ),
        (
            METRIC_ALERT,
            metric_alert(
                triggers=[
                    {
                        "label": "critical",
                        "thresholdType": 0,
                        "alertThreshold": 5,
                        "actions": [{"type": "email", "targetType": "team", "targetIdentifier": "1"}],
                    }
                ]
            ),
            "triggers[0].actions[0].targetIdentifier",
        ),
    ],
)
def test_invalid_inputs_are_rejected(type: str, inputs: dict[str, Any], path: str) -> None:
    assert path in {each.path for each in account().rejections(type, **inputs)}


def issue_alert(**changes: Any) -> dict[str, Any]:
    given = {
        **SHOP,
        "project": "shop-prod",
        "actionMatch": "any",
        "filterMatch": "all",
        "frequency": 30,
        "conditions": [{"id": "sentry.rules.conditions.first_seen_event.FirstSeenEventCondition"}],
        "actions": [{"id": "sentry.mail.actions.NotifyEmailAction", "targetType": "IssueOwners"}],
    }
    return {**given, **changes}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"actions": []}, "actions"),
        ({"conditions": [{"value": "1"}]}, "conditions[0].id"),
        ({"frequency": 1}, "frequency"),
        ({"actionMatch": "some"}, "actionMatch"),
    ],
)
def test_invalid_issue_alerts_are_rejected(changes: dict[str, Any], path: str) -> None:
    assert account().make(ISSUE_ALERT, "valid", **issue_alert()).id.isdigit()
    assert path in {each.path for each in account().rejections(ISSUE_ALERT, **issue_alert(**changes))}


def test_another_project_or_organization_replaces() -> None:
    engine = Engine(package="sentry")
    old = {**SHOP, "project": "shop-prod"}
    assert engine.diff(KEY, old, {**old, "project": "other"})[1] == {"project"}
    assert engine.diff(TEAM, SHOP, {**SHOP, "organization": "other"})[1] == {"organization"}
    assert engine.diff(TEAM, SHOP, {**SHOP, "name": "Shop"}) == ({"name"}, set())
