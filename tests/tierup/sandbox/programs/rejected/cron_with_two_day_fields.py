# Rejected: event-rule-has-a-trigger
import pulumi_aws as aws

aws.cloudwatch.EventRule("r", schedule_expression="cron(0 12 * * * *)")
