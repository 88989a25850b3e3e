"""The whole program against mocks: resources of each phase, changes between phases, tags, protection and secrets."""

from __future__ import annotations

import functools
import importlib
import inspect
import itertools
import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components.dns.host_name import parent_hosted_zone
from stacks import architecture
from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier
from stacks.config.errors import InvalidConfigError
from stacks.config.groups import ExistingLoadBalancerConfig
from stacks.config.reading import parse
from stacks.transforms import ignore_changes
from stacks.transforms.protection import STATEFUL
from tests.engine_recorder import Recorded, Recording, record
from tests.stacks.config.test_reading import MINIMAL_CONFIG
from tierup.sandbox.registry import registry

CLOUDFLARE_ZONE = "0123456789abcdef0123456789abcdef"
CLOUDFLARE = {"cdn": "cloudflare", "cloudflareZoneId": CLOUDFLARE_ZONE}
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
SHARED_BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shared/1"
ZONES = ["eu-west-1c", "eu-west-1a", "eu-west-1b"]
CALLS = {
    "aws:index/getAvailabilityZones:getAvailabilityZones": {
        "names": ZONES,
        "zoneIds": ["euw1-az1", "euw1-az3", "euw1-az2"],
    },
    "aws:ec2/getSubnets:getSubnets": {"ids": []},
    "aws:route53/getZone:getZone": {"zoneId": "Z0123456789ABC", "name": "example.com"},
    "aws:lb/getLoadBalancer:getLoadBalancer": {
        "arn": SHARED_BALANCER,
        "arnSuffix": "app/shared/1",
        "dnsName": "shared.elb.amazonaws.com",
        "zoneId": "Z1",
        "securityGroups": ["sg-shared"],
    },
    "aws:lb/getListener:getListener": {"arn": "arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/shared/1/2"},
    "aws:ssm/getParameter:getParameter": {"value": "ami-0123456789abcdef0"},
    "aws:ecs/getCluster:getCluster": {"arn": "arn:aws:ecs:eu-west-1:1:cluster/shared", "clusterName": "shared"},
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": {"id": "pl-1"},
    "mongodbatlas:index/getAdvancedCluster:getAdvancedCluster": {
        "connectionStrings": {
            "privateEndpoints": [
                {
                    "srvConnectionString": "mongodb+srv://app-pl-0.x.mongodb.net",
                    "endpoints": [{"endpointId": "database-endpoint-endpoint-id"}],
                }
            ]
        }
    },
    "cloudflare:index/getZone:getZone": {"zoneId": CLOUDFLARE_ZONE, "name": "example.com"},
    "cloudflare:index/getIpRanges:getIpRanges": {
        "ipv4Cidrs": ["173.245.48.0/20", "103.21.244.0/22"],
        "ipv6Cidrs": ["2400:cb00::/32"],
    },
}
OUTPUTS: Mapping[str, Mapping[str, Any]] = {
    "aws:acm/certificate:Certificate": {
        "domainValidationOptions": [
            {
                "domainName": name,
                "resourceRecordName": f"_x.{name}",
                "resourceRecordType": "CNAME",
                "resourceRecordValue": "_y.",
            }
            for name in (
                *("app.example.com", "api.app.example.com", "api-app.example.com", "back.example.com"),
                *("www.example.com", "example.com"),
            )
        ]
    },
    "aws:ec2/vpc:Vpc": {"defaultRouteTableId": "rtb-1", "mainRouteTableId": "rtb-1", "defaultSecurityGroupId": "sg-1"},
    "aws:lb/loadBalancer:LoadBalancer": {"dnsName": "api.elb.amazonaws.com", "zoneId": "Z1", "arnSuffix": "app/api/1"},
    "aws:lb/targetGroup:TargetGroup": {"arnSuffix": "targetgroup/api/1"},
    "aws:secretsmanager/secretVersion:SecretVersion": {"secretArn": "arn:aws:secretsmanager:eu-west-1:1:secret:x"},
    "aws:route53/record:Record": {"fqdn": "a.example.com"},
    "aws:cloudfront/distribution:Distribution": {"domainName": "d1.cloudfront.net", "hostedZoneId": "Z2FDTNDATAQYW2"},
    "aws:elasticache/replicationGroup:ReplicationGroup": {
        "primaryEndpointAddress": "master.cache.amazonaws.com",
        "replicationGroupId": "cache-1",
        "memberClusters": ["cache-1-001", "cache-1-004"],  # 002 and 003 were deleted
    },
    "aws:ecr/repository:Repository": {"repositoryUrl": "1.dkr.ecr.eu-west-1.amazonaws.com/images"},
    "mongodbatlas:index/advancedCluster:AdvancedCluster": {
        "connectionStrings": {"standardSrv": "mongodb+srv://app.x.mongodb.net", "standard": "mongodb://app"},
        "clusterId": "c1",
    },
    "render:services:WebService": {"slug": "shop-api"},
    "pulumi-python:dynamic/netlify:Site": {"default_domain": "shop.netlify.app"},
    "pulumi-python:dynamic/railway:Project": {"environment_id": "e1"},
    "pulumi-python:dynamic/railway:EgressGateway": {"addresses": ["203.0.113.7"]},
    "pulumi-python:dynamic/railway:CustomDomain": {
        "target": "a.up.railway.app",
        "verification_name": "_railway-verify.api.app.example.com",
        "verification_value": "railway-verify=1",
    },
    "mongodbatlas:index/networkPeering:NetworkPeering": {
        "connectionId": "pcx-1",
        "peerId": "p1",
        "statusName": "AVAILABLE",
    },
}


