"""SEC-008: the policy of a topic, queue or secret names its principals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..iam.resource_policies import open_statements
from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Resource, ResourceRule, Severity, declared

POLICIES = (
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:sqs/queuePolicy:QueuePolicy",
    "aws:secretsmanager/secretPolicy:SecretPolicy",
)
WITH_POLICY = ("aws:sns/topic:Topic", "aws:sqs/queue:Queue", "aws:secretsmanager/secret:Secret")


def check(resource: Resource, _parameters: Parameters) -> Iterator[Finding]:
    if not declared(resource.properties, "policy"):
        raise NotApplicable("the resource has no inline policy")
    yield from open_statements(resource, "specific principals, or a condition on the caller")


RULE = ResourceRule(
    id="SEC-008",
    name="resource-policy-principals",
    title="The policy of a topic, queue or secret names its principals.",
    item=ChecklistItem.BASELINE,
    severity=Severity.CRITICAL,
    applies_to=(*POLICIES, *WITH_POLICY),
    check=check,
    remediation="Name the principals, or require aws:SourceArn, aws:SourceAccount or aws:PrincipalOrgID.",
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
