# Rejected: instance-has-ami-and-type
import pulumi_aws as aws

aws.ec2.Instance("i", ami="ami-12345678", instance_type="t9.huge")
