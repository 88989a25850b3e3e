import pulumi
import pulumi_aws as aws

pool = aws.cognito.UserPool(
    "p",
    auto_verified_attributes=["email"],
    username_attributes=["email"],
    password_policy={
        "minimum_length": 12,
        "require_lowercase": True,
        "require_numbers": True,
        "require_symbols": False,
        "require_uppercase": True,
    },
)
aws.cognito.UserPoolClient(
    "c",
    user_pool_id=pool.id,
    generate_secret=False,
    explicit_auth_flows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
)
aws.cognito.UserPoolDomain("d", domain="my-app-login", user_pool_id=pool.id)
pulumi.export("pool", pool.endpoint)
