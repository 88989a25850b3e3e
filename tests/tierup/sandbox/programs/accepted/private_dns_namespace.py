import json

import pulumi
import pulumi_aws as aws

vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
gateway = aws.ec2.InternetGateway("gateway", vpc_id=vpc.id)
subnets = [
    aws.ec2.Subnet(f"s{i}", vpc_id=vpc.id, cidr_block=f"10.0.{i}.0/24", availability_zone=f"us-west-2{z}")
    for i, z in enumerate("abc")
]
ids = [s.id for s in subnets]
table = aws.ec2.RouteTable("public", vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": gateway.id}])
group = aws.ec2.SecurityGroup("group", vpc_id=vpc.id)

lg = "/ecs/app"
logs = aws.cloudwatch.LogGroup("logs", name=lg)
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
                    "options": {"awslogs-group": lg, "awslogs-region": "us-west-2", "awslogs-stream-prefix": "a"},
                },
            }
        ]
    ),
)

ns = aws.servicediscovery.PrivateDnsNamespace("ns", name="internal", vpc=vpc.id)
aws.ecs.Service(
    "s",
    cluster=cluster.arn,
    task_definition=task.arn,
    desired_count=1,
    launch_type="FARGATE",
    network_configuration={"subnets": ids, "security_groups": [group.id], "assign_public_ip": True},
    service_connect_configuration={
        "enabled": True,
        "namespace": ns.arn,
        "services": [{"port_name": "web", "client_alias": [{"port": 80}]}],
    },
    opts=pulumi.ResourceOptions(depends_on=[logs]),
)
