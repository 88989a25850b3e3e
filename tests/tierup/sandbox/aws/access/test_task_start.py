"""A service whose execution role lacks a right fails with the text of ECS."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tierup.sandbox.aws.ecr import REPOSITORY
from tierup.sandbox.aws.ecs import CLUSTER
from tierup.sandbox.aws.ecs_services import SERVICE
from tierup.sandbox.aws.ecs_task_definitions import TASK_DEFINITION
from tierup.sandbox.aws.iam import ROLE
from tierup.sandbox.aws.kms import KEY
from tierup.sandbox.aws.logs import LOG_GROUP
from tierup.sandbox.aws.network import SUBNET
from tierup.sandbox.aws.secretsmanager import SECRET
from tierup.sandbox.behaviour import Rejection
from tierup.sandbox.cloud import CloudResource

from ..account import Account
from ..policy_inputs import allow, document, key_policy, set_policy, trust

SESSION = "0123456789abcdef0123456789abcdef"


class Task:
    """A service with an ECR image, a secret under a customer managed key and a log group."""

    def __init__(self, account: Account, vpc: CloudResource) -> None:
        self.account = account
        self.role = account.make(ROLE, "execution", name="execution", assumeRolePolicy=trust("ecs-tasks.amazonaws.com"))
        repository = account.make(REPOSITORY, "api", name="api")
        self.key = account.make(KEY, "key", policy=key_policy())
        self.secret = account.make(SECRET, "url", name="url", kmsKeyId=self.key.outputs["arn"])
        group = account.make(LOG_GROUP, "logs", name="/ecs/api")
        self.rights: dict[str, dict[str, Any]] = {
            "login": allow("ecr:GetAuthorizationToken"),
            "pull": allow("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", resource=repository.outputs["arn"]),
            "log": allow("logs:CreateLogStream", "logs:PutLogEvents", resource=f"{group.outputs['arn']}:*"),
            "read": allow("secretsmanager:GetSecretValue", resource=self.secret.id),
            "decrypt": allow(
                "kms:Decrypt",
                resource=self.key.outputs["arn"],
                Condition={"StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}},
            ),
        }
        options = {"awslogs-group": "/ecs/api", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "api"}
        container = {
            "name": "api",
            "image": f"{repository.outputs['repositoryUrl']}:1",
            "logConfiguration": {"logDriver": "awslogs", "options": options},
            "secrets": [{"name": "URL", "valueFrom": f"{self.secret.id}:url::"}],
        }
        task = account.make(
            TASK_DEFINITION,
            "api",
            family="api",
            containerDefinitions=json.dumps([container]),
            executionRoleArn=self.role.outputs["arn"],
            cpu="256",
            memory="512",
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
        )
        subnet = account.make(SUBNET, "a", vpcId=vpc.id, cidrBlock="10.0.0.0/24", availabilityZone="eu-west-1a")
        self.inputs: dict[str, Any] = {
            "cluster": account.make(CLUSTER, "main").outputs["arn"],
            "taskDefinition": task.outputs["arn"],
            "launchType": "FARGATE",
            "desiredCount": 1,
            "networkConfiguration": {"subnets": [subnet.id]},
        }

    def rejections(self, *without: str, **changed: Any) -> list[Rejection]:
        """Return the rejections of the service when the role has all rights but some."""
        set_policy(self.account, self.role, *(right for name, right in self.rights.items() if name not in without))
        return self.account.rejections(SERVICE, "api", **{**self.inputs, **changed})


@pytest.fixture
def task(account: Account, vpc: CloudResource) -> Task:
    """Return a service and its task definition, each of whose rights a test can remove."""
    return Task(account, vpc)


def test_role_with_all_rights_is_accepted(task: Task) -> None:
    assert task.rejections() == []


@pytest.mark.parametrize(
    ("missing", "code", "text"),
    [
        (
            "login",
            "ResourceInitializationError",
            "unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr"
            " registry auth: service call has been retried 1 time(s): AccessDeniedException: User:"
            f" arn:aws:sts::123456789012:assumed-role/execution/{SESSION} is not authorized to perform:"
            " ecr:GetAuthorizationToken on resource: * because no identity-based policy allows the"
            " ecr:GetAuthorizationToken action",
        ),
        (
            "pull",
            "CannotPullContainerError",
            "ecr:BatchGetImage on resource: arn:aws:ecr:eu-west-1:123456789012:repository/api because no"
            " identity-based policy allows the ecr:BatchGetImage action",
        ),
        ("read", "ResourceInitializationError", "unable to retrieve secret from asm"),
        ("decrypt", "ResourceInitializationError", "Access to KMS is not allowed"),
        (
            "log",
            "ResourceInitializationError",
            "failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log"
            " stream: AccessDeniedException",
        ),
    ],
)
def test_missing_right_fails_as_on_ecs(task: Task, missing: str, code: str, text: str) -> None:
    found = task.rejections(missing)
    assert {each.code for each in found} == {code}
    assert text in found[0].message
    assert all(each.retried for each in found)


def test_decrypt_for_another_service_does_not_suffice(task: Task) -> None:
    task.rights["decrypt"]["Condition"]["StringEquals"]["kms:ViaService"] = "ssm.eu-west-1.amazonaws.com"
    (found,) = task.rejections()
    assert "kms:Decrypt" in found.message


def test_key_policy_that_does_not_delegate_denies_the_role(task: Task) -> None:
    only_admin = {**allow("kms:*"), "Principal": {"AWS": "arn:aws:iam::123456789012:role/admin"}}
    task.account.cloud.change(replace_policy(task.key, document(only_admin)))
    (found,) = task.rejections()
    assert "because no resource-based policy allows the kms:Decrypt action" in found.message


def replace_policy(key: CloudResource, policy: str) -> CloudResource:
    """Return the key with another policy, as someone sets it outside Pulumi."""
    return replace(key, inputs={**key.inputs, "policy": policy}, outputs={**key.outputs, "policy": policy})


def test_role_that_ecs_cannot_assume_is_named(task: Task) -> None:
    role = task.account.make(ROLE, "other", name="other", assumeRolePolicy=trust("ec2.amazonaws.com"))
    definition = task.account.cloud.get(TASK_DEFINITION, task.inputs["taskDefinition"])
    assert definition is not None
    set_policy(task.account, role, *task.rights.values())
    assert definition.inputs["executionRoleArn"] == task.role.outputs["arn"]
    changed = {**definition.inputs, "executionRoleArn": role.outputs["arn"], "family": "other"}
    other = task.account.make(TASK_DEFINITION, "other", **changed)
    (found,) = task.rejections(taskDefinition=other.outputs["arn"])
    assert found.message.startswith(f"ECS was unable to assume the role '{role.outputs['arn']}'")


def test_trust_for_another_account_does_not_suffice(task: Task) -> None:
    condition = {"StringEquals": {"aws:SourceAccount": "111122223333"}}
    changed = trust("ecs-tasks.amazonaws.com", **condition)
    task.account.change(task.role, assumeRolePolicy=changed)
    (found,) = task.rejections()
    assert found.message.startswith("ECS was unable to assume the role")


def test_service_without_tasks_needs_no_rights(task: Task) -> None:
    assert task.rejections("login", "pull", "read", "decrypt", "log", desiredCount=0) == []


def test_attached_managed_policy_of_aws_counts(task: Task) -> None:
    """AmazonECSTaskExecutionRolePolicy allows to pull and log, and reads no secret."""
    arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    task.account.make(attachment, "managed", role=task.role.id, policyArn=arn)
    assert task.rejections("login", "pull", "log") == []
    assert {"secretsmanager:GetSecretValue" in each.message for each in task.rejections("login", "read")} == {True}
