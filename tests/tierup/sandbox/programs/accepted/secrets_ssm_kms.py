import json

import pulumi
import pulumi_aws as aws

k = aws.kms.Key("k", enable_key_rotation=True, deletion_window_in_days=7)
aws.kms.Alias("a", name="alias/app", target_key_id=k.key_id)
s = aws.secretsmanager.Secret("s", kms_key_id=k.arn, recovery_window_in_days=0)
aws.secretsmanager.SecretVersion("v", secret_id=s.id, secret_string=pulumi.Output.secret(json.dumps({"a": "b"})))
aws.ssm.Parameter("p", type="SecureString", value="x", key_id=k.id)
aws.cloudwatch.LogGroup("lg", kms_key_id=None, retention_in_days=30)