@functools.cache
def built(phase: Phase = Phase.OPTIMIZATION, tier: Tier = Tier.SMALL, **changes: str) -> Recording[Mapping[str, Any]]:
    """Record the program with the settings of MINIMAL_CONFIG and changes. Cached, because a run takes a second."""
    given = {
        **MINIMAL_CONFIG,
        "tierup:phase": phase,
        "tierup:tier": tier,
        **{f"tierup:{key}": text for key, text in changes.items()},
    }
    settings = parse(given, secret_keys=(), stack="prod")
    return record(lambda: architecture.create(settings), outputs=OUTPUTS, calls=CALLS, stack="prod")


REMOVED_LATER = {
    "cache-parameters",  # a cache with shards has another parameter group
    "database-alerts-largest-size",  # a sharded database has no autoscaling
    "database-alerts-largest-disk",
}
"""Resources that a later phase deletes, besides the rules that open the load balancer to the internet."""


def identity(resource: Recorded) -> tuple[str, str, str | None]:
    """Return the parts of a resource's URN besides stack and project."""
    return resource.type, resource.name, resource.parent


def is_taggable(type_token: str) -> bool:
    """Return whether the SDK's class of a type has a `tags` input."""
    package, module, name = type_token.split(":")
    namespace = module.split("/")[0]
    library = {"aws": "pulumi_aws", "mongodbatlas": "pulumi_mongodbatlas", "cloudflare": "pulumi_cloudflare"}[package]
    namespace = "lambda_" if namespace == "lambda" else namespace
    place = importlib.import_module(library if namespace == "index" else f"{library}.{namespace}")
    return "tags" in inspect.signature(getattr(place, name)._internal_init).parameters


@pytest.mark.parametrize("tier", list(Tier))
@pytest.mark.parametrize("phase", list(Phase))
def test_every_phase_and_tier_is_created_except_enterprise_small(phase: Phase, tier: Tier) -> None:
    if (phase, tier) == (Phase.ENTERPRISE, Tier.SMALL):
        with pytest.raises(
            InvalidConfigError, match=r"tierup:tier: phase enterprise shards the database(.|\n)*M30 or larger"
        ):
            built(phase, tier)
        return
    outputs = built(phase, tier).result
    assert outputs["phase"] == phase
    assert outputs["tier"] == tier


def test_enterprise_small_is_created_with_a_larger_database() -> None:
    sizes = '{"databaseInstanceSize": "M30", "databaseDiskGb": 40}'
    recording = built(Phase.ENTERPRISE, Tier.SMALL, sizeOverrides=sizes)
    cluster = recording.one("mongodbatlas:index/advancedCluster:AdvancedCluster").inputs
    assert cluster["clusterType"] == "SHARDED"
    assert len(cluster["replicationSpecs"]) == 1


def test_a_further_region_gets_database_nodes_after_its_private_endpoint() -> None:
    services = {
        each.name
        for each in built(Phase.ENTERPRISE, Tier.MEDIUM).of(
            "mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService"
        )
    }
    assert len(services) == 3
    assert services <= built(Phase.ENTERPRISE, Tier.MEDIUM).named("database").opts.depends_on
    assert built(Phase.SCALE, Tier.MEDIUM).named("database").opts.depends_on == frozenset()


@pytest.mark.parametrize("phase", list(Phase))
def test_cdn_cloudflare_creates_no_cloudfront_and_no_route_53_records(phase: Phase) -> None:
    recording = built(phase, Tier.MEDIUM, **CLOUDFLARE)
    types = {found.type for found in recording.resources}
    assert not {"aws:cloudfront/distribution:Distribution", "aws:route53/record:Record"} & types
    assert "cloudflare:index/ruleset:Ruleset" in types
    assert "cdn_distribution_id" not in recording.result
    proxied = {found.name: found.inputs["proxied"] for found in recording.of("cloudflare:index/dnsRecord:DnsRecord")}
    assert proxied["site-record-cname"] is True
    assert proxied["api-record-cname"] is (phase in (Phase.SCALE, Phase.ENTERPRISE))


def open_rules(recording: Recording[Any]) -> set[str]:
    """Return the names of the security group rules that allow any address."""
    return {
        found.name
        for found in recording.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        if found.inputs.get("cidrIpv4") == "0.0.0.0/0" or found.inputs.get("cidrIpv6") == "::/0"
    }


@pytest.mark.parametrize("cdn", [{}, CLOUDFLARE])
def test_from_scale_on_the_load_balancer_accepts_requests_of_the_cdn_only(cdn: Mapping[str, str]) -> None:
    before, behind = built(Phase.OPTIMIZATION, Tier.MEDIUM, **cdn), built(Phase.SCALE, Tier.MEDIUM, **cdn)
    assert all(name.startswith("api-from-internet-") for name in open_rules(before))
    assert len(open_rules(before)) == 4
    assert open_rules(behind) == set()
    acl = next(found for found in behind.of("aws:wafv2/webAcl:WebAcl") if found.name == "api-web-acl-acl")
    assert "rules" in acl.secret_inputs
    assert min(acl.inputs["rules"], key=lambda rule: rule["priority"])["name"] == "cdn-only"


