# Rejected: alarm-evaluation-range
import pulumi_aws as aws

aws.cloudwatch.MetricAlarm(
    "a",
    comparison_operator="GreaterThanThreshold",
    evaluation_periods=2,
    metric_name="CPUUtilization",
    namespace="AWS/EC2",
    period=45,
    statistic="Average",
    threshold=80,
)
