"""A small web service with common mistakes. A comment names the rules that each mistake violates."""

import json

import pulumi
import pulumi_aws as aws

WORLD = "0.0.0.0/0"


def deploy() -> None:
    """Create the network, load balancer, task, cache and bucket of the service."""
    zones = aws.get_availability_zones(state="available").names[:2]
    # NET-003: the VPC has no flow logs. NET-004: its default security group allows traffic between its members.
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
    # NET-001: any address may connect by SSH. NET-002: the tasks share the load balancer's security group, so that any
    # address may connect to them.
    aws.vpc.SecurityGroupIngressRule(
        "ssh", security_group_id=group.id, cidr_ipv4=WORLD, ip_protocol="tcp", from_port=22, to_port=22
    )

    aws.vpc.SecurityGroupEgressRule("out", security_group_id=group.id, cidr_ipv4=WORLD, ip_protocol="-1")

    # WAF-001: there is no rate limit. ALB-004: invalid headers reach the tasks. ALB-007: there are no access logs.
    # ALB-008: there is no deletion protection.
    balancer = aws.lb.LoadBalancer(
        "web",
        security_groups=[group.id],
        subnets=[subnet.id for subnet in subnets],
        opts=pulumi.ResourceOptions(depends_on=[gateway]),
    )
    # ALB-009: the health check requests /, which does not show whether the task works.
    targets = aws.lb.TargetGroup("web", port=3000, protocol="HTTP", target_type="ip", vpc_id=vpc.id)
    listener = aws.lb.Listener(
        "http",
        load_balancer_arn=balancer.arn,
        port=80,
        protocol="HTTP",
        # ALB-001: the listener serves the application over plain HTTP.
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
                # ECS-003: there is no log configuration. ECS-005: the root file system is writable. ECS-007: the
                # container runs as root.
                {
                    "name": "web",
                    "image": "public.ecr.aws/docker/library/node:22-alpine",
                    "portMappings": [{"containerPort": 3000}],
                    "environment": [
                        # ECS-001: every principal that may describe the task definition can read the secret.
                        {"name": "JWT_SECRET", "value": "correct-horse-battery-staple"},
                        # ECS-002: any site may call the API.
                        {"name": "ALLOWED_ORIGINS", "value": "*"},
                    ],
                }
            ]
        ),
    )
    # LOG-001: the log group has no retention.
    aws.cloudwatch.LogGroup("web")
    cluster = aws.ecs.Cluster("web")
    aws.ecs.Service(
        "web",
        cluster=cluster.arn,
        task_definition=task.arn,
        # ECS-011: the service has one task only. ECS-009: there is no deployment circuit breaker.
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

    # CACHE-001 and CACHE-002: the cache has no encryption and no authentication. CACHE-004: there are no snapshots.
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="redis",
        node_type="cache.t4g.micro",
        num_cache_clusters=1,
        subnet_group_name=aws.elasticache.SubnetGroup("sessions", subnet_ids=[subnet.id for subnet in subnets]).name,
    )

    # S3-001: public access is not blocked. S3-002: requests without TLS are allowed. S3-004: there is no versioning.
    aws.s3.Bucket("uploads")
