import json

import pulumi_aws as aws

role = aws.iam.Role(
    "r",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "backup.amazonaws.com"}}
            ],
        }
    ),
)
aws.iam.RolePolicyAttachment(
    "a", role=role.name, policy_arn="arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
)
v = aws.backup.Vault("v")
p = aws.backup.Plan(
    "p",
    rules=[
        {
            "rule_name": "daily",
            "target_vault_name": v.name,
            "schedule": "cron(0 5 ? * * *)",
            "lifecycle": {"delete_after": 35},
        }
    ],
)
aws.backup.Selection(
    "s",
    iam_role_arn=role.arn,
    plan_id=p.id,
    selection_tags=[{"type": "STRINGEQUALS", "key": "backup", "value": "true"}],
)
