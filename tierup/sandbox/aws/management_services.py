"""What the APIs of CloudTrail, Config, CodeBuild, CodeDeploy, Backup and Cloud Map check beyond their models."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, Stage, located, rule
from .access.needs import Need, denials
from .s3 import BUCKET
from .same_scope import known
from .sources import schema_of, sdk, unread


@rule(
    "trail-may-write",
    Stage.CREATE,
    Stage.UPDATE,
    source=unread("cloudtrail", "InsufficientS3BucketPolicyException"),
)
def _trail(call: Call) -> Iterator[Rejection]:
    bucket = call.cloud.get(BUCKET, str(call.get("s3BucketName")))
    if bucket is None or not bucket.urn:
        return
    prefix = f"{call.get('s3KeyPrefix')}/" if call.get("s3KeyPrefix") else ""
    context = {
        "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceAccount": call.account,
        "aws:SourceArn": f"arn:aws:cloudtrail:{call.region}:{call.account}:trail/{call.get('name')}",
    }  # fmt: skip
    arn = f"arn:aws:s3:::{bucket.id}"
    needs = (
        Need(caller="cloudtrail.amazonaws.com", action="s3:GetBucketAcl", resource=arn, context=context),
        Need(
            caller="cloudtrail.amazonaws.com", action="s3:PutObject", context=context,
            resource=f"{arn}/{prefix}AWSLogs/{call.account}/CloudTrail/{call.region}/a.json.gz",
        ),
    )  # fmt: skip
    if next(denials(needs, call.cloud), None) is not None:
        yield Rejection(
            "s3BucketName",
            f"Incorrect S3 bucket policy is detected for bucket: {bucket.id}. Allow cloudtrail.amazonaws.com"
            " s3:GetBucketAcl and s3:PutObject, and make the trail depend on the policy.",
            "InsufficientS3BucketPolicyException",
            retried=True,
        )


@rule("rule-needs-recorder", Stage.CREATE, source=unread("config", "NoAvailableConfigurationRecorderException"))
def _config_rule(call: Call) -> Iterator[Rejection]:
    if next(call.nearby("aws:cfg/recorder:Recorder"), None) is None:
        yield Rejection(
            "", "Configuration recorder is not available to put the rule. Make the rule depend on a cfg.Recorder.",
            "NoAvailableConfigurationRecorderException",
        )  # fmt: skip


@rule("recorder-needs-channel", Stage.CREATE, source=unread("config", "NoAvailableDeliveryChannelException"))
def _recorder(call: Call) -> Iterator[Rejection]:
    if call.get("isEnabled") is True and next(call.nearby("aws:cfg/deliveryChannel:DeliveryChannel"), None) is None:
        yield Rejection(
            "isEnabled", "Delivery channel is not available to start configuration recorder. Make this resource depend"
            " on a cfg.DeliveryChannel.", "NoAvailableDeliveryChannelException",
        )  # fmt: skip


@rule(
    "channel-needs-recorder",
    Stage.CREATE,
    source=unread("config", "NoAvailableConfigurationRecorderException"),
)
def _channel(call: Call) -> Iterator[Rejection]:
    if next(call.nearby("aws:cfg/recorder:Recorder"), None) is None:
        yield Rejection(
            "", "Configuration recorder is not available to put delivery channel. Make the channel depend on a"
            " cfg.Recorder.", "NoAvailableConfigurationRecorderException", retried=True,
        )  # fmt: skip


@rule("source-and-artifacts-of-pipeline", Stage.PLAN, source=schema_of("codebuild/project.go"))
def _project(call: Call) -> Iterator[Rejection]:
    source, artifacts = known(call, "source.type"), known(call, "artifacts.type")
    if source is not None and artifacts is not None and (source == "CODEPIPELINE") != (artifacts == "CODEPIPELINE"):
        yield Rejection(
            "artifacts.type", f"source and artifacts are both CODEPIPELINE or neither is (got {source}, {artifacts}).",
            "InvalidInputException",
        )  # fmt: skip


@rule("webhook-of-repository", Stage.CREATE, source=unread("codebuild", "CreateWebhook: InvalidInputException"))
def _webhook(call: Call) -> Iterator[Rejection]:
    project = next(call.nearby("aws:codebuild/project:Project", name=call.get("projectName")), None)
    for _, kind in located(project.inputs, "source.type") if project else ():
        if kind in ("CODECOMMIT", "CODEPIPELINE", "NO_SOURCE", "S3"):
            yield Rejection(
                "projectName", f"Webhooks are not supported for a project with the source {kind}.",
                "InvalidInputException",
            )  # fmt: skip


@rule(
    "ecs-deployment-has-service",
    Stage.CREATE,
    source=unread("codedeploy", "CreateDeploymentGroup: ecsServices"),
)
def _deployment(call: Call) -> Iterator[Rejection]:
    application = next(call.nearby("aws:codedeploy/application:Application", name=call.get("appName")), None)
    if application is None or application.inputs.get("computePlatform") != "ECS":
        return
    for path, code in (
        ("ecsService", "InvalidECSServiceException"),
        ("loadBalancerInfo", "InvalidLoadBalancerInfoException"),
        ("blueGreenDeploymentConfig", "InvalidBlueGreenDeploymentConfigurationException"),
    ):
        if call.get(path) is None:
            yield Rejection(path, "It must be set for an application of the platform ECS (got none).", code)


@rule("retention-is-ordered", Stage.PLAN, source=unread("backup", "PutBackupVaultLockConfiguration"))
def _retention(call: Call) -> Iterator[Rejection]:
    low, high = known(call, "minRetentionDays"), known(call, "maxRetentionDays")
    if isinstance(low, (int, float)) and isinstance(high, (int, float)) and low > high:
        yield Rejection(
            "minRetentionDays", f"It must not exceed maxRetentionDays (got {low:g}, {high:g}).",
            "InvalidParameterValueException",
        )  # fmt: skip


@rule("records-of-discovery-service", Stage.PLAN, source=unread("servicediscovery", "DnsConfig: RoutingPolicy"))
def _discovery(call: Call) -> Iterator[Rejection]:
    kinds = [kind for _, kind in located(call.inputs, "dnsConfig.dnsRecords[*].type")]
    if "CNAME" in kinds and known(call, "dnsConfig.routingPolicy", "MULTIVALUE") != "WEIGHTED":
        yield Rejection(
            "dnsConfig.routingPolicy", "A CNAME record requires the routing policy WEIGHTED.", "InvalidInput"
        )
    if "CNAME" in kinds and len(kinds) > 1:
        yield Rejection("dnsConfig.dnsRecords", "A CNAME record must be the only record.", "InvalidInput")
    if "SRV" in kinds and "CNAME" in kinds:
        yield Rejection("dnsConfig.dnsRecords", "SRV and CNAME records exclude each other.", "InvalidInput")


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type="aws:cloudtrail/trail:Trail", source=sdk("cloudtrail/trail"), rules=(_trail,)),
    Behaviour(type="aws:cfg/rule:Rule", source=sdk("cfg/rule"), rules=(_config_rule,)),
    Behaviour(type="aws:cfg/recorderStatus:RecorderStatus", source=sdk("cfg/recorderstatus"), rules=(_recorder,)),
    Behaviour(type="aws:cfg/deliveryChannel:DeliveryChannel", source=sdk("cfg/deliverychannel"), rules=(_channel,)),
    Behaviour(type="aws:codebuild/project:Project", source=sdk("codebuild/project"), rules=(_project,)),
    Behaviour(type="aws:codebuild/webhook:Webhook", source=sdk("codebuild/webhook"), rules=(_webhook,)),
    Behaviour(
        type="aws:codedeploy/deploymentGroup:DeploymentGroup",
        source=sdk("codedeploy/deploymentgroup"),
        rules=(_deployment,),
    ),
    Behaviour(
        type="aws:backup/vaultLockConfiguration:VaultLockConfiguration",
        source=sdk("backup/vaultlockconfiguration"),
        rules=(_retention,),
    ),
    Behaviour(type="aws:servicediscovery/service:Service", source=sdk("servicediscovery/service"), rules=(_discovery,)),
)
