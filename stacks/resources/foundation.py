"""The foundation of all other parts: the network, the log bucket and, from phase scale on, the customer managed key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import Output

from components.kms.key import KeyUse, KmsKey, KmsKeyArgs
from components.monitoring.alarm_topic import AlarmTopic
from components.s3.log_bucket import LogBucket, LogBucketArgs
from components.vpc.endpoints import EndpointService
from components.vpc.existing_network import ExistingNetwork
from components.vpc.nat import NatKind
from components.vpc.network import Network, NetworkArgs
from components.vpc.private_subnets import PrivateSubnetsArgs
from stacks.catalog.phases import Feature
from stacks.catalog.tiers import ENDPOINTS
from stacks.context import StackContext

# Without NAT a task reaches AWS through these interface endpoints only, and needs all of them to start.
_TO_START_A_TASK = (
    EndpointService.ECR_API,
    EndpointService.ECR_DKR,
    EndpointService.LOGS,
    EndpointService.SECRETS_MANAGER,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Foundation:
    """What every other part needs of the foundation."""

    network: Network | ExistingNetwork
    logs: LogBucket
    key: KmsKey | None
    topic: AlarmTopic  # receives the alarms of the stack's region

    @property
    def key_arn(self) -> Output[str] | None:
        """The ARN of the customer managed key; None when AWS managed keys encrypt."""
        return self.key.arn if self.key else None

    def key_arn_for(self, context: StackContext, use: KeyUse) -> Output[str] | None:
        """Return the ARN of the customer managed key when tierup:kmsKeyUses contains the use."""
        return self.key_arn if use.value in context.settings.kms_key_uses else None

    @property
    def task_subnet_ids(self) -> list[Output[str]]:
        """The private subnets, or the public ones in phases without private subnets."""
        return list((self.network.private_subnet_ids or self.network.public_subnet_ids).values())

    @property
    def tasks_are_public(self) -> bool:
        """Whether tasks reach the internet by their own public address."""
        return not self.network.private_subnet_ids


def create_foundation(context: StackContext, topic: AlarmTopic) -> Foundation:
    """Create network, log bucket and key. `topic` receives the alarm on a reboot of the NAT instance."""
    key = _key(context)
    return Foundation(network=_network(context, topic, key), logs=create_log_bucket(context), key=key, topic=topic)


def _network(context: StackContext, topic: AlarmTopic, key: KmsKey | None) -> Network | ExistingNetwork:
    settings = context.settings
    if settings.existing_network is not None:
        return ExistingNetwork(context.named("network"), settings.existing_network.args(), context.opts)
    return Network(
        context.named("network"),
        NetworkArgs(
            vpc_cidr=settings.vpc_cidr,
            availability_zones=context.lookups.availability_zones,
            account_id=context.lookups.account_id,
            region=settings.region,
            flow_log_retention_days=settings.log_retention_days,
            flow_log_key_arn=key.arn if key else None,
            private=_private_subnets(context, topic) if context.has(Feature.PRIVATE_SUBNETS) else None,
            ipv6=settings.ipv6,
            tags=context.tags,
        ),
        context.opts,
    )


def _private_subnets(context: StackContext, topic: AlarmTopic) -> PrivateSubnetsArgs:
    kind = context.settings.nat_kind
    return PrivateSubnetsArgs(
        nat=kind,
        nat_instance_type=context.settings.nat_instance_type,
        alarm_topic_arn=topic.arn if kind is NatKind.INSTANCE else None,
        endpoint_services=_endpoints(context, kind),
    )


def _endpoints(context: StackContext, nat: NatKind) -> Sequence[EndpointService]:
    if nat is not NatKind.NONE:
        return ENDPOINTS[context.settings.tier]
    return (*_TO_START_A_TASK, *([EndpointService.SSM_MESSAGES] if context.settings.ecs_exec else []))


def create_log_bucket(context: StackContext) -> LogBucket:
    """Create the bucket for access logs."""
    return LogBucket(
        context.named("logs"),
        LogBucketArgs(
            account_id=context.lookups.account_id,
            region=context.settings.region,
            retention_days=context.settings.log_retention_days,
            force_destroy=not context.settings.protect,
            tags=context.tags,
        ),
        context.opts,
    )


def _key(context: StackContext) -> KmsKey | None:
    if not context.settings.has_kms_key:
        return None
    optional_uses = (KeyUse(use) for use in context.settings.kms_key_uses)
    always = (KeyUse.SECRETS, KeyUse.LOGS, KeyUse.FUNCTIONS, KeyUse.BACKUPS)
    uses = (*always, *([KeyUse.KUBERNETES] if context.settings.runs_pods else []), *optional_uses)
    args = KmsKeyArgs(
        account_id=context.lookups.account_id, region=context.settings.region, uses=uses, tags=context.tags
    )
    return KmsKey(context.named("stack"), args, context.opts)
