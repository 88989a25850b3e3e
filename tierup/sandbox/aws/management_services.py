"""What the APIs of CloudTrail, Config, CodeBuild, CodeDeploy, Backup and Cloud Map check beyond their models."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, Stage, located, rule
from .access.needs import Need, denials
from .arns import account_of, service_of
from .s3 import BUCKET
from .same_scope import known
from .service_references import token
from .sources import api, schema_of, sdk, unread


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


@rule("function-of-rule-exists", Stage.CREATE, Stage.UPDATE, source=unread("config", "PutConfigRule: Source"))
def _custom_rule(call: Call) -> Iterator[Rejection]:
    arn = str(call.get("source.sourceIdentifier"))
    if call.get("source.owner") != "CUSTOM_LAMBDA" or account_of(arn) != call.account:
        return
    if next(call.nearby("aws:lambda/function:Function", arn=arn), None) is None:
        yield Rejection(
            "source.sourceIdentifier", f"The AWS Lambda function {arn} cannot be invoked: it does not exist.",
            "InsufficientPermissionsException",
        )  # fmt: skip
        return
    permissions = call.nearby("aws:lambda/permission:Permission")
    if not any(each.inputs.get("principal") == "config.amazonaws.com" for each in permissions):
        yield Rejection(
            "source.sourceIdentifier", f"The AWS Lambda function {arn} cannot be invoked. Check the function's"
            " permissions, and make the rule depend on them.", "InsufficientPermissionsException",
        )  # fmt: skip


@rule("multi-region-trail", Stage.PLAN, source=unread("cloudtrail", "InvalidParameterCombinationException"))
def _multi_region(call: Call) -> Iterator[Rejection]:
    if call.get("isMultiRegionTrail") is True and call.get("includeGlobalServiceEvents") is False:
        yield Rejection(
            "includeGlobalServiceEvents", "Multi-Region trail must include global service events.",
            "InvalidParameterCombinationException",
        )  # fmt: skip


@rule("mail-from-is-a-subdomain", Stage.PLAN, source=api("ses", "SetIdentityMailFromDomain: MailFromDomain"))
def _mail_from(call: Call) -> Iterator[Rejection]:
    domain, own = known(call, "domain", known(call, "emailIdentity")), known(call, "mailFromDomain")
    if isinstance(domain, str) and isinstance(own, str) and own and not own.endswith(f".{domain.rpartition('@')[2]}"):
        yield Rejection(
            "mailFromDomain", f"Provided MAIL-FROM domain <{own}> is not subdomain of the domain of the identity"
            f" <{domain}>.", "InvalidParameterValue",
        )  # fmt: skip


@rule("compute-of-environment", Stage.PLAN, source=api("codebuild", "ProjectEnvironment: computeType"))
def _compute(call: Call) -> Iterator[Rejection]:
    size, kind = known(call, "environment.computeType"), known(call, "environment.type")
    if isinstance(size, str) and isinstance(kind, str) and ("LAMBDA" in size) != ("LAMBDA" in kind):
        yield Rejection("environment.computeType", f"{size} is not available for {kind}.", "InvalidInputException")


_ORGANIZATION = "aws:organizations/organization:Organization"


@rule("policy-of-organization", Stage.PLAN, source=unread("organizations", "CreatePolicy: MalformedPolicyDocument"))
def _organization_policy(call: Call) -> Iterator[Rejection]:
    text, kind = known(call, "content"), known(call, "type", "SERVICE_CONTROL_POLICY")
    if not isinstance(text, str):
        return
    try:
        document = json.loads(text)
    except ValueError:
        yield Rejection("content", "The provided policy document is not JSON.", "MalformedPolicyDocumentException")
        return
    statements = document.get("Statement") if isinstance(document, dict) else None
    if kind != "SERVICE_CONTROL_POLICY":
        return
    if not statements:
        yield Rejection("content", "The policy has no Statement.", "MalformedPolicyDocumentException")
    for statement in statements if isinstance(statements, list) else [statements]:
        for key in ("Principal", "NotPrincipal"):
            if isinstance(statement, dict) and key in statement:
                yield Rejection(
                    "content", f"A service control policy must not have {key}.", "MalformedPolicyDocumentException"
                )
    if len(text) > 5120:
        yield Rejection("content", f"It has {len(text)} characters. Allowed are 5120.", "ConstraintViolationException")


@rule(
    "policy-type-is-enabled", Stage.CREATE, source=api("organizations", "AttachPolicy: PolicyTypeNotEnabledException")
)
def _enabled(call: Call) -> Iterator[Rejection]:
    policy = call.cloud.get("aws:organizations/policy:Policy", str(call.get("policyId")))
    organization = next(call.cloud.find(_ORGANIZATION), None)
    kind = str(policy.inputs.get("type") or "SERVICE_CONTROL_POLICY") if policy else ""
    if policy and organization and kind not in (organization.inputs.get("enabledPolicyTypes") or ()):
        yield Rejection(
            "policyId", f"The policy type {kind} is not enabled. Add it to enabledPolicyTypes of the organization.",
            "PolicyTypeNotEnabledException",
        )  # fmt: skip


_NEVER_SHARED = frozenset(
    {
        "dynamodb", "ecs", "eks", "elasticloadbalancing", "iam", "kinesis", "kms", "lambda", "logs", "s3",
        "secretsmanager", "sns", "sqs", "states",
    }
)  # fmt: skip
"""Services whose resources AWS RAM does not share. Source: RAM's list of shareable resources, from memory."""


