"""The same service without its faults: the policy pack has nothing to say about it."""

import json

import pulumi
import pulumi_aws as aws

WORLD = "0.0.0.0/0"

MANAGED_GROUPS = ("AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet")


def deploy() -> None:
    """Declares the service: network, load balancer with its firewall, task, cache and bucket."""
    config = pulumi.Config("outside")
    domain = config.get("domain") or "example.com"
    zones = aws.get_availability_zones(state="available").names[:2]
    vpc = aws.ec2.Vpc("vpc", cidr_block="10.9.0.0/16")
    gateway = aws.ec2.InternetGateway("internet", vpc_id=vpc.id)
    routes = aws.ec2.RouteTable("public", vpc_id=vpc.id, routes=[{"cidr_block": WORLD, "gateway_id": gateway.id}])
    subnets = [
        aws.ec2.Subnet(f"public-{number}", vpc_id=vpc.id, cidr_block=f"10.9.{number}.0/24", availability_zone=zone)
        for number, zone in enumerate(zones)
    ]
    for number, subnet in enumerate(subnets):
        aws.ec2.RouteTableAssociation(f"public-{number}", subnet_id=subnet.id, route_table_id=routes.id)
    edge = aws.ec2.SecurityGroup("edge", vpc_id=vpc.id)
    for port in (80, 443):
        aws.vpc.SecurityGroupIngressRule(
            f"world-{port}",
            security_group_id=edge.id,
            cidr_ipv4=WORLD,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
        )
    tasks = aws.ec2.SecurityGroup("tasks", vpc_id=vpc.id)
    for name, group in (("edge", edge), ("tasks", tasks)):
        aws.vpc.SecurityGroupEgressRule(f"{name}-out", security_group_id=group.id, cidr_ipv4=WORLD, ip_protocol="-1")
    aws.vpc.SecurityGroupIngressRule(
        "from-edge",
        security_group_id=tasks.id,
        referenced_security_group_id=edge.id,
        ip_protocol="tcp",
        from_port=3000,
        to_port=3000,
    )

    balancer = aws.lb.LoadBalancer(
        "web",
        security_groups=[edge.id],
        subnets=[subnet.id for subnet in subnets],
        opts=pulumi.ResourceOptions(depends_on=[gateway]),
    )
    targets = aws.lb.TargetGroup("web", port=3000, protocol="HTTP", target_type="ip", vpc_id=vpc.id)
    certificate = aws.acm.Certificate("web", domain_name=domain, validation_method="DNS")
    proof = certificate.domain_validation_options[0]
    record = aws.route53.Record(
        "certificate",
        zone_id=aws.route53.get_zone(name=domain).zone_id,
        name=proof.resource_record_name,
        type=proof.resource_record_type,
        records=[proof.resource_record_value],
        ttl=60,
    )
    validation = aws.acm.CertificateValidation(
        "web", certificate_arn=certificate.arn, validation_record_fqdns=[record.fqdn]
    )
    https = aws.lb.Listener(
        "https",
        load_balancer_arn=balancer.arn,
        port=443,
        protocol="HTTPS",
        ssl_policy="ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
        certificate_arn=validation.certificate_arn,
        default_actions=[{"type": "forward", "target_group_arn": targets.arn}],
    )
    aws.lb.Listener(
        "http",
        load_balancer_arn=balancer.arn,
        port=80,
        protocol="HTTP",
        default_actions=[
            {"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443", "status_code": "HTTP_301"}}
        ],
    )
    firewall = aws.wafv2.WebAcl(
        "web",
        scope="REGIONAL",
        default_action={"allow": {}},
        visibility_config=_visibility("web"),
        rules=[
            {
                "name": "rate",
                "priority": 0,
                "action": {"block": {}},
                "statement": {"rate_based_statement": {"limit": 500, "aggregate_key_type": "IP"}},
                "visibility_config": _visibility("rate"),
            },
            *[
                {
                    "name": group,
                    "priority": priority,
                    "override_action": {"none": {}},
                    "statement": {"managed_rule_group_statement": {"vendor_name": "AWS", "name": group}},
                    "visibility_config": _visibility(group),
                }
                for priority, group in enumerate(MANAGED_GROUPS, start=1)
            ],
        ],
    )
    aws.wafv2.WebAclAssociation("web", resource_arn=balancer.arn, web_acl_arn=firewall.arn)

    jwt_secret = aws.secretsmanager.Secret("jwt-secret")
    role = aws.iam.Role(
        "execution",
        assume_role_policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": "sts:AssumeRole",
                        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                    }
                ],
            }
        ),
    )
    aws.iam.RolePolicy(
        "read-secret",
        role=role.name,
        policy=jwt_secret.arn.apply(
            lambda arn: json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": arn}],
                }
            )
        ),
    )
    task = aws.ecs.TaskDefinition(
        "web",
        execution_role_arn=role.arn,
        family="web",
        cpu="256",
        memory="512",
        network_mode="awsvpc",
        requires_compatibilities=["FARGATE"],
        container_definitions=jwt_secret.arn.apply(
            lambda arn: json.dumps(
                [
                    {
                        "name": "web",
                        "image": "public.ecr.aws/docker/library/node:22-alpine",
                        "portMappings": [{"containerPort": 3000}],
                        "environment": [{"name": "ALLOWED_ORIGINS", "value": f"https://{domain}"}],
                        "secrets": [{"name": "JWT_SECRET", "valueFrom": arn}],
                    }
                ]
            )
        ),
    )
    cluster = aws.ecs.Cluster("web")
    aws.ecs.Service(
        "web",
        cluster=cluster.arn,
        task_definition=task.arn,
        desired_count=1,
        launch_type="FARGATE",
        network_configuration={
            "subnets": [subnet.id for subnet in subnets],
            "security_groups": [tasks.id],
            "assign_public_ip": True,
        },
        load_balancers=[{"container_name": "web", "container_port": 3000, "target_group_arn": targets.arn}],
        opts=pulumi.ResourceOptions(depends_on=[https]),
    )

    users = aws.elasticache.UserGroup("sessions", engine="redis", user_group_id="sessions", user_ids=["default"])
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="redis",
        node_type="cache.t4g.micro",
        num_cache_clusters=1,
        subnet_group_name=aws.elasticache.SubnetGroup("sessions", subnet_ids=[subnet.id for subnet in subnets]).name,
        at_rest_encryption_enabled=True,
        transit_encryption_enabled=True,
        user_group_ids=[users.user_group_id],
    )

    bucket = aws.s3.Bucket("uploads")
    aws.s3.BucketPublicAccessBlock(
        "uploads",
        bucket=bucket.bucket,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
    )


def _visibility(name: str) -> dict[str, object]:
    return {"cloudwatch_metrics_enabled": True, "metric_name": name, "sampled_requests_enabled": True}
