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

fn = aws.lambda_.Function(
    "fn",
    role=role.arn,
    runtime=aws.lambda_.Runtime.NODE_JS20D_X,
    handler="index.handler",
    code=pulumi.AssetArchive({"index.js": pulumi.StringAsset("")}),
)
api = aws.apigateway.RestApi("api", endpoint_configuration={"types": "REGIONAL"})
res = aws.apigateway.Resource("res", rest_api=api.id, parent_id=api.root_resource_id, path_part="items")
m = aws.apigateway.Method("m", rest_api=api.id, resource_id=res.id, http_method="GET", authorization="NONE")
i = aws.apigateway.Integration(
    "i",
    rest_api=api.id,
    resource_id=res.id,
    http_method=m.http_method,
    integration_http_method="POST",
    type="AWS_PROXY",
    uri=fn.invoke_arn,
)
d = aws.apigateway.Deployment("d", rest_api=api.id, opts=pulumi.ResourceOptions(depends_on=[i]))
aws.apigateway.Stage("s", rest_api=api.id, deployment=d.id, stage_name="dev")
aws.lambda_.Permission(
    "p",
    action="lambda:InvokeFunction",
    function=fn.name,
    principal="apigateway.amazonaws.com",
    source_arn=pulumi.Output.concat(api.execution_arn, "/*"),
)