def test_rate_limit_counts_the_addresses_of_clients() -> None:
    """CloudFront's web ACL sees them. Behind Cloudflare, the load balancer's reads them from a header."""

    def limits(recording: Recording[Any]) -> dict[str, tuple[int, str]]:
        return {
            acl.name: (limit["limit"], limit["aggregateKeyType"])
            for acl in recording.of("aws:wafv2/webAcl:WebAcl")
            for rule in acl.inputs["rules"]
            if (limit := rule["statement"].get("rateBasedStatement"))
        }

    cloudfront, cloudflare = built(Phase.SCALE), built(Phase.SCALE, Tier.MEDIUM, **CLOUDFLARE)
    assert limits(cloudfront)["api-edge-web-acl-acl"] == (66, "IP")
    assert limits(cloudfront)["api-web-acl-acl"][0] > 1_000_000
    assert limits(cloudflare) == {"api-web-acl-acl": (66, "FORWARDED_IP")}


def test_from_scale_on_tasks_have_private_subnets_in_three_zones() -> None:
    recording = built(Phase.SCALE, Tier.LARGE)
    service = recording.named("backend-service").inputs["networkConfiguration"]
    assert service["assignPublicIp"] is False
    assert len(service["subnets"]) == 3
    assert len(recording.of("aws:ec2/natGateway:NatGateway")) == 3
    assert len(built(Phase.SCALE, Tier.MEDIUM).of("aws:ec2/natGateway:NatGateway")) == 3
    assert len(built(Phase.SCALE, Tier.SMALL).of("aws:ec2/natGateway:NatGateway")) == 1
    assert not built(Phase.SCALE, Tier.MEDIUM, nat="instance").of("aws:ec2/natGateway:NatGateway")


def test_disabled_worker_is_not_created() -> None:
    assert built(Phase.SCALE).named("worker-service")
    without = built(Phase.SCALE, worker='{"enabled": false}')
    assert "worker" not in without.types()
    assert "worker_name" not in without.result


SERVICES = {
    "reports": {
        "image": "example.com/reports:v1",
        "paths": ["/reports", "/reports/*"],
        "priority": 10,
        "weights": {"a": 90, "b": 10},
        "images": {"b": "example.com/reports:v2"},
    }
}


def test_every_service_has_alarms() -> None:
    recording = built(Phase.ENTERPRISE, Tier.LARGE, services=json.dumps(SERVICES))
    names = recording.types().keys()
    for service in ("worker", "reports-a", "reports-b"):
        assert {f"alarms-{service}-service-memory", f"alarms-{service}-logged-errors"} <= names
        memory = recording.named(f"alarms-{service}-service-memory").inputs
        assert memory["dimensions"]["ServiceName"].startswith(f"{service}-service")
        assert memory["threshold"] == 80
        assert f"{service}-errors-filter" in names
    assert "alarms-worker-service-cpu" not in names  # a worker may use all of its CPU
    assert "tierup:services" in recording.named("alarms-reports-a-service-cpu").inputs["alarmDescription"]
    assert "tierup:sizeOverrides" in recording.named("alarms-service-cpu").inputs["alarmDescription"]


def test_services_setting_creates_routes_and_service_connect() -> None:
    recording = built(Phase.ENTERPRISE, Tier.LARGE, services=json.dumps(SERVICES))
    route = recording.named("reports-route").inputs["actions"][0]["forward"]
    assert sorted(group["weight"] for group in route["targetGroups"]) == [10, 90]
    assert {"reports-a-service", "reports-b-service"} <= recording.types().keys()
    task = next(
        found for found in recording.of("aws:ecs/taskDefinition:TaskDefinition") if found.name == "reports-b-task"
    )
    (container,) = json.loads(task.inputs["containerDefinitions"])
    assert container["image"] == "example.com/reports:v2"
    backend = recording.named("backend-service").inputs["serviceConnectConfiguration"]
    assert backend["enabled"] is True


def test_every_ignored_input_has_an_owner_in_the_table() -> None:
    ignored = {
        (found.type, found.name, field)
        for recording in (built(Phase.MVP), built(Phase.ENTERPRISE, Tier.LARGE))
        for found in recording.resources
        for field in found.opts.ignore_changes
    }
    assert ignored
    assert [each for each in sorted(ignored) if not ignore_changes.owner(*each)] == []


def test_desired_count_and_listener_actions_are_ignored_from_scale_on() -> None:
    def ignored(phase: Phase) -> tuple[str, ...]:
        return built(phase).named("backend-service").opts.ignore_changes

    assert ignored(Phase.OPTIMIZATION) == ()
    assert ignored(Phase.SCALE) == ("desiredCount",)
    assert built(Phase.SCALE).named("backend-production").opts.ignore_changes == ("actions",)


def test_resource_override_changes_its_resource_and_is_an_output() -> None:
    recording = built(resourceOverrides='{"api-alb": {"enableZonalShift": true, "idleTimeout": 75}}')
    balancer = recording.named("api-alb").inputs
    assert balancer["enableZonalShift"] is True
    assert balancer["idleTimeout"] == 75
    assert balancer["loadBalancerType"] == "application"
    assert recording.result["resource_overrides"] == ["api-alb.enableZonalShift = true", "api-alb.idleTimeout = 75"]


