import json

import pulumi
import pulumi_aws as aws

dlq = aws.sqs.Queue("dlq", message_retention_seconds=1209600)
q = aws.sqs.Queue(
    "q",
    visibility_timeout_seconds=60,
    redrive_policy=dlq.arn.apply(lambda a: json.dumps({"deadLetterTargetArn": a, "maxReceiveCount": 5})),
)
topic = aws.sns.Topic("t", kms_master_key_id="alias/aws/sns")
aws.sqs.QueuePolicy(
    "p",
    queue_url=q.id,
    policy=pulumi.Output.all(q.arn, topic.arn).apply(
        lambda a: json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "sns.amazonaws.com"},
                        "Action": "sqs:SendMessage",
                        "Resource": a[0],
                        "Condition": {"ArnEquals": {"aws:SourceArn": a[1]}},
                    }
                ],
            }
        )
    ),
)
aws.sns.TopicSubscription(
    "s",
    topic=topic.arn,
    protocol="sqs",
    endpoint=q.arn,
    raw_message_delivery=True,
    filter_policy=json.dumps({"kind": ["a"]}),
)
aws.sns.TopicSubscription("mail", topic=topic.arn, protocol="email", endpoint="ops@example.com")
