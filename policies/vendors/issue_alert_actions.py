"""VEN-003: an issue alert of Sentry has an action."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import ChecklistItem, Finding, Parameters, Pitfall, Resource, ResourceRule, Severity

ALERT = "sentry:index/sentryIssueAlert:SentryIssueAlert"


def check(alert: Resource, _parameters: Parameters) -> Iterator[Finding]:
    if not (alert.properties.get("actions") or alert.properties.get("actionsV2s")):
        yield Finding("actions", "none", "one action or more, such as an email to the team")


RULE = ResourceRule(
    id="VEN-003",
    name="sentry-alert-actions",
    title="A Sentry issue alert has an action.",
    item=ChecklistItem.ERROR_TRACKING,
    pitfall=Pitfall.NO_MONITORING,
    severity=Severity.MEDIUM,
    applies_to=(ALERT,),
    check=check,
    remediation="Add an action that notifies the team of the project.",
    example="""sentry.SentryIssueAlert(
    "new-issues",
    organization="you",
    project="api",
    name="New issues",
    action_match="any",
    filter_match="all",
    frequency=30,
    conditions=conditions,
    actions=[{"id": "sentry.mail.actions.NotifyEmailAction", "targetType": "Team", "targetIdentifier": team}],
)""",
    source="https://docs.sentry.io/product/alerts/alert-types/#issue-alerts",
    read=None,
)