def test_resource_override_of_an_unknown_resource_is_rejected() -> None:
    with pytest.raises(
        InvalidConfigError,
        match=r"resourceOverrides.api-abl: the stack has no resource with this logical name.*Did you mean api-alb",
    ):
        built(resourceOverrides='{"api-abl": {"idleTimeout": 75}}')


def test_database_auth_iam_connects_as_the_task_role_through_the_endpoint() -> None:
    recording = built(Phase.SCALE, databaseAuth="iam")
    uri = recording.named("connection-mongodb-uri-value").inputs["secretString"]
    assert uri.startswith("mongodb+srv://app-pl-0.x.mongodb.net/app?authSource=%24external")
    assert recording.named("database-users-backend").inputs["username"].endswith(":role/backend-task-name")


def test_existing_load_balancer_gets_rules_for_the_api_host_only() -> None:
    settings = parse(
        {**MINIMAL_CONFIG, "tierup:phase": "scale", "tierup:hostedZoneId": "Z1"}, secret_keys=(), stack="prod"
    )
    # Set after validation, which would also require existingNetwork.
    shared = settings.model_copy(
        update={"existing_load_balancer": ExistingLoadBalancerConfig(arn=SHARED_BALANCER, priority=20)}
    )
    recording = record(lambda: architecture.create(shared), outputs=OUTPUTS, calls=CALLS, stack="prod")
    assert not recording.of("aws:lb/loadBalancer:LoadBalancer")
    assert "api-web-acl" not in recording.types()
    rules = {found.name: found.inputs for found in recording.of("aws:lb/listenerRule:ListenerRule")}
    assert {name: rule["priority"] for name, rule in rules.items()} == {"api-route": 20, "backend-production": 19}
    for rule in rules.values():
        assert rule["conditions"] == [{"hostHeader": {"values": ["api.app.example.com"]}}]


def test_existing_certificates_and_cluster_are_used() -> None:
    arn = "arn:aws:acm:{}:111122223333:certificate/12345678-1234-1234-1234-123456789012"
    recording = built(
        Phase.SCALE,
        certificateArn=arn.format("eu-west-1"),
        edgeCertificateArn=arn.format("us-east-1"),
        existingCluster="shared",
    )
    assert not recording.of("aws:acm/certificate:Certificate")
    assert not recording.of("aws:ecs/cluster:Cluster")


def test_a_later_phase_keeps_every_resource_of_the_one_before() -> None:
    phases = [{identity(found) for found in built(phase, Tier.LARGE).resources} for phase in Phase]
    for earlier, later in itertools.pairwise(phases):
        removed = {name for _, name, _ in earlier - later if not name.startswith("api-from-internet-")}
        assert removed <= REMOVED_LATER
        assert later - earlier


def test_optimization_changes_only_inputs_that_update_in_place() -> None:
    """The providers' documentation states for each of these inputs that a change does not replace the resource."""
    in_place = {
        ("aws:cloudfront/distribution:Distribution", "defaultCacheBehavior"),
        ("aws:cloudfront/distribution:Distribution", "orderedCacheBehaviors"),
        ("aws:cloudfront/cachePolicy:CachePolicy", "parametersInCacheKeyAndForwardedToOrigin"),
        ("aws:wafv2/webAcl:WebAcl", "rules"),
        ("aws:ecs/service:Service", "desiredCount"),
    }
    before = {identity(found): found for found in built(Phase.MVP).resources}
    changed = {
        (found.type, key)
        for found in built(Phase.OPTIMIZATION).resources
        if found.custom and (old := before.get(identity(found)))
        for key in found.inputs.keys() | old.inputs.keys()
        if found.inputs.get(key) != old.inputs.get(key)
    }
    # REDIS_URL needs a new revision of the task definition, which is created before the old one is deleted.
    assert {each for each in changed if each[0] != "aws:ecs/taskDefinition:TaskDefinition"} <= in_place


def test_mvp_has_no_cache_and_optimization_has_one() -> None:
    group = "aws:elasticache/replicationGroup:ReplicationGroup"
    assert not built(Phase.MVP).of(group)
    assert built(Phase.OPTIMIZATION).one(group)
    assert "cache_endpoint" not in built(Phase.MVP).result
    assert "cache_endpoint" in built(Phase.OPTIMIZATION).result


@pytest.mark.parametrize("phase", list(Phase))
def test_every_taggable_resource_is_tagged(phase: Phase) -> None:
    wanted = {"Project": "tierup", "Stack": "prod", "ManagedBy": "pulumi"}
    taggable = [found for found in built(phase, Tier.LARGE).resources if found.custom and is_taggable(found.type)]
    assert len(taggable) > 20
    untagged = {
        found.name: found.inputs.get("tags")
        for found in taggable
        if not wanted.items() <= (found.inputs.get("tags") or {}).items() or not found.inputs["tags"].get("Name")
    }
    assert untagged == {}


def test_stateful_resources_are_protected_and_others_are_not() -> None:
    with_files = built(backend='{"volumes": {"uploads": "/data"}}')
    custom = [found for found in with_files.resources if found.custom]
    assert {found.type for found in custom} >= set(STATEFUL)
    assert {found.name for found in custom if found.opts.protect} == {
        found.name for found in custom if found.type in STATEFUL
    }


