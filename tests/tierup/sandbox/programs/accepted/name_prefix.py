import pulumi_aws as aws

aws.secretsmanager.Secret("s", name_prefix="a-")
aws.kms.Alias("k", name_prefix="alias/a-", target_key_id=aws.kms.Key("key").id)
aws.cloudwatch.EventRule("r", name_prefix="a-", schedule_expression="rate(1 day)")
aws.sns.Topic("t", name_prefix="a-")
aws.budgets.Budget("b", name_prefix="a-", budget_type="COST", limit_amount="10", limit_unit="USD", time_unit="MONTHLY")
