import json

import pulumi
import pulumi_aws as aws

me = aws.get_caller_identity()
doc = aws.iam.get_policy_document(
    statements=[
        {
            "actions": ["sts:AssumeRole"],
            "principals": [{"type": "AWS", "identifiers": [f"arn:aws:iam::{me.account_id}:root"]}],
            "conditions": [{"test": "Bool", "variable": "aws:MultiFactorAuthPresent", "values": ["true"]}],
        }
    ]
)
role = aws.iam.Role(
    "admin",
    assume_role_policy=doc.json,
    max_session_duration=7200,
    permissions_boundary="arn:aws:iam::aws:policy/PowerUserAccess",
)
policy = aws.iam.Policy(
    "p",
    policy=json.dumps(
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}}
    ),
)
aws.iam.RolePolicyAttachment("a", role=role.name, policy_arn=policy.arn)
oidc = aws.iam.OpenIdConnectProvider(
    "gh",
    url="https://token.actions.githubusercontent.com",
    client_id_lists=["sts.amazonaws.com"],
    thumbprint_lists=["6938fd4d98bab03faadb97b34396831e3780aea1"],
)
user = aws.iam.User("u")
group = aws.iam.Group("g")
aws.iam.GroupMembership("m", group=group.name, users=[user.name])
aws.iam.UserPolicyAttachment("ua", user=user.name, policy_arn="arn:aws:iam::aws:policy/ReadOnlyAccess")
key = aws.iam.AccessKey("k", user=user.name)
pulumi.export("secret", key.secret)
