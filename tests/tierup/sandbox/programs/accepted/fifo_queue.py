import pulumi_aws as aws

aws.sqs.Queue("q", name="jobs.fifo", fifo_queue=True, content_based_deduplication=True)
aws.sns.Topic("t", name="events.fifo", fifo_topic=True)
aws.sns.Topic("auto", fifo_topic=True)
