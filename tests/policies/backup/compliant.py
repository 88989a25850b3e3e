"""Resources that comply with the rules on backups."""

from __future__ import annotations

import pulumi_aws as aws

TAGS = {"Project": "tests"}


def deploy() -> None:
    _stores()
    vault = aws.backup.Vault("vault", name="tests", kms_key_arn="arn:aws:kms:eu-west-1:111122223333:key/1")
    plan = aws.backup.Plan(
        "backup-plan",
        rules=[
            {
                "rule_name": "daily",
                "target_vault_name": vault.name,
                "schedule": "cron(0 2 ? * * *)",
                "lifecycle": {"delete_after": 35},
                "copy_actions": [
                    {
                        "destination_vault_arn": "arn:aws:backup:eu-central-1:111122223333:backup-vault:copies",
                        "lifecycle": {"delete_after": 35},
                    }
                ],
            }
        ],
        region="eu-west-1",
    )
    aws.backup.Selection(
        "backup-selection",
        plan_id=plan.id,
        iam_role_arn="arn:aws:iam::111122223333:role/backup",
        resources=["arn:aws:dynamodb:*:*:table/selected-*"],
    )
    tests = aws.backup.RestoreTestingPlan(
        "restore-tests",
        name="restore_tests",
        schedule_expression="cron(0 6 15 * ? *)",
        recovery_point_selection={
            "algorithm": "LATEST_WITHIN_WINDOW",
            "include_vaults": ["arn:aws:backup:eu-west-1:111122223333:backup-vault:tests"],
            "recovery_point_types": ["SNAPSHOT"],
        },
    )
    aws.backup.RestoreTestingSelection(
        "restore-selection",
        name="tables",
        restore_testing_plan_name=tests.name,
        protected_resource_type="DynamoDB",
        protected_resource_arns=["*"],
        iam_role_arn="arn:aws:iam::111122223333:role/backup",
    )


def _stores() -> None:
    aws.dynamodb.Table(
        "table",
        hash_key="id",
        attributes=[{"name": "id", "type": "S"}],
        billing_mode="PAY_PER_REQUEST",
        point_in_time_recovery={"enabled": True},
        deletion_protection_enabled=True,
        tags={"backup": "daily"},
    )
    aws.rds.Instance(
        "sql",
        tags=TAGS,
        instance_class="db.t4g.small",
        engine="postgres",
        storage_encrypted=True,
        backup_retention_period=7,
        deletion_protection=True,
        final_snapshot_identifier="sql-last",
    )
    for kind, cluster in (("aurora", aws.rds.Cluster), ("docdb", aws.docdb.Cluster), ("neptune", aws.neptune.Cluster)):
        cluster(
            kind,
            tags=TAGS,
            engine="aurora-postgresql" if kind == "aurora" else kind,
            storage_encrypted=True,
            backup_retention_period=7,
            deletion_protection=True,
            final_snapshot_identifier=f"{kind}-last",
        )
    files = aws.efs.FileSystem("files", encrypted=True, tags=TAGS)
    aws.efs.BackupPolicy("files-backup", file_system_id=files.id, backup_policy={"status": "ENABLED"})
