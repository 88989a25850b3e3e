"""What everything else stands on: the network, the bucket for logs and, from phase scale on, the stack's own key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import Output

from components.kms.key import EncryptionKey, EncryptionKeyArgs, KeyUse
from components.monitoring.alarm_topic import AlarmTopic
from components.s3.log_bucket import LogBucket, LogBucketArgs
from components.vpc.endpoints import EndpointService
from components.vpc.existing_network import ExistingNetwork
from components.vpc.nat import NatKind
from components.vpc.network import Network, NetworkArgs
from components.vpc.private_subnets import PrivateSubnetsArgs
from stacks.catalog.phases import Block
from stacks.catalog.tiers import ENDPOINTS
from stacks.context import Plan

# Without NAT a task reaches nothing else, and starts by these.
_TO_START_A_TASK = (
    EndpointService.ECR_API,
    EndpointService.ECR_DKR,
    EndpointService.LOGS,
    EndpointService.SECRETS_MANAGER,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """Handed to every part that is built on it."""

    network: Network | ExistingNetwork
    logs: LogBucket
    key: EncryptionKey | None
    topic: AlarmTopic  # alarms of the stack's region

    @property
    def key_arn(self) -> Output[str] | None:
        """Of the stack's own key; None where AWS's keys do."""
        return self.key.arn if self.key else None

    def key_arn_for(self, plan: Plan, use: KeyUse) -> Output[str] | None:
        """Of the stack's own key where tierup:customerKeyUses names the use."""
        return self.key_arn if use.value in plan.settings.customer_key_uses else None

    @property
    def task_subnet_ids(self) -> list[Output[str]]:
        """Private ones where there are any."""
        return list((self.network.private_subnet_ids or self.network.public_subnet_ids).values())

    @property
    def tasks_are_public(self) -> bool:
        """Whether a task's way out is an address of its own."""
        return not self.network.private_subnet_ids


def make_ground(plan: Plan, topic: AlarmTopic) -> Ground:
    """`topic` hears when the NAT instance is rebooted."""
    key = _key(plan)
    return Ground(network=_network(plan, topic, key), logs=_log_bucket(plan), key=key, topic=topic)


def _network(plan: Plan, topic: AlarmTopic, key: EncryptionKey | None) -> Network | ExistingNetwork:
    settings = plan.settings
    if settings.existing_network is not None:
        return ExistingNetwork("network", settings.existing_network.args(), plan.opts)
    return Network(
        "network",
        NetworkArgs(
            vpc_cidr=settings.vpc_cidr,
            zones=plan.around.zones,
            account_id=plan.around.account_id,
            region=settings.region,
            flow_log_retention_days=settings.log_retention_days,
            flow_log_key_arn=key.arn if key else None,
            private=_private_subnets(plan, topic) if plan.has(Block.PRIVATE_TASKS) else None,
            ipv6=settings.ipv6,
            tags=plan.tags,
        ),
        plan.opts,
    )


def _private_subnets(plan: Plan, topic: AlarmTopic) -> PrivateSubnetsArgs:
    kind = plan.settings.nat_kind
    return PrivateSubnetsArgs(
        nat=kind,
        alarm_topic_arn=topic.arn if kind is NatKind.INSTANCE else None,
        endpoint_services=_endpoints(plan, kind),
    )


def _endpoints(plan: Plan, nat: NatKind) -> Sequence[EndpointService]:
    if nat is not NatKind.NONE:
        return ENDPOINTS[plan.settings.tier]
    return (*_TO_START_A_TASK, *([EndpointService.SSM_MESSAGES] if plan.settings.exec else []))


def _log_bucket(plan: Plan) -> LogBucket:
    return LogBucket(
        "logs",
        LogBucketArgs(
            account_id=plan.around.account_id,
            region=plan.settings.region,
            retention_days=plan.settings.log_retention_days,
            force_destroy=not plan.settings.protect,
            tags=plan.tags,
        ),
        plan.opts,
    )


def _key(plan: Plan) -> EncryptionKey | None:
    if not plan.settings.has_customer_key:
        return None
    asked = (KeyUse(use) for use in plan.settings.customer_key_uses)
    uses = (KeyUse.SECRETS, KeyUse.LOGS, KeyUse.FUNCTIONS, KeyUse.BACKUPS, *asked)
    args = EncryptionKeyArgs(account_id=plan.around.account_id, region=plan.settings.region, uses=uses, tags=plan.tags)
    return EncryptionKey("stack", args, plan.opts)