def test_an_unprotected_stack_can_be_destroyed_completely() -> None:
    recording = built(protect="false")
    assert not [found.name for found in recording.resources if found.opts.protect]
    assert recording.one("aws:lb/loadBalancer:LoadBalancer").inputs["enableDeletionProtection"] is False
    cluster = recording.one("mongodbatlas:index/advancedCluster:AdvancedCluster")
    assert cluster.inputs["terminationProtectionEnabled"] is False
    assert {bucket.inputs["forceDestroy"] for bucket in recording.of("aws:s3/bucket:Bucket")} == {True}
    assert {secret.inputs["recoveryWindowInDays"] for secret in recording.of("aws:secretsmanager/secret:Secret")} == {0}


def test_no_output_of_the_stack_is_secret() -> None:
    recording = built()
    outputs = {name: value for name, value in recording.result.items() if isinstance(value, pulumi.Output)}
    assert outputs
    assert [name for name, value in outputs.items() if recording.is_secret(value)] == []


def test_secrets_reach_the_container_by_arn_only() -> None:
    definition = built().one("aws:ecs/taskDefinition:TaskDefinition").inputs["containerDefinitions"]
    (container,) = json.loads(definition)
    assert {secret["name"] for secret in container["secrets"]} == {
        *("JWT_SECRET", "JWT_SECRET_PREVIOUS", "JWT_SECRET_NEXT"),
        *("MONGODB_URI", "REDIS_URL"),
    }
    assert all(secret["valueFrom"] for secret in container["secrets"])
    environment = {variable["name"]: variable["value"] for variable in container["environment"]}
    assert environment["ALLOWED_ORIGINS"] == "https://app.example.com"
    assert environment["NODE_ENV"] == "production"
    assert environment["PORT"] == "5000"
    versions = built().of("aws:secretsmanager/secretVersion:SecretVersion")
    assert versions
    assert [found.name for found in versions if not found.secret_inputs] == []


def test_default_image_has_a_command_and_a_configured_image_has_none() -> None:
    (default,) = json.loads(built().one("aws:ecs/taskDefinition:TaskDefinition").inputs["containerDefinitions"])
    assert default["command"][0] == "node"
    image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:v1"
    definition = built(image=image).one("aws:ecs/taskDefinition:TaskDefinition").inputs["containerDefinitions"]
    (configured,) = json.loads(definition)
    assert configured["image"] == image
    assert "command" not in configured


def test_rate_limit_has_a_window_that_waf_supports() -> None:
    """100 requests in 15 minutes are 66 in 10 minutes."""
    limits = [
        rule["statement"]["rateBasedStatement"]
        for acl in built().of("aws:wafv2/webAcl:WebAcl")
        for rule in acl.inputs["rules"]
        if rule["statement"].get("rateBasedStatement")
    ]
    assert [(limit["limit"], limit["evaluationWindowSec"]) for limit in limits] == [(66, 600)]


def test_url_outputs_use_domain_and_api_domain() -> None:
    recording = built(apiDomain="back.example.com")
    value = {name: recording.value(output) for name, output in recording.result.items()}
    assert value["site_url"] == "https://app.example.com"
    assert value["vite_api_url"] == "https://back.example.com/api"
    assert value["health_url"] == "https://back.example.com/health"


def test_zones_are_the_first_by_name_unless_configured() -> None:
    def zones_of(recording: Recording[Any]) -> set[str]:
        return {subnet.inputs["availabilityZone"] for subnet in recording.of("aws:ec2/subnet:Subnet")}

    assert zones_of(built()) == {"eu-west-1a", "eu-west-1b"}
    assert zones_of(built(availabilityZones='["eu-west-1b", "eu-west-1c"]')) == {"eu-west-1b", "eu-west-1c"}


def test_a_domain_outside_the_hosted_zone_is_rejected() -> None:
    given = {**MINIMAL_CONFIG, "tierup:domain": "app.example.org"}
    settings = parse(given, secret_keys=(), stack="prod")
    with pytest.raises(pulumi.RunError, match=r"app\.example\.org .*is outside the hosted zone .got example\.com"):
        record(lambda: architecture.create(settings), outputs=OUTPUTS, calls=CALLS)


def test_error_on_a_missing_hosted_zone_names_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_: object) -> None:
        raise Exception("invoke failed: no matching Route 53 Hosted Zone found")  # Pulumi raises this class

    monkeypatch.setattr(aws.route53, "get_zone", fails)
    settings = parse(MINIMAL_CONFIG, secret_keys=(), stack="prod")
    with pytest.raises(pulumi.RunError, match=r"no public hosted zone(.|\\n)*example\.com(.|\n)*tierup:hostedZoneId"):
        record(lambda: architecture.create(settings), outputs=OUTPUTS, calls=CALLS)


@pytest.mark.parametrize(
    ("domain", "zone"), [("app.example.com", "example.com"), ("example.com", "example.com"), ("a.b.c.d", "b.c.d")]
)
def test_hosted_zone_is_the_parent_domain(domain: str, zone: str) -> None:
    assert parent_hosted_zone(domain) == zone


def test_alarms_go_to_a_topic_of_their_own_region() -> None:
    recording = built()
    topics = {found.inputs.get("region"): f"{found.name}" for found in recording.of("aws:sns/topic:Topic")}
    assert topics.keys() == {None, "us-east-1"}
    alarms = recording.of("aws:cloudwatch/metricAlarm:MetricAlarm")
    assert alarms
    for alarm in alarms:
        topic = topics[alarm.inputs.get("region")]
        for actions in (alarm.inputs["alarmActions"], alarm.inputs["okActions"]):
            assert [action.rsplit(":", 1)[1] for action in actions] == [topic], alarm.name


