# Rejected: VpcLimitExceeded
import pulumi_aws as aws

for i in range(6):
    aws.ec2.Vpc(f"v{i}", cidr_block=f"10.{i}.0.0/16")
