"""Site and API behind CloudFront and behind Cloudflare, on the real engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pulumi
import pulumi_aws as aws
import pytest
from pulumi import Output, ResourceOptions

from components.alb.load_balancer import IngressSource, LoadBalancer, LoadBalancerArgs
from components.cdn.cache_rules import ASSETS, PAGES, PAGES_SERVED_STALE, CacheRule
from components.cdn.provider import CLOUDFRONT_PREFIX_LIST, ORIGIN_HEADER
from components.cdn.security_headers import SiteHeaders
from components.cloudfront.api_distribution import ApiDistribution, ApiDistributionArgs
from components.cloudfront.origins import LoadBalancerOrigin
from components.cloudfront.site_distribution import SiteDistribution, SiteDistributionArgs
from components.dns.alias_record import AliasRecord, AliasRecordArgs
from components.dns.certificate import Certificate, CertificateArgs
from components.s3.log_bucket import LogBucket, LogBucketArgs
from components.s3.site_bucket import SiteBucket, SiteBucketArgs
from components.s3.site_replication import SiteReplication, SiteReplicationArgs
from components.vpc.network import Network, NetworkArgs
from components.waf.client_rules import OriginKey
from components.waf.web_acl import Scope, WebAcl, WebAclArgs
from tests.engine.sandbox_stack import CreateStack, SandboxStack
from tierup.sandbox.cloud import CloudResource

pytestmark = [pytest.mark.engine, pytest.mark.exhaustive]

TAGS: Mapping[str, str] = {"Stack": "dev"}
SITE, API = "cdn-trial.example.com", "api.cdn-trial.example.com"
HEADERS = SiteHeaders(allowed_origins=[f"https://{SITE}"], connect_origins=[f"https://{API}"])


def random_secret(name: str) -> Output[str]:
    password = aws.secretsmanager.get_random_password_output(password_length=40, exclude_punctuation=True)
    secret = aws.secretsmanager.Secret(name, recovery_window_in_days=0)
    version = aws.secretsmanager.SecretVersion(
        f"{name}-value",
        secret_id=secret.id,
        secret_string=Output.secret(password.random_password),
        opts=ResourceOptions(ignore_changes=["secretString"]),
    )
    return version.secret_string.apply(lambda value: value or "")


def load_balancer(
    account: str, certificate_arn: Output[str], logs: LogBucket, sources: Mapping[str, IngressSource] | None
) -> LoadBalancer:
    network = Network(
        "network",
        NetworkArgs(
            vpc_cidr="10.0.0.0/16",
            availability_zones=["eu-west-1a", "eu-west-1b"],
            account_id=account,
            region="eu-west-1",
            flow_log_retention_days=30,
            tags=TAGS,
        ),
    )
    return LoadBalancer(
        "api",
        LoadBalancerArgs(
            vpc_id=network.vpc_id,
            subnet_ids=list(network.public_subnet_ids.values()),
            certificate_arn=certificate_arn,
            access_log_bucket=logs.bucket_name,
            ssl_policy="ELBSecurityPolicy-TLS13-1-2-2021-06",
            target_port=5000,
            deletion_protection=False,
            ingress_sources=sources,
            tags=TAGS,
        ),
    )


def log_bucket(account: str) -> LogBucket:
    return LogBucket(
        "logs",
        LogBucketArgs(account_id=account, region="eu-west-1", retention_days=30, force_destroy=True, tags=TAGS),
    )


def site_bucket(name: str = "site", region: str | None = None) -> SiteBucket:
    return SiteBucket(name, SiteBucketArgs(index_html="<p>soon</p>", force_destroy=True, region=region, tags=TAGS))


def on_cloudfront(account: str, *, with_api: bool = False, with_failover: bool = False) -> Callable[[], None]:
    def program() -> None:
        zone = aws.route53.get_zone(name="example.com").zone_id
        logs, bucket = log_bucket(account), site_bucket()
        site_certificate = Certificate(
            "site-certificate", CertificateArgs(domain_name=SITE, zone_id=zone, region="us-east-1", tags=TAGS)
        )
        replica = site_bucket("site-replica", "eu-central-1") if with_failover else None
        cdn = SiteDistribution(
            "cdn",
            SiteDistributionArgs(
                domain_names=[SITE],
                certificate_arn=site_certificate.arn,
                bucket_domain_name=bucket.regional_domain_name,
                headers=HEADERS,
                access_log_bucket_arn=logs.bucket_arn,
                origin_shield_for="eu-west-1" if with_api else None,
                failover_bucket_domain_name=replica.regional_domain_name if replica else None,
                pages=PAGES_SERVED_STALE if with_failover else PAGES,
                cache_rules=[ASSETS, CacheRule(name="data", path="/data/*", edge_seconds=30)]
                if with_failover
                else [ASSETS],
                tags=TAGS,
            ),
        )
        bucket.allow_reads_from(cdn.arn)
        if replica:
            replica.allow_reads_from(cdn.arn)
            SiteReplication(
                "site-replication",
                SiteReplicationArgs(
                    bucket_name=bucket.bucket_name,
                    bucket_arn=bucket.bucket_arn,
                    destination_arn=replica.bucket_arn,
                    tags=TAGS,
                ),
            )

        api_certificate = Certificate("api-certificate", CertificateArgs(domain_name=API, zone_id=zone, tags=TAGS))
        prefix_list = aws.ec2.get_managed_prefix_list(name=CLOUDFRONT_PREFIX_LIST).id
        balancer = load_balancer(
            account,
            api_certificate.arn,
            logs,
            {"cloudfront": IngressSource(prefix_list_id=prefix_list)} if with_api else None,
        )
        target: tuple[Output[str], Output[str]] = (balancer.dns_name, balancer.zone_id)
        origin_key: Output[str] | None = None
        if with_api:
            origin_key = random_secret("origin-key")
            edge_certificate = Certificate(
                "api-edge-certificate",
                CertificateArgs(
                    domain_name=API,
                    validation_records=api_certificate.validation_records,
                    region="us-east-1",
                    tags=TAGS,
                ),
            )
            api = ApiDistribution(
                "api-cdn",
                ApiDistributionArgs(
                    domain_name=API,
                    certificate_arn=edge_certificate.arn,
                    origin=LoadBalancerOrigin(domain_name=balancer.dns_name, origin_key=origin_key),
                    access_log_bucket_arn=logs.bucket_arn,
                    tags=TAGS,
                ),
            )
            target = (api.domain_name, api.hosted_zone_id)
        alias = AliasRecord(
            "api-alias",
            AliasRecordArgs(
                domain_name=API, zone_id=zone, target_domain_name=target[0], target_zone_id=target[1], ipv6=False
            ),
        )
        WebAcl(
            "api-web-acl",
            WebAclArgs(
                scope=Scope.REGIONAL,
                load_balancer_arn=balancer.arn,
                origin_key=OriginKey(header=ORIGIN_HEADER, values=[origin_key]) if origin_key is not None else None,
                log_retention_days=30,
                tags=TAGS,
            ),
            # The web ACL may refuse requests without the key only after the alias points to the CDN.
            ResourceOptions(depends_on=[alias]),
        )

    return program


def up_without_drift(stack: SandboxStack, program: Callable[[], None]) -> Mapping[str, int]:
    """Return the changes of `up`, and assert that preview and refresh find no further change."""
    done = stack.up(program)
    assert not done.error, done.error
    assert stack.preview(program).empty
    assert stack.refresh(program).empty
    assert stack.preview(program).empty
    return done.changes


def named(stack: SandboxStack, name: str) -> CloudResource:
    (found,) = [each for each in stack.resources() if each.name == name]
    return found


def test_cloudfront_is_added_to_the_api_and_failover_to_the_site_without_replacement(
    create_stack: CreateStack,
) -> None:
    stack = create_stack(project="cloudfront-trial")
    up_without_drift(stack, on_cloudfront(stack.account))
    before = {each.name: each.id for each in stack.resources()}
    alias = named(stack, "api-alias-a")
    assert alias.inputs["aliases"][0]["name"] == named(stack, "api-alb").outputs["dnsName"]

    with_api = up_without_drift(stack, on_cloudfront(stack.account, with_api=True))
    assert "replace" not in with_api
    assert with_api["delete"] == 4, "the rules that allow IPv4 and IPv6 from the internet to ports 80 and 443"
    assert named(stack, "api-alias-a").id == alias.id
    assert (
        named(stack, "api-alias-a").inputs["aliases"][0]["name"]
        == (named(stack, "api-cdn-distribution").outputs["domainName"])
    )

    with_failover = up_without_drift(stack, on_cloudfront(stack.account, with_api=True, with_failover=True))
    assert not {"replace", "delete"} & set(with_failover)
    after = {each.name: each.id for each in stack.resources()}
    kept = {name for name in before if not name.startswith("api-from-internet")}
    assert {name: after.get(name) for name in kept} == {name: before[name] for name in kept}

    assert named(stack, "origin-key-value").inputs["secretString"] not in json.dumps(stack.export())
    assert not stack.destroy(on_cloudfront(stack.account)).error


def on_cloudflare(*, with_api: bool = False) -> Callable[[], None]:
    def program() -> None:
        import pulumi_cloudflare as cloudflare

        from components.cloudflare.cache_rules import CloudflareCache, CloudflareCacheArgs
        from components.cloudflare.dns_record import CloudflareRecord, CloudflareRecordArgs, certificate_records
        from components.cloudflare.origin_rules import CloudflareOrigin, CloudflareOriginArgs
        from components.cloudflare.plan import CloudflarePlan, rate_limit_for
        from components.cloudflare.response_headers import CloudflareHeaders, CloudflareHeadersArgs
        from components.cloudflare.waf import CloudflareWaf, CloudflareWafArgs
        from components.cloudflare.zone_settings import CloudflareZoneSettings, CloudflareZoneSettingsArgs

        plan = CloudflarePlan.PRO
        zone = cloudflare.get_zone(filter=cloudflare.GetZoneFilterArgs(match="all", name=SITE)).zone_id or ""
        bucket, bucket_key = site_bucket(), random_secret("bucket-key")
        certificate = Certificate(
            "api-certificate", CertificateArgs(domain_name=API, dns_validation=certificate_records(zone), tags=TAGS)
        )
        CloudflareZoneSettings("zone", CloudflareZoneSettingsArgs(zone_id=zone))
        CloudflareOrigin(
            "origin",
            CloudflareOriginArgs(
                zone_id=zone,
                site_host=SITE,
                bucket_domain_name=bucket.regional_domain_name,
                bucket_key=bucket_key,
                api_host=API if with_api else None,
                origin_key=random_secret("origin-key") if with_api else None,
            ),
        )
        addresses = sorted(cloudflare.get_ip_ranges().ipv4_cidrs or ())
        bucket.allow_reads_through(addresses=addresses, user_agent=bucket_key)
        CloudflareCache(
            "cache",
            CloudflareCacheArgs(
                zone_id=zone, plan=plan, site_host=SITE, api_host=API if with_api else None, tiered=with_api
            ),
        )
        CloudflareHeaders("headers", CloudflareHeadersArgs(zone_id=zone, plan=plan, site_host=SITE, headers=HEADERS))
        CloudflareWaf(
            "web-acl",
            CloudflareWafArgs(
                zone_id=zone,
                plan=plan,
                rate_limit=rate_limit_for(plan, path_prefix="/api/", requests=100, window_seconds=900),
            ),
        )
        CloudflareRecord(
            "site-record", CloudflareRecordArgs(domain_name=SITE, zone_id=zone, target=bucket.regional_domain_name)
        )
        CloudflareRecord(
            "api-record",
            CloudflareRecordArgs(
                domain_name=API, zone_id=zone, target="api-1.eu-west-1.elb.amazonaws.com", proxied=with_api
            ),
        )
        pulumi.export("certificate", certificate.arn)

    return program


def test_cloudflare_is_added_to_the_api_without_replacement(create_stack: CreateStack) -> None:
    stack = create_stack(project="cloudflare-trial")
    up_without_drift(stack, on_cloudflare())
    assert named(stack, "site-policy").outputs["bucket"] == named(stack, "site-bucket").outputs["bucket"]

    with_api = up_without_drift(stack, on_cloudflare(with_api=True))
    assert not {"replace", "delete"} & set(with_api)
    assert named(stack, "api-record-cname").inputs["proxied"] is True
    state = json.dumps(stack.export())
    assert named(stack, "bucket-key-value").inputs["secretString"] not in state
    assert named(stack, "origin-key-value").inputs["secretString"] not in state
    assert not stack.destroy(on_cloudflare()).error