def test_a_stack_in_us_east_1_has_one_topic() -> None:
    given = {**MINIMAL_CONFIG, "aws:region": "us-east-1", "tierup:phase": "optimization"}
    settings = parse(given, secret_keys=(), stack="prod")
    zones = {"names": ["us-east-1a", "us-east-1b"], "zoneIds": ["use1-az6", "use1-az1"]}
    calls = {**CALLS, "aws:index/getAvailabilityZones:getAvailabilityZones": zones}
    recording = record(lambda: architecture.create(settings), outputs=OUTPUTS, calls=calls)
    assert len(recording.of("aws:sns/topic:Topic")) == 1


def zones_of(recording: Recording[Any]) -> list[str]:
    """Return the zones of the public subnets."""
    subnets = recording.of("aws:ec2/subnet:Subnet")
    return sorted(each.inputs["availabilityZone"] for each in subnets if "-public-" in each.name)


def in_region(region: str, phase: Phase, answers: Mapping[str, Mapping[str, Any]], **changes: str) -> Recording[Any]:
    changed = {f"tierup:{key}": value for key, value in changes.items()}
    given = {**MINIMAL_CONFIG, "aws:region": region, "tierup:phase": phase, **changed}
    settings = parse(given, secret_keys=(), stack="prod")
    return record(lambda: architecture.create(settings), outputs=OUTPUTS, calls={**CALLS, **answers}, stack="prod")


TOKYO = {
    "aws:index/getAvailabilityZones:getAvailabilityZones": {
        "names": ["ap-northeast-1a", "ap-northeast-1b", "ap-northeast-1c", "ap-northeast-1d"],
        "zoneIds": ["apne1-az4", "apne1-az3", "apne1-az1", "apne1-az2"],
    }
}


def test_the_stack_uses_zones_in_which_fargate_runs() -> None:
    assert zones_of(in_region("ap-northeast-1", Phase.MVP, TOKYO)) == ["ap-northeast-1a", "ap-northeast-1c"]
    excluded = in_region("ap-northeast-1", Phase.MVP, TOKYO, excludedZoneIds='["apne1-az1"]')
    assert zones_of(excluded) == ["ap-northeast-1a", "ap-northeast-1d"]


def test_zones_with_subnets_stay_when_aws_hides_one() -> None:
    hidden = {
        "aws:index/getAvailabilityZones:getAvailabilityZones": {
            "names": ["eu-west-1b", "eu-west-1c"],
            "zoneIds": ["euw1-az2", "euw1-az1"],
        }
    }
    assert zones_of(in_region("eu-west-1", Phase.MVP, hidden)) == ["eu-west-1b", "eu-west-1c"]
    exists = {
        **hidden,
        "aws:ec2/getSubnets:getSubnets": {"ids": ["subnet-1"]},
        "aws:ec2/getSubnet:getSubnet": {"id": "subnet-1", "availabilityZone": "eu-west-1a"},
    }
    recording = in_region("eu-west-1", Phase.MVP, exists)
    assert zones_of(recording) == ["eu-west-1a", "eu-west-1b"]
    (filters,) = (arguments["filters"] for token, arguments in recording.calls if token.endswith(":getSubnets"))
    assert {each["name"]: each["values"] for each in filters} == {
        "tag:Project": ["tierup"],
        "tag:Stack": ["prod"],
        "tag:ManagedBy": ["pulumi"],
    }


def test_a_region_with_two_zones_is_enough_for_every_phase() -> None:
    california = {
        "aws:index/getAvailabilityZones:getAvailabilityZones": {
            "names": ["us-west-1a", "us-west-1c"],
            "zoneIds": ["usw1-az1", "usw1-az3"],
        }
    }
    assert zones_of(in_region("us-west-1", Phase.SCALE, california)) == ["us-west-1a", "us-west-1c"]


def test_too_few_zones_are_an_error_that_names_both_settings() -> None:
    one = {"aws:index/getAvailabilityZones:getAvailabilityZones": {"names": ["eu-west-1a"], "zoneIds": ["euw1-az1"]}}
    with pytest.raises(pulumi.RunError, match="tierup:availabilityZones and tierup:excludedZoneIds"):
        in_region("eu-west-1", Phase.MVP, one)


def test_program_does_not_import_the_cloudflare_sdk_at_start() -> None:
    """The import of pulumi_cloudflare takes three seconds."""
    check = "import sys, stacks.architecture; sys.exit('pulumi_cloudflare' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_alarms_on_missing_data_depend_on_the_resources_they_monitor() -> None:
    recording = built(Phase.SCALE, Tier.MEDIUM)
    assert "backend-service" in recording.named("alarms").opts.depends_on
    assert {"backend-service", "api-alias-a"} <= recording.named("uptime").opts.depends_on


