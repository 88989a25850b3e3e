# Rejected: deletionWindowInDays: the value is out of range
import pulumi_aws as aws

aws.kms.Key("k", deletion_window_in_days=3)
