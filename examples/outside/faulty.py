"""A small web service as it is often written first. Each fault names the rule that finds it."""

import json

import pulumi
import pulumi_aws as aws

WORLD = "0.0.0.0/0"


def deploy() -> None:
    """Declares the service: network, load balancer, task, cache and bucket."""
    zones = aws.get_availability_zones(state="available").names[:2]
    # NET-003: nobody sees who talked to whom. NET-004: what has no group of its own is open to its like.
    vpc = aws.ec2.Vpc("vpc", cidr_block="10.9.0.0/16")
    gateway = aws.ec2.InternetGateway("internet", vpc_id=vpc.id)
    routes = aws.ec2.RouteTable("public", vpc_id=vpc.id, routes=[{"cidr_block": WORLD, "gateway_id": gateway.id}])
    subnets = [
        aws.ec2.Subnet(f"public-{number}", vpc_id=vpc.id, cidr_block=f"10.9.{number}.0/24", availability_zone=zone)
        for number, zone in enumerate(zones)
    ]
    for number, subnet in enumerate(subnets):
        aws.ec2.RouteTableAssociation(f"public-{number}", subnet_id=subnet.id, route_table_id=routes.id)
    group = aws.ec2.SecurityGroup("web", vpc_id=vpc.id)
    aws.vpc.SecurityGroupIngressRule(
        "http", security_group_id=group.id, cidr_ipv4=WORLD, ip_protocol="tcp", from_port=80, to_port=80
    )
    # NET-001: SSH from anywhere. NET-002: and the tasks share the load balancer's group, so the world reaches them.
    aws.vpc.SecurityGroupIngressRule(
        "ssh", security_group_id=group.id, cidr_ipv4=WORLD, ip_protocol="tcp", from_port=22, to_port=22
    )

    aws.vpc.SecurityGroupEgressRule("out", security_group_id=group.id, cidr_ipv4=WORLD, ip_protocol="-1")

    # WAF-001: nothing limits how often a client may call. ALB-004: what smuggles requests is passed on. ALB-007: no
    # request is logged. ALB-008: one wrong command deletes it, and its name with it.
    balancer = aws.lb.LoadBalancer(
        "web",
        security_groups=[group.id],
        subnets=[subnet.id for subnet in subnets],
        opts=pulumi.ResourceOptions(depends_on=[gateway]),
    )
    # ALB-009: a task that cannot work, but answers on /, gets requests all the same.
    targets = aws.lb.TargetGroup("web", port=3000, protocol="HTTP", target_type="ip", vpc_id=vpc.id)
    listener = aws.lb.Listener(
        "http",
        load_balancer_arn=balancer.arn,
        port=80,
        protocol="HTTP",
        # ALB-001: serves the application over plain HTTP.
        default_actions=[{"type": "forward", "target_group_arn": targets.arn}],
    )

    task = aws.ecs.TaskDefinition(
        "web",
        family="web",
        cpu="256",
        memory="512",
        network_mode="awsvpc",
        requires_compatibilities=["FARGATE"],
        container_definitions=json.dumps(
            [
                # ECS-003: its log goes nowhere. ECS-005: whoever breaks in can change it. ECS-007: and is root there.
                {
                    "name": "web",
                    "image": "public.ecr.aws/docker/library/node:22-alpine",
                    "portMappings": [{"containerPort": 3000}],
                    "environment": [
                        # ECS-001: who may describe the task definition can read this.
                        {"name": "JWT_SECRET", "value": "correct-horse-battery-staple"},
                        # ECS-002: any site may call the API with its visitors' cookies.
                        {"name": "ALLOWED_ORIGINS", "value": "*"},
                    ],
                }
            ]
        ),
    )
    # LOG-001: kept, and paid for, for ever.
    aws.cloudwatch.LogGroup("web")
    cluster = aws.ecs.Cluster("web")
    aws.ecs.Service(
        "web",
        cluster=cluster.arn,
        task_definition=task.arn,
        # ECS-011: one task; when it goes, the service is gone. ECS-009: nothing takes a failed deployment back.
        desired_count=1,
        launch_type="FARGATE",
        network_configuration={
            "subnets": [subnet.id for subnet in subnets],
            "security_groups": [group.id],
            "assign_public_ip": True,
        },
        load_balancers=[{"container_name": "web", "container_port": 3000, "target_group_arn": targets.arn}],
        opts=pulumi.ResourceOptions(depends_on=[listener]),
    )

    # CACHE-001 and CACHE-002: readable on the wire and on disk, and open to whoever reaches its port. CACHE-004: and
    # what it holds is held nowhere else.
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="redis",
        node_type="cache.t4g.micro",
        num_cache_clusters=1,
        subnet_group_name=aws.elasticache.SubnetGroup("sessions", subnet_ids=[subnet.id for subnet in subnets]).name,
    )

    # S3-001: one wrong ACL away from public. S3-002: read without TLS. S3-004: what is overwritten is lost.
    aws.s3.Bucket("uploads")
