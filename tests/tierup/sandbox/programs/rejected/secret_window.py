# Rejected: recovery-window
import pulumi_aws as aws

aws.secretsmanager.Secret("s", recovery_window_in_days=3)
