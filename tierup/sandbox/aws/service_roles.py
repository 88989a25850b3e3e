"""Roles that a service assumes when a resource is created: they must exist, and trust the service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..behaviour import Behaviour, BehaviourRule, Call, Reference, Rejection, assumed, located, rule
from .access import cloud_policies
from .access.needs import Need, denied_needs
from .derived_references import role_paths
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
    ServiceRole("cognito.UserPool", "smsConfiguration.snsCallerArn", "cognito-idp",
                "InvalidSmsRoleTrustRelationshipException"),
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

PRINCIPALS: Mapping[str, str] = {
    "amplify": "amplify",
    "apigateway": "apigateway",
    "appconfig": "appconfig",
    "appflow": "appflow",
    "apprunner": "build.apprunner tasks.apprunner apprunner",
    "appsync": "appsync",
    "athena": "athena",
    "batch": "batch spotfleet",
    "bedrock": "bedrock bedrock-agentcore lambda",
    "cfg": "config config-multiaccountsetup ssm",
    "chatbot": "chatbot",
    "cloudformation": "cloudformation",
    "codebuild": "codebuild",
    "codedeploy": "codedeploy",
    "codepipeline": "codepipeline codebuild",
    "dax": "dax",
    "datasync": "datasync",
    "dlm": "dlm",
    "dms": "dms",
    "elasticbeanstalk": "elasticbeanstalk",
    "elasticsearch": "es opensearchservice opensearch",
    "emr": "elasticmapreduce ec2 application-autoscaling",
    "emrserverless": "emr-serverless",
    "fis": "fis",
    "glue": "glue lakeformation",
    "grafana": "grafana",
    "guardduty": "malware-protection-plan.guardduty guardduty",
    "imagebuilder": "imagebuilder ec2",
    "iot": "iot credentials.iot",
    "kendra": "kendra",
    "kinesisanalyticsv2": "kinesisanalytics",
    "lex": "lex lexv2 channels.lexv2",
    "mskconnect": "kafkaconnect",
    "mwaa": "airflow airflow-env",
    "opensearch": "es opensearchservice opensearch",
    "pipes": "pipes",
    "qldb": "qldb",
    "redshift": "redshift redshift-serverless scheduler.redshift sagemaker glue events",
    "redshiftserverless": "redshift redshift-serverless scheduler.redshift events",
    "rekognition": "rekognition",
    "sagemaker": "sagemaker",
    "sfn": "states",
    "ssm": "ssm",
    "synthetics": "lambda",
    "transfer": "transfer",
}
"""By module, the services without .amazonaws.com that assume the roles of its resources. A role trusts one of them."""
_OTHERS_ASSUME = frozenset({"assumeRole", "computeRoleArn", "defaultRole", "invocationRole", "jobRoleArn"})
"""Inputs whose role another service than that of its module assumes."""


@rule("role-trusts-a-service-of-its-resource", *APPLY, source=_SOURCE)
def _trusts_module(call: Call) -> Iterator[Rejection]:
    module = call.type.partition(":")[2].partition("/")[0]
    services = PRINCIPALS.get(module)
    if services is None or call.type in _OWN_TRUST:
        return
    names = [f"{service}{region}.amazonaws.com" for service in services.split() for region in ("", f".{call.region}")]
    for path in role_paths(call.type):
        if path.rpartition(".")[2] in _OTHERS_ASSUME:
            continue
        for at, arn in located(call.inputs, path):
            if not isinstance(arn, str) or cloud_policies.role(call.cloud, arn) is None:
                continue
            needs = [
                Need(
                    caller=name, action="sts:AssumeRole", resource=arn, context={"aws:SourceAccount": call.account},
                    undetermined=("aws:SourceArn",),
                )
                for name in names
            ]  # fmt: skip
            message = f"{names[0]} is not authorized to assume the role {arn}: its trust policy does not allow it"
            denied = list(denied_needs(call, at, needs, message, "InvalidParameterValueException"))
            if len(denied) == len(needs):
                yield denied[0]


_OWN_TRUST = frozenset(token(role.kind) for role in ROLES)
COMMON_RULES: tuple[BehaviourRule, ...] = (_trusts_module,)
