# Rejected: name: the name has characters that are not allowed
import pulumi_aws as aws

aws.ecr.Repository("r", name="My_App")
