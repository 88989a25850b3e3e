"""A static site on S3 and CloudFront with a database on Atlas, and records in zones that others share.

It violates no mandatory rule.
"""

import json

import pulumi
import pulumi_aws as aws
import pulumi_cloudflare as cloudflare
import pulumi_mongodbatlas as atlas

CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"


def deploy() -> None:
    """Create the site, its records and its database."""
    config = pulumi.Config("outside")
    domain = config.get("domain") or "example.com"
    _site(domain, config.get("certificate") or "arn:aws:acm:us-east-1:111122223333:certificate/site")
    _records(domain, config.get("cloudflareZone") or "0123456789abcdef0123456789abcdef")
    _database(config.get("atlasProject") or "5f0000000000000000000000")


def _site(domain: str, certificate: str) -> None:
    bucket = aws.s3.Bucket("site")
    block = aws.s3.BucketPublicAccessBlock(
        "site",
        bucket=bucket.bucket,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
    )
    aws.s3.BucketVersioning("site", bucket=bucket.bucket, versioning_configuration={"status": "Enabled"})
    access = aws.cloudfront.OriginAccessControl(
        "site", origin_access_control_origin_type="s3", signing_behavior="always", signing_protocol="sigv4"
    )
    headers = aws.cloudfront.ResponseHeadersPolicy(
        "site",
        security_headers_config={
            "content_security_policy": {"content_security_policy": "default-src 'self'", "override": True},
            "content_type_options": {"override": True},
            "frame_options": {"frame_option": "DENY", "override": True},
            "referrer_policy": {"referrer_policy": "strict-origin-when-cross-origin", "override": True},
            "strict_transport_security": {
                "access_control_max_age_sec": 31536000,
                "include_subdomains": True,
                "override": True,
            },
        },
    )
    firewall = aws.wafv2.WebAcl(
        "site",
        region="us-east-1",
        scope="CLOUDFRONT",
        default_action={"allow": {}},
        visibility_config=_visibility("site"),
        rules=[
            {
                "name": "rate",
                "priority": 0,
                "action": {"block": {}},
                "statement": {"rate_based_statement": {"limit": 2000, "aggregate_key_type": "IP"}},
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
                for priority, group in enumerate(
                    ("AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet"), start=1
                )
            ],
        ],
    )
    blocked = aws.cloudwatch.LogGroup(
        "firewall", region="us-east-1", name_prefix="aws-waf-logs-site-", retention_in_days=90
    )
    aws.wafv2.WebAclLoggingConfiguration(
        "site",
        region="us-east-1",
        resource_arn=firewall.arn,
        log_destination_configs=[blocked.arn],
        redacted_fields=[{"single_header": {"name": name}} for name in ("authorization", "cookie")],
    )
    distribution = aws.cloudfront.Distribution(
        "site",
        enabled=True,
        is_ipv6_enabled=True,
        http_version="http2and3",
        default_root_object="index.html",
        aliases=[domain],
        web_acl_id=firewall.arn,
        origins=[
            {
                "origin_id": "bucket",
                "domain_name": bucket.bucket_regional_domain_name,
                "origin_access_control_id": access.id,
            }
        ],
        default_cache_behavior={
            "target_origin_id": "bucket",
            "viewer_protocol_policy": "redirect-to-https",
            "allowed_methods": ["GET", "HEAD"],
            "cached_methods": ["GET", "HEAD"],
            "cache_policy_id": CACHING_OPTIMIZED,
            "response_headers_policy_id": headers.id,
            "compress": True,
        },
        restrictions={"geo_restriction": {"restriction_type": "none"}},
        viewer_certificate={
            "acm_certificate_arn": certificate,
            "ssl_support_method": "sni-only",
            "minimum_protocol_version": "TLSv1.2_2021",
        },
    )
    logs = aws.cloudwatch.LogGroup("access", region="us-east-1", retention_in_days=90)
    source = aws.cloudwatch.LogDeliverySource(
        "site", region="us-east-1", name="site", log_type="ACCESS_LOGS", resource_arn=distribution.arn
    )
    destination = aws.cloudwatch.LogDeliveryDestination(
        "site",
        region="us-east-1",
        name="site",
        delivery_destination_configuration={"destination_resource_arn": logs.arn},
    )
    aws.cloudwatch.LogDelivery(
        "site",
        region="us-east-1",
        delivery_source_name=source.name,
        delivery_destination_arn=destination.arn,
    )
    aws.s3.BucketPolicy(
        "site",
        bucket=bucket.bucket,
        policy=pulumi.Output.all(bucket.arn, distribution.arn).apply(lambda known: json.dumps(_policy(*known))),
        opts=pulumi.ResourceOptions(depends_on=[block]),
    )


def _policy(bucket: str, distribution: str) -> dict[str, object]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "cloudfront.amazonaws.com"},
                "Action": "s3:GetObject",
                "Resource": f"{bucket}/*",
                "Condition": {"StringEquals": {"AWS:SourceArn": distribution}},
            },
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [bucket, f"{bucket}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ],
    }


def _records(domain: str, zone: str) -> None:
    """Create records for mail, for proofs of ownership and for another service, in zones of two DNS providers."""
    aws.route53.Record(
        "mail",
        zone_id=aws.route53.get_zone(name=domain).zone_id,
        name=domain,
        type="MX",
        ttl=3600,
        records=["10 mail.example.net"],
    )
    for name, type_, content in (
        ("_proof", "TXT", '"site=1234"'),
        ("_0a1b2c", "CNAME", "_3d4e5f.acm-validations.aws"),
        ("status", "CNAME", "pages.example.net"),
    ):
        cloudflare.DnsRecord(
            f"other-{name.strip('_')}", zone_id=zone, name=f"{name}.{domain}", type=type_, content=content, ttl=300
        )


def _database(project: str) -> None:
    cluster = atlas.AdvancedCluster(
        "data",
        project_id=project,
        name="data",
        cluster_type="REPLICASET",
        backup_enabled=True,
        pit_enabled=True,
        termination_protection_enabled=True,
        mongo_db_major_version="8.0",
        advanced_configuration={"minimum_enabled_tls_protocol": "TLS1_2"},
        replication_specs=[
            {
                "region_configs": [
                    {
                        "provider_name": "AWS",
                        "region_name": "EU_WEST_1",
                        "priority": 7,
                        "electable_specs": {"instance_size": "M10", "node_count": 3},
                        "auto_scaling": {"disk_gb_enabled": True},
                    }
                ]
            }
        ],
    )
    atlas.ProjectIpAccessList("office", project_id=project, cidr_block="203.0.113.0/24")
    atlas.DatabaseUser(
        "app",
        project_id=project,
        username="arn:aws:iam::111122223333:role/app",
        auth_database_name="$external",
        aws_iam_type="ROLE",
        roles=[{"role_name": "readWrite", "database_name": "app"}],
        scopes=[{"name": cluster.name, "type": "CLUSTER"}],
    )


def _visibility(name: str) -> dict[str, object]:
    return {"cloudwatch_metrics_enabled": True, "metric_name": name, "sampled_requests_enabled": True}
