"""Roles that a service assumes when a resource is created: they must exist, and trust the service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..behaviour import Behaviour, BehaviourRule, Call, Reference, Rejection, assumed, located, rule
from .access import cloud_policies
from .access.needs import Need, denied_needs
from .iam import to_role
from .network import APPLY
from .service_references import token

_SOURCE = assumed(
    "the service assumes the role when the resource is created, and reports that it cannot; from the messages of each"
    " service, from memory"
)


@dataclass(frozen=True, slots=True)
class ServiceRole:
    """An input with the role that a service assumes."""

    kind: str  # "sfn.StateMachine"
    path: str
    service: str  # without .amazonaws.com
    code: str


ROLES: tuple[ServiceRole, ...] = (
    ServiceRole("apigateway.Account", "cloudwatchRoleArn", "apigateway", "BadRequestException"),
    ServiceRole("appsync.DataSource", "serviceRoleArn", "appsync", "BadRequestException"),
    ServiceRole("cloudtrail.Trail", "cloudWatchLogsRoleArn", "cloudtrail", "InvalidCloudWatchLogsRoleArnException"),
    ServiceRole("codebuild.Project", "serviceRole", "codebuild", "InvalidInputException"),
    ServiceRole("codedeploy.DeploymentGroup", "serviceRoleArn", "codedeploy", "InvalidRoleException"),
    ServiceRole("codepipeline.Pipeline", "roleArn", "codepipeline", "InvalidStructureException"),
    ServiceRole("eks.FargateProfile", "podExecutionRoleArn", "eks-fargate-pods", "InvalidParameterException"),
    ServiceRole("glue.Crawler", "role", "glue", "InvalidInputException"),
    ServiceRole("glue.Job", "roleArn", "glue", "InvalidInputException"),
    *(
        ServiceRole("kinesis.FirehoseDeliveryStream", f"{path}.roleArn", "firehose", "InvalidArgumentException")
        for path in (
            "extendedS3Configuration", "httpEndpointConfiguration.s3Configuration", "kinesisSourceConfiguration",
            "opensearchConfiguration", "redshiftConfiguration", "splunkConfiguration.s3Configuration",
        )
    ),
    ServiceRole("rds.Cluster", "monitoringRoleArn", "monitoring.rds", "InvalidParameterValue"),
    ServiceRole("rds.ClusterInstance", "monitoringRoleArn", "monitoring.rds", "InvalidParameterValue"),
    ServiceRole("rds.Instance", "monitoringRoleArn", "monitoring.rds", "InvalidParameterValue"),
    ServiceRole("rds.Proxy", "roleArn", "rds", "InvalidParameterValue"),
    ServiceRole("sagemaker.Model", "executionRoleArn", "sagemaker", "ValidationException"),
    ServiceRole("sagemaker.NotebookInstance", "roleArn", "sagemaker", "ValidationException"),
    ServiceRole("ssm.Activation", "iamRole", "ssm", "ValidationException"),
    ServiceRole("sfn.StateMachine", "roleArn", "states", "AccessDeniedException"),
)  # fmt: skip


def untrusting(call: Call, path: str, service: str, code: str) -> Iterator[Rejection]:
    """Yield a rejection of each role at `path` whose trust policy certainly does not allow a service to assume it.

    `service` is without .amazonaws.com. Older trust policies name the service of a region. A condition on the ARN of
    the caller's resource is not decided.
    """
    names = (f"{service}.amazonaws.com", f"{service}.{call.region}.amazonaws.com")
    for at, arn in located(call.inputs, path):
        found = cloud_policies.role(call.cloud, arn) if isinstance(arn, str) else None
        if found is None:
            continue
        message = (
            f"{names[0]} is not authorized to assume the role {arn}: the trust policy of '{found.name}' does not allow"
            " it"
        )
        needs = [
            Need(
                caller=name, action="sts:AssumeRole", resource=arn, context={"aws:SourceAccount": call.account},
                undetermined=("aws:SourceArn",),
            )
            for name in names
        ]  # fmt: skip
        denied = list(denied_needs(call, at, needs, message, code))
        if len(denied) == len(needs):
            yield denied[0]


def _trust(role: ServiceRole) -> BehaviourRule:
    @rule("role-trusts-service", *APPLY, source=_SOURCE)
    def check(call: Call) -> Iterator[Rejection]:
        yield from untrusting(call, role.path, role.service, role.code)

    return check


_NAME = r"(?!arn:).*|arn:[^:]*:iam::(?!123456789012:)\d+:.*|arn:[^:]*:iam::\d+:role/(aws-)?service-role/.*"
"""Names instead of ARNs, roles of other accounts, and roles that a service creates."""


def _reference(role: ServiceRole) -> Reference:
    return to_role(role.path, code=role.code, source=_SOURCE, external=_NAME)


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = tuple(
    Behaviour(type=token(role.kind), source=_SOURCE, references=(_reference(role),), rules=(_trust(role),))
    for role in ROLES
)
