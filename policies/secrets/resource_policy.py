"""SEC-008: a topic, a queue or a secret says whom it lets in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..access.documents import statements
from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Resource, ResourceRule, Severity, declared

POLICIES = (
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:sqs/queuePolicy:QueuePolicy",
    "aws:secretsmanager/secretPolicy:SecretPolicy",
)
WITH_POLICY = ("aws:sns/topic:Topic", "aws:sqs/queue:Queue", "aws:secretsmanager/secret:Secret")


def check(resource: Resource, _parameters: Parameters) -> Iterator[Finding]:
    if not declared(resource.properties, "policy"):
        raise NotApplicable("it has no policy in itself")
    for statement in statements(resource.properties, "policy"):
        if statement.allows and statement.for_anyone and not statement.says_who:
            yield Finding(f"{statement.path}.Principal", "anyone (*)", "principals, or a condition that says whose")


RULE = ResourceRule(
    id="SEC-008",
    name="resource-policy-principals",
    title="A topic, a queue or a secret says whom it lets in.",
    item=ChecklistItem.BASELINE,
    severity=Severity.CRITICAL,
    applies_to=(*POLICIES, *WITH_POLICY),
    check=check,
    remediation="Name the principals, or ask for aws:SourceArn, aws:SourceAccount or aws:PrincipalOrgID.",
    example="""statement = {
    "Effect": "Allow",
    "Principal": {"Service": "events.amazonaws.com"},
    "Action": "sqs:SendMessage",
    "Resource": queue_arn,
    "Condition": {"ArnEquals": {"aws:SourceArn": rule_arn}},
}""",
    source="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html",
    read=date(2026, 11, 24),
)