def test_certificates_have_alarms_in_their_regions_and_the_site_has_a_check() -> None:
    recording = built(Phase.SCALE, Tier.MEDIUM)
    expiry = [each for each in recording.of(ALARM) if "certificate-expiry" in each.name]
    watched = {each.name: (each.inputs.get("region"), each.inputs["dimensions"]["CertificateArn"]) for each in expiry}
    arns = {each.name: each.outputs["arn"] for each in recording.of("aws:acm/certificate:Certificate")}
    assert watched == {
        "alarms-certificate-expiry-1": (None, arns["api-certificate-certificate"]),
        "edge-alarms-certificate-expiry-1": ("us-east-1", arns["site-certificate-certificate"]),
        "edge-alarms-certificate-expiry-2": ("us-east-1", arns["api-edge-certificate-certificate"]),
    }
    checks = {
        each.name: (each.inputs["fqdn"], each.inputs["resourcePath"])
        for each in recording.of("aws:route53/healthCheck:HealthCheck")
    }
    assert checks == {
        "uptime-check": ("api.app.example.com", "/health"),
        "site-uptime-check": ("app.example.com", "/"),
    }


def test_checkers_that_could_not_pass_are_not_created() -> None:
    restricted = built(allowedCountries='["DE"]')
    assert [each.name for each in restricted.of("aws:route53/healthCheck:HealthCheck")] == ["uptime-check"]
    countries = next(
        rule for rule in restricted.named("api-web-acl-acl").inputs["rules"] if rule["name"] == "countries"
    )
    (_, exempt) = countries["statement"]["andStatement"]["statements"]
    assert exempt["notStatement"]["statement"]["byteMatchStatement"]["searchString"] == "/health"
    mutual = built(clientCertificates=json.dumps({"bucket": "authorities", "key": "clients.pem"}))
    assert [each.name for each in mutual.of("aws:route53/healthCheck:HealthCheck")] == ["site-uptime-check"]
    chosen = built(uptimeRegions='["eu-west-1", "us-east-1", "us-west-2"]')
    regions = [each.inputs["regions"] for each in chosen.of("aws:route53/healthCheck:HealthCheck")]
    assert regions == [["eu-west-1", "us-east-1", "us-west-2"]] * 2


def test_the_edge_of_the_api_has_alarms_and_graphs_on_what_blocks() -> None:
    recording = built(Phase.SCALE, Tier.MEDIUM)
    names = {each.name for each in recording.of(ALARM)}
    assert {"edge-alarms-api-blocked-requests", "edge-alarms-api-cdn-errors", "alarms-api-blocked-requests"} <= names
    body = recording.one("aws:cloudwatch/dashboard:Dashboard").inputs["dashboardBody"]
    titles = [widget["properties"].get("title") for widget in json.loads(body)["widgets"]]
    assert "Requests that WAF blocks at CloudFront" in titles
    assert "Requests that WAF blocks at the load balancer" in titles


@pytest.mark.parametrize(
    ("node", "metric", "threshold", "credits"),
    [
        ("cache.t4g.micro", "CPUUtilization", 45, True),
        ("cache.m7g.large", "CPUUtilization", 45, False),
        ("cache.m7g.xlarge", "EngineCPUUtilization", 70, False),
    ],
)
def test_the_alarm_on_the_cpu_of_a_cache_node_uses_the_metric_of_its_type(
    node: str, metric: str, threshold: float, credits: bool
) -> None:
    recording = built(Phase.SCALE, Tier.MEDIUM, sizeOverrides=json.dumps({"cacheNodeType": node}))
    alarm = recording.named("alarms-cache-cpu-1").inputs
    assert (alarm["metricName"], alarm["threshold"]) == (metric, threshold)
    assert ("alarms-cache-credits-1" in recording.tree()) is credits
    body = recording.one("aws:cloudwatch/dashboard:Dashboard").inputs["dashboardBody"]
    titles = [widget["properties"].get("title") for widget in json.loads(body)["widgets"]]
    assert metric in titles
    assert ("CPU credits" in titles) is credits


def test_a_release_rolls_back_on_the_share_of_errors_of_its_own_target_groups() -> None:
    alarm = built(Phase.SCALE, Tier.MEDIUM).named("release-failing-release").inputs
    queries = {each["id"]: each for each in alarm["metricQueries"]}
    dimensions = {frozenset(each["metric"]["dimensions"]) for each in queries.values() if "metric" in each}
    assert dimensions == {frozenset({"LoadBalancer", "TargetGroup"})}
    assert queries["result"]["expression"] == (
        "IF(SUM([errors_1, errors_2]) > 5, 100 * SUM([errors_1, errors_2]) / SUM([requests_1, requests_2]), 0)"
    )
    assert (alarm["threshold"], alarm["datapointsToAlarm"], alarm["evaluationPeriods"]) == (5, 2, 3)


def test_each_service_has_a_repository_and_images_that_run_do_not_expire() -> None:
    service = {"image": "1.dkr.ecr.eu-west-1.amazonaws.com/reports:v1", "paths": ["/reports"], "priority": 10}
    services = json.dumps({"reports": service})
    sharded = '{"databaseInstanceSize": "M30"}'
    recording = built(Phase.ENTERPRISE, Tier.MEDIUM, sizeOverrides=sharded, services=services)
    repositories = {each.name for each in recording.of("aws:ecr/repository:Repository")}
    assert repositories == {"images-repository", "images-reports-repository"}
    policies = [json.loads(each.inputs["policy"]) for each in recording.of("aws:ecr/lifecyclePolicy:LifecyclePolicy")]
    expiring = [rule["selection"].get("tagPatternList") for policy in policies for rule in policy["rules"]]
    assert expiring == [None, ["build-*"]] * 2
    assert len(recording.value(recording.result["service_image_repository_urls"])) == 1


