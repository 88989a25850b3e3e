# Rejected: queue-name
import pulumi_aws as aws

aws.sqs.Queue("q", name="jobs", fifo_queue=True)