@rule("resource-is-shareable", Stage.PLAN, source=unread("ram", "AssociateResourceShare: MalformedArnException"))
def _shareable(call: Call) -> Iterator[Rejection]:
    arn = known(call, "resourceArn")
    if isinstance(arn, str) and service_of(arn) in _NEVER_SHARED:
        yield Rejection("resourceArn", f"AWS RAM does not share {arn}.", "InvalidParameterException")


@rule("disk-in-zone-of-instance", Stage.CREATE, source=unread("lightsail", "AttachDisk"))
def _disk(call: Call) -> Iterator[Rejection]:
    named = (("aws:lightsail/disk:Disk", "diskName"), ("aws:lightsail/instance:Instance", "instanceName"))
    zones = [
        each.inputs.get("availabilityZone")
        for kind, path in named
        for each in call.nearby(kind)
        if call.get(path) in (each.id, each.inputs.get("name"))
    ]
    if len(set(zones)) > 1:
        yield Rejection("diskName", f"The disk is in {zones[0]}, the instance in {zones[1]}.", "InvalidInputException")


@rule("security-hub-is-enabled", Stage.CREATE, source=unread("securityhub", "InvalidAccessException"))
def _hub(call: Call) -> Iterator[Rejection]:
    if next(call.nearby("aws:securityhub/account:Account"), None) is None:
        yield Rejection(
            "", f"Account {call.account} is not subscribed to AWS Security Hub. Make this resource depend on a"
            " securityhub.Account.", "InvalidAccessException",
        )  # fmt: skip


@rule("template-has-resources", Stage.PLAN, source=unread("cloudformation", "ValidateTemplate: ValidationError"))
def _template(call: Call) -> Iterator[Rejection]:
    text = known(call, "templateBody")
    if not isinstance(text, str) or not text.lstrip().startswith("{"):
        return
    try:
        template = json.loads(text)
    except ValueError:
        yield Rejection("templateBody", "Template format error: JSON not well-formed.", "ValidationError")
        return
    if not template.get("Resources"):
        yield Rejection(
            "templateBody", "Template format error: At least one Resources member must be defined.", "ValidationError"
        )


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type="aws:ses/mailFrom:MailFrom", source=sdk("ses/mailfrom"), rules=(_mail_from,)),
    Behaviour(
        type="aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes",
        source=sdk("sesv2/emailidentitymailfromattributes"),
        rules=(_mail_from,),
    ),
    Behaviour(type="aws:cloudformation/stack:Stack", source=sdk("cloudformation/stack"), rules=(_template,)),
    Behaviour(
        type="aws:lightsail/disk_attachment:Disk_attachment", source=sdk("lightsail/disk_attachment"), rules=(_disk,)
    ),
    Behaviour(
        type="aws:organizations/policy:Policy", source=sdk("organizations/policy"), rules=(_organization_policy,)
    ),
    Behaviour(
        type="aws:organizations/policyAttachment:PolicyAttachment",
        source=sdk("organizations/policyattachment"),
        rules=(_enabled,),
    ),
    Behaviour(
        type="aws:ram/resourceAssociation:ResourceAssociation",
        source=sdk("ram/resourceassociation"),
        rules=(_shareable,),
    ),
    *(
        Behaviour(type=token(f"securityhub.{kind}"), source=sdk(f"securityhub/{kind.lower()}"), rules=(_hub,))
        for kind in ("ActionTarget", "FindingAggregator", "Insight", "ProductSubscription", "StandardsSubscription")
    ),
    Behaviour(type="aws:cloudtrail/trail:Trail", source=sdk("cloudtrail/trail"), rules=(_trail, _multi_region)),
    Behaviour(type="aws:cfg/rule:Rule", source=sdk("cfg/rule"), rules=(_config_rule, _custom_rule)),
    Behaviour(type="aws:cfg/recorderStatus:RecorderStatus", source=sdk("cfg/recorderstatus"), rules=(_recorder,)),
    Behaviour(type="aws:cfg/deliveryChannel:DeliveryChannel", source=sdk("cfg/deliverychannel"), rules=(_channel,)),
    Behaviour(type="aws:codebuild/project:Project", source=sdk("codebuild/project"), rules=(_project, _compute)),
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
