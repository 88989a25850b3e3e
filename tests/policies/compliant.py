"""A program that complies with every rule of the pack, with at least one resource of each type that a rule evaluates.

An area whose rules need more resources has its own `compliant.py` in its folder, with a function `deploy` too.

The tests record it through the real SDKs, so that the rules see the property names and shapes that the engine gives
them, and then change one property at a time.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas

TAGS = {"Project": "tests"}
"""The tags of all resources that are billed by the hour."""


def deploy() -> None:
    """Declare the resources; the tests refer to them by their logical names."""
    _network()
    _edge()
    _site()
    _service()
    _stores()
    for file in sorted(Path(__file__).parent.glob("*/compliant.py")):
        import_module(f"{__package__}.{file.parent.name}.compliant").deploy()


def _network() -> None:
    aws.ec2.SecurityGroup(
        "inline-group",
        ingress=[{"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["0.0.0.0/0"]}],
    )
    aws.ec2.DefaultSecurityGroup("default-group")
    old = aws.ec2.SecurityGroup("old-group")
    aws.ec2.SecurityGroupRule(
        "old-rule",
        security_group_id=old.id,
        type="ingress",
        protocol="tcp",
        from_port=443,
        to_port=443,
        cidr_blocks=["0.0.0.0/0"],
        ipv6_cidr_blocks=["::/0"],
    )


def _edge() -> None:
    group = aws.ec2.SecurityGroup("edge-group")
    aws.vpc.SecurityGroupIngressRule(
        "world-https", security_group_id=group.id, cidr_ipv4="0.0.0.0/0", ip_protocol="tcp", from_port=443, to_port=443
    )
    balancer = aws.lb.LoadBalancer(
        "balancer",
        load_balancer_type="application",
        tags=TAGS,
        security_groups=[group.id],
        subnets=["subnet-1", "subnet-2"],
        drop_invalid_header_fields=True,
        desync_mitigation_mode="defensive",
        enable_deletion_protection=True,
        access_logs={"bucket": "logs-of-others", "enabled": True},
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
    https = aws.lb.Listener(
        "https",
        load_balancer_arn=balancer.arn,
        port=443,
        protocol="HTTPS",
        ssl_policy="ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
        certificate_arn="arn:aws:acm:eu-west-1:111122223333:certificate/1",
        mutual_authentication={
            "mode": "verify",
            "trust_store_arn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:truststore/edge/1",
        },
        default_actions=[{"type": "forward", "target_group_arn": "arn:aws:elasticloadbalancing:targets"}],
    )
    aws.lb.ListenerRule(
        "api-rule",
        listener_arn=https.arn,
        conditions=[{"path_pattern": {"values": ["/api/*"]}}],
        actions=[{"type": "forward", "target_group_arn": "arn:aws:elasticloadbalancing:targets"}],
    )
    acl = aws.wafv2.WebAcl(
        "acl",
        scope="REGIONAL",
        default_action={"allow": {}},
        visibility_config=_visibility("acl"),
        rules=[
            _rate_limit(),
            _managed("AWSManagedRulesCommonRuleSet", 1),
            _managed("AWSManagedRulesKnownBadInputsRuleSet", 2),
            _managed("AWSManagedRulesSQLiRuleSet", 3),
            _cdn_only(),
        ],
    )
    aws.wafv2.WebAclAssociation("association", resource_arn=balancer.arn, web_acl_arn=acl.arn)


def _site() -> None:
    headers = aws.cloudfront.ResponseHeadersPolicy(
        "headers",
        security_headers_config={
            "content_security_policy": {"content_security_policy": "default-src 'self'", "override": True},
            "content_type_options": {"override": True},
            "frame_options": {"frame_option": "DENY", "override": True},
            "referrer_policy": {"referrer_policy": "same-origin", "override": True},
            "strict_transport_security": {"access_control_max_age_sec": 63072000, "override": True},
        },
        cors_config={
            "access_control_allow_credentials": True,
            "access_control_allow_headers": {"items": ["authorization"]},
            "access_control_allow_methods": {"items": ["GET"]},
            "access_control_allow_origins": {"items": ["https://example.com"]},
            "origin_override": True,
        },
        remove_headers_config={"items": [{"header": "x-amz-meta-cache-tag"}]},
    )
    certificate = aws.acm.Certificate(
        "site-names",
        domain_name="app.example.com",
        subject_alternative_names=["*.example.com"],
        validation_method="DNS",
        tags=TAGS,
    )
    behavior = {
        "target_origin_id": "site-or-copy",
        "viewer_protocol_policy": "redirect-to-https",
        "allowed_methods": ["GET", "HEAD"],
        "cached_methods": ["GET", "HEAD"],
        "response_headers_policy_id": headers.id,
        "cache_policy_id": "658327ea-f89d-4fab-a63d-7e88639e58f6",  # Managed-CachingOptimized
        "compress": True,
    }
    aws.cloudfront.Distribution(
        "distribution",
        enabled=True,
        http_version="http2and3",
        is_ipv6_enabled=True,
        origins=[
            {
                "origin_id": "site",
                "domain_name": "tierup-tests.s3.eu-west-1.amazonaws.com",
                "origin_access_control_id": "E1",
            },
            {
                "origin_id": "copy",
                "domain_name": "tierup-tests-copy.s3.eu-central-1.amazonaws.com",
                "origin_access_control_id": "E1",
            },
        ],
        origin_groups=[
            {
                "origin_id": "site-or-copy",
                "failover_criteria": {"status_codes": [500, 502, 503, 504]},
                "members": [{"origin_id": "site"}, {"origin_id": "copy"}],
            }
        ],
        restrictions={"geo_restriction": {"restriction_type": "none"}},
        default_cache_behavior=behavior,  # pyright: ignore[reportArgumentType] (the same dict is typed twice below)
        ordered_cache_behaviors=[{**behavior, "path_pattern": "/assets/*", "viewer_protocol_policy": "https-only"}],  # pyright: ignore[reportArgumentType] (as above)
        aliases=["app.example.com", "www.example.com"],
        cache_tag_config={"header_name": "x-amz-meta-cache-tag"},
        custom_error_responses=[
            {"error_code": 404, "response_code": 200, "response_page_path": "/index.html", "error_caching_min_ttl": 60},
            {"error_code": 503, "response_code": 503, "response_page_path": "/down.html", "error_caching_min_ttl": 10},
        ],
        viewer_certificate={
            "acm_certificate_arn": certificate.arn,
            "minimum_protocol_version": "TLSv1.2_2021",
            "ssl_support_method": "sni-only",
        },
    )


def _service() -> None:
    group = aws.ec2.SecurityGroup("task-group")
    aws.vpc.SecurityGroupIngressRule(
        "from-edge",
        security_group_id=group.id,
        referenced_security_group_id="sg-edge",
        ip_protocol="tcp",
        from_port=5000,
        to_port=5000,
    )
    task = aws.ecs.TaskDefinition(
        "task",
        family="api",
        network_mode="awsvpc",
        execution_role_arn="arn:aws:iam::111122223333:role/execution",
        task_role_arn="arn:aws:iam::111122223333:role/program",
        container_definitions=json.dumps([container()]),
    )
    aws.ecs.Service(
        "service",
        name="service",
        cluster="main",
        tags=TAGS,
        task_definition=task.arn,
        desired_count=2,
        load_balancers=[{"container_name": "api", "container_port": 5000, "target_group_arn": "arn:targets"}],
        deployment_circuit_breaker={"enable": True, "rollback": True},
        alarms={"alarm_names": ["errors"], "enable": True, "rollback": True},
        network_configuration={
            "subnets": ["public-a-id", "public-b-id"],
            "security_groups": [group.id],
            "assign_public_ip": True,
        },
    )


def _stores() -> None:
    mongodbatlas.ProjectIpAccessList("access-list", project_id="p", cidr_block="10.0.0.0/16")
    aws.elasticache.ReplicationGroup(
        "cache",
        description="The API's cache",
        tags=TAGS,
        engine="redis",
        at_rest_encryption_enabled=True,
        transit_encryption_enabled=True,
        auth_token="a-token-of-the-tests",
        num_cache_clusters=2,
        automatic_failover_enabled=True,
        multi_az_enabled=True,
        snapshot_retention_limit=1,
        maintenance_window="sun:04:00-sun:05:00",
        parameter_group_name="cache-eviction",
    )
    aws.elasticache.Cluster("memcached", engine="memcached", tags=TAGS, transit_encryption_enabled=True)
    bucket = aws.s3.Bucket("bucket", bucket="tierup-tests")
    aws.s3.BucketPublicAccessBlock(
        "access-block",
        bucket=bucket.bucket,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
    )


def container() -> dict[str, object]:
    """Return the container of the compliant task definition."""
    return {
        "name": "api",
        "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api@sha256:0",
        "command": ["node", "server.js"],
        "user": "1000:1000",
        "portMappings": [{"containerPort": 5000}],
        "readonlyRootFilesystem": True,
        "linuxParameters": {"initProcessEnabled": True},
        "healthCheck": {"command": ["CMD", "node", "health.js"]},
        "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "api"}},
        "environment": [
            {"name": "NODE_ENV", "value": "production"},
            {"name": "PORT", "value": "5000"},
            {"name": "TOKEN_TTL_SECONDS", "value": "900"},
            {"name": "JWT_SECRET_ARN", "value": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:jwt"},
            {"name": "ALLOWED_ORIGINS", "value": "https://example.com,http://localhost:5173"},
        ],
        "secrets": [
            {"name": "JWT_SECRET", "valueFrom": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:jwt"},
            {"name": "SENTRY_DSN", "valueFrom": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:dsn"},
            {"name": "REDIS_URL", "valueFrom": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:redis"},
        ],
    }


def _rate_limit() -> aws.wafv2.WebAclRuleArgsDict:
    return {
        "name": "rate",
        "priority": 0,
        "action": {"block": {}},
        "statement": {"rate_based_statement": {"limit": 66, "evaluation_window_sec": 600, "aggregate_key_type": "IP"}},
        "visibility_config": _visibility("rate"),
    }


def _cdn_only() -> aws.wafv2.WebAclRuleArgsDict:
    shows_key: aws.wafv2.WebAclRuleStatementArgsDict = {
        "byte_match_statement": {
            "field_to_match": {"single_header": {"name": "x-origin-key"}},
            "positional_constraint": "EXACTLY",
            "search_string": "a-key-of-the-tests",
            "text_transformations": [{"priority": 0, "type": "NONE"}],
        }
    }
    return {
        "name": "cdn-only",
        "priority": 4,
        "action": {"block": {}},
        "statement": {"not_statement": {"statement": shows_key}},
        "visibility_config": _visibility("cdn-only"),
    }


def _managed(name: str, priority: int) -> aws.wafv2.WebAclRuleArgsDict:
    return {
        "name": name,
        "priority": priority,
        "override_action": {"none": {}},
        "statement": {"managed_rule_group_statement": {"vendor_name": "AWS", "name": name}},
        "visibility_config": _visibility(name),
    }


def _visibility(name: str) -> aws.wafv2.WebAclVisibilityConfigArgsDict:
    return {"cloudwatch_metrics_enabled": True, "metric_name": name, "sampled_requests_enabled": True}
