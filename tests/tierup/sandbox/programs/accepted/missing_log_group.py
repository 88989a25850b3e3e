import json

import pulumi_aws as aws

execution = aws.iam.Role(
    "execution",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}
            ],
        }
    ),
)
aws.iam.RolePolicyAttachment(
    "ep", role=execution.name, policy_arn="arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
)
cluster = aws.ecs.Cluster("cluster")
task = aws.ecs.TaskDefinition(
    "task",
    family="app",
    cpu="256",
    memory="512",
    network_mode="awsvpc",
    requires_compatibilities=["FARGATE"],
    execution_role_arn=execution.arn,
    container_definitions=json.dumps(
        [
            {
                "name": "app",
                "image": "nginx",
                "essential": True,
                "portMappings": [{"containerPort": 80, "name": "web"}],
                "logConfiguration": {
                    "logDriver": "awslogs",
                    "options": {
                        "awslogs-group": "missing",
                        "awslogs-region": "us-west-2",
                        "awslogs-stream-prefix": "a",
                    },
                },
            }
        ]
    ),
)
