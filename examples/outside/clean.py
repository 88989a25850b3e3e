"""The service of faulty.py without the mistakes. It violates no mandatory rule."""

import json

import pulumi
import pulumi_aws as aws

WORLD = "0.0.0.0/0"

MANAGED_GROUPS = ("AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet")


def deploy() -> None:
    """Create the network, load balancer with its web ACL, task, cache and bucket of the service."""
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
    aws.ec2.DefaultSecurityGroup("default", vpc_id=vpc.id)  # without rules, so that it allows no traffic
    logs, may_write = _log_bucket()
    aws.ec2.FlowLog(
        "vpc",
        vpc_id=vpc.id,
        traffic_type="ALL",
        log_destination_type="s3",
        log_destination=logs.arn,
        opts=pulumi.ResourceOptions(depends_on=[may_write]),
    )
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
        drop_invalid_header_fields=True,
        enable_deletion_protection=True,
        access_logs={"bucket": logs.bucket, "enabled": True},
        opts=pulumi.ResourceOptions(depends_on=[gateway, may_write]),
    )
    targets = aws.lb.TargetGroup(
        "web",
        port=3000,
        protocol="HTTP",
        target_type="ip",
        vpc_id=vpc.id,
        deregistration_delay=30,
        health_check={"path": "/health", "interval": 15, "unhealthy_threshold": 3},
    )
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

    blocked = aws.cloudwatch.LogGroup("firewall", name_prefix="aws-waf-logs-web-", retention_in_days=90)
    aws.wafv2.WebAclLoggingConfiguration(
        "web",
        resource_arn=firewall.arn,
        log_destination_configs=[blocked.arn],
        redacted_fields=[{"single_header": {"name": name}} for name in ("authorization", "cookie")],
    )

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
                    "Statement": [
                        {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": arn},
                        {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"},
                    ],
                }
            )
        ),
    )
    app_logs = aws.cloudwatch.LogGroup("web", retention_in_days=90)
    task = aws.ecs.TaskDefinition(
        "web",
        execution_role_arn=role.arn,
        family="web",
        cpu="256",
        memory="512",
        network_mode="awsvpc",
        requires_compatibilities=["FARGATE"],
        container_definitions=pulumi.Output.all(jwt_secret.arn, app_logs.name).apply(
            lambda known: json.dumps(
                [
                    {
                        "name": "web",
                        "image": "public.ecr.aws/docker/library/node:22-alpine",
                        "user": "1000",
                        "readonlyRootFilesystem": True,
                        "portMappings": [{"containerPort": 3000}],
                        "environment": [{"name": "ALLOWED_ORIGINS", "value": f"https://{domain}"}],
                        "secrets": [{"name": "JWT_SECRET", "valueFrom": known[0]}],
                        "logConfiguration": {
                            "logDriver": "awslogs",
                            "options": {
                                "awslogs-group": known[1],
                                "awslogs-region": aws.config.region,
                                "awslogs-stream-prefix": "web",
                            },
                        },
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
        desired_count=2,
        launch_type="FARGATE",
        deployment_circuit_breaker={"enable": True, "rollback": True},
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
        num_cache_clusters=2,
        automatic_failover_enabled=True,
        multi_az_enabled=True,
        snapshot_retention_limit=7,
        subnet_group_name=aws.elasticache.SubnetGroup("sessions", subnet_ids=[subnet.id for subnet in subnets]).name,
        at_rest_encryption_enabled=True,
        transit_encryption_enabled=True,
        user_group_ids=[users.user_group_id],
    )

    bucket = aws.s3.Bucket("uploads")
    _closed("uploads", bucket)
    versions = aws.s3.BucketVersioning("uploads", bucket=bucket.bucket, versioning_configuration={"status": "Enabled"})
    aws.s3.BucketLifecycleConfiguration(
        "uploads",
        bucket=bucket.bucket,
        rules=[
            {
                "id": "leftovers",
                "status": "Enabled",
                "filter": {},
                "abort_incomplete_multipart_upload": {"days_after_initiation": 3},
                "noncurrent_version_expiration": {"noncurrent_days": 30},
            }
        ],
        opts=pulumi.ResourceOptions(depends_on=[versions]),
    )


def _closed(name: str, bucket: aws.s3.Bucket, *more: dict[str, object]) -> aws.s3.BucketPolicy:
    """Block public access to a bucket, and deny requests without TLS."""
    block = aws.s3.BucketPublicAccessBlock(
        name,
        bucket=bucket.bucket,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
    )
    aws.s3.BucketServerSideEncryptionConfiguration(
        name,
        bucket=bucket.bucket,
        rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
    )
    return aws.s3.BucketPolicy(
        name,
        bucket=bucket.bucket,
        policy=bucket.arn.apply(lambda arn: json.dumps(_policy(arn, *more))),
        opts=pulumi.ResourceOptions(depends_on=[block]),
    )


def _policy(arn: str, *more: dict[str, object]) -> dict[str, object]:
    everything = [arn, f"{arn}/*"]
    tls_only = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": everything,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": "2012-10-17", "Statement": [tls_only, *({**one, "Resource": f"{arn}/*"} for one in more)]}


def _log_bucket() -> tuple[aws.s3.Bucket, aws.s3.BucketPolicy]:
    """Create the bucket for the logs of the load balancer and the network, with a retention of 90 days."""
    bucket = aws.s3.Bucket("logs")
    account = aws.get_caller_identity().account_id
    mine = {"StringEquals": {"aws:SourceAccount": account}}
    may_write = _closed(
        "logs",
        bucket,
        *(
            {"Effect": "Allow", "Principal": {"Service": service}, "Action": "s3:PutObject", "Condition": mine}
            for service in ("delivery.logs.amazonaws.com", "logdelivery.elasticloadbalancing.amazonaws.com")
        ),
    )
    aws.s3.BucketLifecycleConfiguration(
        "logs",
        bucket=bucket.bucket,
        rules=[
            {
                "id": "expire",
                "status": "Enabled",
                "filter": {},
                "expiration": {"days": 90},
                "abort_incomplete_multipart_upload": {"days_after_initiation": 3},
            }
        ],
    )
    return bucket, may_write


def _visibility(name: str) -> dict[str, object]:
    return {"cloudwatch_metrics_enabled": True, "metric_name": name, "sampled_requests_enabled": True}
