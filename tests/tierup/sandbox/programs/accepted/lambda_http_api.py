import json

import pulumi
import pulumi_aws as aws

role = aws.iam.Role(
    "role",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
            ],
        }
    ),
)

aws.iam.RolePolicyAttachment("basic", role=role.name, policy_arn=aws.iam.ManagedPolicy.AWS_LAMBDA_BASIC_EXECUTION_ROLE)
fn = aws.lambda_.Function(
    "fn",
    role=role.arn,
    runtime="python3.12",
    handler="app.handler",
    code=pulumi.AssetArchive({"app.py": pulumi.StringAsset("def handler(e, c): return {}")}),
    environment={"variables": {"STAGE": "dev"}},
    timeout=10,
    memory_size=256,
)
api = aws.apigatewayv2.Api(
    "api", protocol_type="HTTP", cors_configuration={"allow_origins": ["*"], "allow_methods": ["GET"]}
)
integration = aws.apigatewayv2.Integration(
    "i", api_id=api.id, integration_type="AWS_PROXY", integration_uri=fn.arn, payload_format_version="2.0"
)
aws.apigatewayv2.Route(
    "r", api_id=api.id, route_key="GET /", target=integration.id.apply(lambda i: f"integrations/{i}")
)
stage = aws.apigatewayv2.Stage("s", api_id=api.id, name="$default", auto_deploy=True)
aws.lambda_.Permission(
    "p",
    action="lambda:InvokeFunction",
    function=fn.name,
    principal="apigateway.amazonaws.com",
    source_arn=api.execution_arn.apply(lambda a: f"{a}/*/*"),
)
pulumi.export("url", stage.invoke_url)
