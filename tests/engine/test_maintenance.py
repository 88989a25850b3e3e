"""KMS key, rotation, backups and their alarms are added to an existing stack with secrets, on the real engine."""

from __future__ import annotations

import pulumi_aws as aws
import pytest

from components.backup.plan import BackupPlan, BackupPlanArgs
from components.kms.key import KeyUse, KmsKey, KmsKeyArgs
from components.monitoring.alarm_topic import AlarmTopic, AlarmTopicArgs
from components.monitoring.alarms import Alarms, AlarmsArgs
from components.monitoring.burn_rate_alarms import BurnRateAlarms, BurnRateAlarmsArgs
from components.monitoring.business_metrics import BusinessMetrics
from components.monitoring.metric import Metric
from components.secrets.app_secrets import AppSecrets, AppSecretsArgs, GeneratedSecret
from components.secrets.rotation import RedeployedService, SecretRotation, SecretRotationArgs
from components.secrets.signing_keys import SigningKeys, SigningKeysArgs
from components.waf.client_rules import BotControl, ClientRestrictions
from components.waf.web_acl import Scope, WebAcl, WebAclArgs
from stacks.monitoring import business, maintenance
from tests.engine.sandbox_stack import CreateStack

pytestmark = [pytest.mark.engine, pytest.mark.exhaustive]

REGION = "eu-west-1"
TAGS = {"Stack": "dev"}


def before() -> None:
    """Create the secrets and the web ACL of an early phase."""
    _secrets(None)
    _web_acl(None)


def after() -> None:
    """Create the same resources with a KMS key, rotation, backups, alarms and all rules of the web ACL."""
    account = aws.get_caller_identity().account_id
    key = KmsKey("data", KmsKeyArgs(account_id=account, region=REGION, uses=list(KeyUse), tags=TAGS))
    secrets = _secrets(key)
    _web_acl(key)
    keys = SigningKeys(
        "tokens",
        SigningKeysArgs(
            first_key=secrets.generated["JWT_SECRET"], recovery_window_days=0, kms_key_id=key.arn, tags=TAGS
        ),
    )
    rotation = SecretRotation(
        "rotation",
        SecretRotationArgs(
            account_id=account,
            region=REGION,
            secret_arn=keys.arn,
            services={"api": RedeployedService(cluster_name="app", service_name="api")},
            runtime="python3.13",
            log_retention_days=30,
            kms_key_arn=key.arn,
            tags=TAGS,
        ),
    )
    bucket = aws.s3.Bucket("site", tags=TAGS)
    backups = BackupPlan("backups", BackupPlanArgs(resource_arns={"site": bucket.arn}, kms_key_arn=key.arn, tags=TAGS))
    _alarms(account, backups, rotation)


def _secrets(key: KmsKey | None) -> AppSecrets:
    return AppSecrets(
        "generated",
        AppSecretsArgs(
            recovery_window_days=0,
            generated={"JWT_SECRET": GeneratedSecret()},
            kms_key_id=key.arn if key else None,
            tags=TAGS,
        ),
    )


def _web_acl(key: KmsKey | None) -> WebAcl:
    return WebAcl(
        "web-acl",
        WebAclArgs(
            scope=Scope.REGIONAL,
            log_retention_days=30,
            log_key_arn=key.arn if key else None,
            bot_control=BotControl(path_prefix="/api/") if key else None,
            client_restrictions=ClientRestrictions(allowed_countries=("DE",), blocked_asns=(64_496,)) if key else None,
            tags=TAGS,
        ),
    )


def _alarms(account: str, backups: BackupPlan, rotation: SecretRotation) -> None:
    topic = AlarmTopic("alarm", AlarmTopicArgs(account_id=account, email="ops@example.com", tags=TAGS))
    rows = {
        **business.business_alarms(BusinessMetrics(stack_id="trial-dev")),
        **maintenance.backups(backups.vault_name),
        **maintenance.rotation(rotation.function_name),
    }
    Alarms("alarms", AlarmsArgs(alarms=rows, topic_arn=topic.arn, tags=TAGS, runbooks="https://example.com/runbooks"))
    requests, failures = (
        Metric(namespace="AWS/ApplicationELB", name=name, dimensions={"LoadBalancer": "app/api/1"}, statistic="Sum")
        for name in ("RequestCount", "HTTPCode_Target_5XX_Count")
    )
    BurnRateAlarms(
        "slo",
        BurnRateAlarmsArgs(
            requests=requests,
            failures={"service": failures},
            objective_percent=business.OBJECTIVE_PERCENT,
            topic_arn=topic.arn,
            tags=TAGS,
        ),
    )


def test_maintenance_is_added_without_replacement_and_destroyed_completely(create_stack: CreateStack) -> None:
    stack = create_stack()
    assert not stack.up(before).error

    added = stack.up(after)
    assert not added.error
    assert not {change for change in added.changes if "replace" in change or "delete" in change}
    # The secret, the web ACL and its log group.
    assert added.changes["update"] == 3

    assert stack.preview(after).empty
    assert stack.refresh(after).empty
    assert not stack.destroy(after).error
    assert not stack.resources()
