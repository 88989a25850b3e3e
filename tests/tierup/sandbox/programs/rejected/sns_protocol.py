# Rejected: protocol: the value is not allowed
import pulumi_aws as aws

t = aws.sns.Topic("t")
aws.sns.TopicSubscription("s", topic=t.arn, protocol="mail", endpoint="a@example.com")