def test_disk_autoscaling_can_be_disabled_because_no_oplog_retention_is_required() -> None:
    for phase in (Phase.MVP, Phase.SCALE):
        cluster = built(phase, Tier.MEDIUM).one("mongodbatlas:index/advancedCluster:AdvancedCluster")
        assert cluster.inputs["advancedConfiguration"]["oplogMinRetentionHours"] == 0


def test_a_sharded_database_has_one_shard_by_default() -> None:
    recording = built(Phase.ENTERPRISE, Tier.LARGE)
    cluster = recording.one("mongodbatlas:index/advancedCluster:AdvancedCluster").inputs
    assert (cluster["clusterType"], len(cluster["replicationSpecs"])) == ("SHARDED", 1)


@pytest.mark.parametrize(("auth", "password_user"), [("password", True), ("iam", True), ("iam-only", False)])
def test_the_user_with_a_password_is_deleted_in_a_step_after_the_change_to_iam(auth: str, password_user: bool) -> None:
    recording = built(Phase.SCALE, Tier.MEDIUM, databaseAuth=auth)
    users = {each.name for each in recording.of("mongodbatlas:index/databaseUser:DatabaseUser")}
    assert ("database-user" in users) is password_user
    assert ("database-users-backend" in users) is (auth != "password")


def test_browsers_cache_hashed_assets_that_were_uploaded_without_a_header() -> None:
    recording = built()
    custom = recording.named("cdn-assets-headers").inputs["customHeadersConfig"]["items"]
    assert custom == [{"header": "Cache-Control", "value": "public, max-age=31536000, immutable", "override": False}]
    assert "customHeadersConfig" not in recording.named("cdn-headers").inputs


@pytest.mark.parametrize(("phase", "proxies"), [(Phase.OPTIMIZATION, "1"), (Phase.SCALE, "2")])
def test_the_application_gets_the_number_of_proxies_before_it(phase: Phase, proxies: str) -> None:
    (task,) = (each for each in built(phase).of("aws:ecs/taskDefinition:TaskDefinition") if each.name == "backend-task")
    environment = {
        each["name"]: each["value"] for each in json.loads(task.inputs["containerDefinitions"])[0]["environment"]
    }
    assert environment["TRUSTED_PROXIES"] == proxies


def test_the_failover_copy_of_the_site_has_no_placeholder() -> None:
    recording = built(Phase.ENTERPRISE, Tier.MEDIUM, sizeOverrides='{"databaseInstanceSize": "M30"}')
    assert {"site-bucket", "site-copy-bucket"} <= recording.tree().keys()
    assert [each.name for each in recording.of("aws:s3/bucketObjectv2:BucketObjectv2")] == ["site-index"]


def test_the_site_is_compressed_in_every_phase() -> None:
    distribution = built(Phase.MVP).one("aws:cloudfront/distribution:Distribution").inputs
    assert distribution["defaultCacheBehavior"]["compress"] is True


def test_business_alarms_can_be_left_out() -> None:
    sharded = '{"databaseInstanceSize": "M30"}'
    with_alarms = built(Phase.ENTERPRISE, Tier.MEDIUM, sizeOverrides=sharded)
    without = built(Phase.ENTERPRISE, Tier.MEDIUM, sizeOverrides=sharded, businessAlarms="false")
    removed = with_alarms.tree().keys() - without.tree().keys()
    assert removed == {"alarms-active-users-silent", "alarms-no-tasks-created", "alarms-retention-silent"}
    topic = with_alarms.named("alarms-retention-silent").inputs["alarmActions"]
    assert with_alarms.named("alarms-retention-silent").inputs["insufficientDataActions"] == topic


def test_cache_alarms_monitor_the_existing_nodes() -> None:
    recording = built(Phase.SCALE, Tier.MEDIUM, sizeOverrides='{"cacheNodes": 3}')
    dimensions = [recording.named(f"alarms-cache-cpu-{number}").inputs["dimensions"] for number in (1, 2, 3)]
    assert dimensions[:2] == [{"CacheClusterId": "cache-1-001"}, {"CacheClusterId": "cache-1-004"}]
    assert "to-come" in dimensions[2]["CacheClusterId"], "the third node does not exist before `up`"


@pytest.mark.exhaustive
def test_no_change_of_phase_or_tier_removes_an_input_that_keeps_its_value() -> None:
    """The provider ignores the removal of an optional and computed input, so the old value would stay."""
    rows = registry().behaviours
    cells = [
        built(phase, tier, **cdn)
        for cdn in ({}, CLOUDFLARE)
        for phase, tier in itertools.product(Phase, Tier)
        if (phase, tier) != (Phase.ENTERPRISE, Tier.SMALL)
    ]
    inputs: dict[tuple[str, str], list[set[str]]] = {}
    for cell in cells:
        for resource in cell.resources:
            if resource.type in rows:
                given = {path for path in rows[resource.type].keeps if resource.inputs.get(path) is not None}
                inputs.setdefault((resource.type, resource.name), []).append(given)
    removed = {
        (name, path) for (_, name), given in inputs.items() for path in set.union(*given) - set.intersection(*given)
    }
    # The number of nodes is set in one of two ways, and each change sets the other one.
    counts = {"numCacheClusters", "numNodeGroups", "replicasPerNodeGroup"}
    assert removed == {("cache-replication", path) for path in counts}
