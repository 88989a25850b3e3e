import json

import pulumi_aws as aws

t = aws.sns.Topic("t")
a = aws.cloudwatch.MetricAlarm(
    "a",
    comparison_operator="GreaterThanThreshold",
    evaluation_periods=2,
    metric_name="CPUUtilization",
    namespace="AWS/EC2",
    period=120,
    statistic="Average",
    threshold=80,
    alarm_actions=[t.arn],
    dimensions={"InstanceId": "i-0123456789abcdef0"},
)
aws.cloudwatch.Dashboard(
    "d",
    dashboard_name="app",
    dashboard_body=json.dumps(
        {
            "widgets": [
                {
                    "type": "metric",
                    "x": 0,
                    "y": 0,
                    "width": 12,
                    "height": 6,
                    "properties": {"metrics": [["AWS/EC2", "CPUUtilization"]], "region": "us-west-2", "period": 300},
                }
            ]
        }
    ),
)
lg = aws.cloudwatch.LogGroup("lg")
aws.cloudwatch.LogMetricFilter(
    "f",
    log_group_name=lg.name,
    pattern="ERROR",
    metric_transformation={"name": "errors", "namespace": "app", "value": "1"},
)
aws.budgets.Budget(
    "b",
    budget_type="COST",
    limit_amount="100",
    limit_unit="USD",
    time_unit="MONTHLY",
    notifications=[
        {
            "comparison_operator": "GREATER_THAN",
            "threshold": 80,
            "threshold_type": "PERCENTAGE",
            "notification_type": "ACTUAL",
            "subscriber_email_addresses": ["a@example.com"],
        }
    ],
)
