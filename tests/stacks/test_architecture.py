"""The whole program against mocks: what each phase makes, that phases only add, tags, protection and secrets."""

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
from stacks.config.groups import ExistingLoadBalancerConfig
from stacks.config.model import InvalidConfigError, parse
from stacks.transforms import ignore_changes
from stacks.transforms.protection import STATEFUL
from tests.engine_recorder import Recorded, Recording, record
from tests.stacks.config.test_model import LEAST

CLOUDFLARE_ZONE = "0123456789abcdef0123456789abcdef"
CLOUDFLARE = {"cdn": "cloudflare", "cloudflareZoneId": CLOUDFLARE_ZONE}
SHARED_BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shared/1"
ZONES = ["eu-west-1c", "eu-west-1a", "eu-west-1b"]
CALLS = {
    "aws:index/getAvailabilityZones:getAvailabilityZones": {"names": ZONES, "zoneIds": []},
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
            for name in ("app.example.com", "api.app.example.com", "back.example.com")
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
        "memberClusters": ["cache-1-001", "cache-1-004"],  # 002 and 003 came and went
    },
    "aws:ecr/repository:Repository": {"repositoryUrl": "1.dkr.ecr.eu-west-1.amazonaws.com/images"},
    "mongodbatlas:index/advancedCluster:AdvancedCluster": {
        "connectionStrings": {"standardSrv": "mongodb+srv://app.x.mongodb.net", "standard": "mongodb://app"},
        "clusterId": "c1",
    },
    "mongodbatlas:index/networkPeering:NetworkPeering": {
        "connectionId": "pcx-1",
        "peerId": "p1",
        "statusName": "AVAILABLE",
    },
}


@functools.cache
def built(phase: Phase = Phase.OPTIMIZATION, tier: Tier = Tier.SMALL, **changes: str) -> Recording[Mapping[str, Any]]:
    """The program, recorded; settings as in LEAST. Cached: a run costs a second."""
    given = {
        **LEAST,
        "tierup:phase": phase,
        "tierup:tier": tier,
        **{f"tierup:{key}": text for key, text in changes.items()},
    }
    settings = parse(given, secret_keys=(), stack="prod")
    return record(lambda: architecture.create(settings), outputs=OUTPUTS, calls=CALLS, stack="prod")


GIVES_WAY = {
    "cache-parameters",  # to those of a cache with shards
    "database-alerts-largest-size",  # to none: a sharded database does not scale by itself
    "database-alerts-largest-disk",
}
"""What a later phase takes away, besides the world's ways to the load balancer."""


def identity(resource: Recorded) -> tuple[str, str, str | None]:
    """What makes an URN besides stack and project."""
    return resource.type, resource.name, resource.parent


def takes_tags(type_token: str) -> bool:
    """Whether the SDK's class of a type has a `tags` input."""
    package, module, name = type_token.split(":")
    namespace = module.split("/")[0]
    library = {"aws": "pulumi_aws", "mongodbatlas": "pulumi_mongodbatlas", "cloudflare": "pulumi_cloudflare"}[package]
    namespace = "lambda_" if namespace == "lambda" else namespace
    place = importlib.import_module(library if namespace == "index" else f"{library}.{namespace}")
    return "tags" in inspect.signature(getattr(place, name)._internal_init).parameters


@pytest.mark.parametrize("tier", list(Tier))
@pytest.mark.parametrize("phase", list(Phase))
def test_every_phase_and_tier_builds_or_is_refused(phase: Phase, tier: Tier) -> None:
    if (phase, tier) == (Phase.ENTERPRISE, Tier.SMALL):
        with pytest.raises(
            InvalidConfigError, match=r"tierup:tier: phase enterprise shards the database(.|\n)*M30 or larger"
        ):
            built(phase, tier)
        return
    outputs = built(phase, tier).result
    assert outputs["phase"] == phase
    assert outputs["tier"] == tier


def test_small_is_enterprise_with_a_database_that_can_be_sharded() -> None:
    sizes = '{"databaseInstanceSize": "M30", "databaseDiskGb": 40}'
    recording = built(Phase.ENTERPRISE, Tier.SMALL, sizeOverrides=sizes)
    cluster = recording.one("mongodbatlas:index/advancedCluster:AdvancedCluster").inputs
    assert cluster["clusterType"] == "SHARDED"
    assert len(cluster["replicationSpecs"]) == 1


@pytest.mark.parametrize("phase", list(Phase))
def test_cloudflare_stands_in_for_cloudfront(phase: Phase) -> None:
    recording = built(phase, Tier.MEDIUM, **CLOUDFLARE)
    types = {found.type for found in recording.resources}
    assert not {"aws:cloudfront/distribution:Distribution", "aws:route53/record:Record"} & types
    assert "cloudflare:index/ruleset:Ruleset" in types
    assert "cdn_distribution_id" not in recording.result
    proxied = {found.name: found.inputs["proxied"] for found in recording.of("cloudflare:index/dnsRecord:DnsRecord")}
    assert proxied["site-name-cname"] is True
    assert proxied["api-name-cname"] is (phase in (Phase.SCALE, Phase.ENTERPRISE))


def world(recording: Recording[Any]) -> set[str]:
    """Names of the rules that let everybody in."""
    return {
        found.name
        for found in recording.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        if found.inputs.get("cidrIpv4") == "0.0.0.0/0" or found.inputs.get("cidrIpv6") == "::/0"
    }


@pytest.mark.parametrize("cdn", [{}, CLOUDFLARE])
def test_behind_the_cdn_the_load_balancer_answers_to_nobody_else(cdn: Mapping[str, str]) -> None:
    before, behind = built(Phase.OPTIMIZATION, Tier.MEDIUM, **cdn), built(Phase.SCALE, Tier.MEDIUM, **cdn)
    assert all(name.startswith("api-from-internet-") for name in world(before))
    assert len(world(before)) == 4
    assert world(behind) == set()
    acl = next(found for found in behind.of("aws:wafv2/webAcl:WebAcl") if found.name == "api-firewall-acl")
    assert "rules" in acl.secret_inputs
    assert min(acl.inputs["rules"], key=lambda rule: rule["priority"])["name"] == "cdn-only"


def test_clients_are_counted_where_they_are_seen() -> None:
    """Behind CloudFront before it; behind Cloudflare by the header that Cloudflare writes."""

    def counted(recording: Recording[Any]) -> dict[str, tuple[int, str]]:
        return {
            acl.name: (limit["limit"], limit["aggregateKeyType"])
            for acl in recording.of("aws:wafv2/webAcl:WebAcl")
            for rule in acl.inputs["rules"]
            if (limit := rule["statement"].get("rateBasedStatement"))
        }

    cloudfront, cloudflare = built(Phase.SCALE), built(Phase.SCALE, Tier.MEDIUM, **CLOUDFLARE)
    assert counted(cloudfront)["api-edge-firewall-acl"] == (66, "IP")
    assert counted(cloudfront)["api-firewall-acl"][0] > 1_000_000
    assert counted(cloudflare) == {"api-firewall-acl": (66, "FORWARDED_IP")}


def test_from_scale_on_tasks_are_private_in_three_zones() -> None:
    recording = built(Phase.SCALE, Tier.LARGE)
    service = recording.named("backend-service").inputs["networkConfiguration"]
    assert service["assignPublicIp"] is False
    assert len(service["subnets"]) == 3
    assert len(recording.of("aws:ec2/natGateway:NatGateway")) == 3
    assert len(built(Phase.SCALE, Tier.MEDIUM).of("aws:ec2/natGateway:NatGateway")) == 1
    assert not built(Phase.SCALE, Tier.MEDIUM, nat="instance").of("aws:ec2/natGateway:NatGateway")


def test_the_worker_can_be_left_out() -> None:
    assert built(Phase.SCALE).named("worker-service")
    without = built(Phase.SCALE, worker="false")
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


def test_every_service_is_watched() -> None:
    recording = built(Phase.ENTERPRISE, Tier.LARGE, services=json.dumps(SERVICES))
    names = recording.types().keys()
    for service in ("worker", "reports-a", "reports-b"):
        assert {f"alarms-{service}-service-memory", f"alarms-{service}-logged-errors"} <= names
        memory = recording.named(f"alarms-{service}-service-memory").inputs
        assert memory["dimensions"]["ServiceName"].startswith(f"{service}-service")
        assert memory["threshold"] == 80
        assert f"{service}-errors-filter" in names
    assert "alarms-worker-service-cpu" not in names  # a worker whose CPU is full is at work
    assert "tierup:services" in recording.named("alarms-reports-a-service-cpu").inputs["alarmDescription"]
    assert "tierup:sizeOverrides" in recording.named("alarms-service-cpu").inputs["alarmDescription"]


def test_services_of_the_map_have_routes_and_find_each_other() -> None:
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


def test_what_components_leave_to_others_is_in_the_one_table() -> None:
    for recording in (built(Phase.MVP), built(Phase.ENTERPRISE, Tier.LARGE)):
        for found in recording.resources:
            for field in found.opts.ignore_changes:
                assert ignore_changes.owner(found.type, found.name, field), f"{found.name}: {field}"


def test_the_table_is_applied_where_its_block_is() -> None:
    def ignored(phase: Phase) -> tuple[str, ...]:
        return built(phase).named("backend-service").opts.ignore_changes

    assert ignored(Phase.OPTIMIZATION) == ()
    assert ignored(Phase.SCALE) == ("desiredCount",)
    assert built(Phase.SCALE).named("backend-production").opts.ignore_changes == ("actions",)


def test_an_adjustment_reaches_its_resource_and_is_recorded() -> None:
    recording = built(resourceOverrides='{"api-alb": {"enableZonalShift": true, "idleTimeout": 75}}')
    balancer = recording.named("api-alb").inputs
    assert balancer["enableZonalShift"] is True
    assert balancer["idleTimeout"] == 75
    assert balancer["loadBalancerType"] == "application"
    assert recording.result["resource_overrides"] == ["api-alb.enableZonalShift = true", "api-alb.idleTimeout = 75"]


def test_an_adjustment_of_nothing_is_refused() -> None:
    with pytest.raises(
        InvalidConfigError,
        match=r"resourceOverrides.api-abl: the stack has no resource with this logical name.*Did you mean api-alb",
    ):
        built(resourceOverrides='{"api-abl": {"idleTimeout": 75}}')


def test_the_database_is_reached_by_its_endpoint_and_as_a_role_if_asked() -> None:
    recording = built(Phase.SCALE, databaseAuth="iam")
    uri = recording.named("connection-mongodb-uri-value").inputs["secretString"]
    assert uri.startswith("mongodb+srv://app-pl-0.x.mongodb.net/app?authSource=%24external")
    assert recording.named("database-users-backend").inputs["username"].endswith(":role/backend-task-name")


def test_on_a_shared_load_balancer_only_our_host_is_ours() -> None:
    settings = parse({**LEAST, "tierup:phase": "scale", "tierup:hostedZoneId": "Z1"}, secret_keys=(), stack="prod")
    # Past the check that it comes with its network, whose look-ups are the component's own affair.
    shared = settings.model_copy(
        update={"existing_load_balancer": ExistingLoadBalancerConfig(arn=SHARED_BALANCER, priority=20)}
    )
    recording = record(lambda: architecture.create(shared), outputs=OUTPUTS, calls=CALLS, stack="prod")
    assert not recording.of("aws:lb/loadBalancer:LoadBalancer")
    assert "api-firewall" not in recording.types()
    rules = {found.name: found.inputs for found in recording.of("aws:lb/listenerRule:ListenerRule")}
    assert {name: rule["priority"] for name, rule in rules.items()} == {"api-route": 20, "backend-production": 19}
    for rule in rules.values():
        assert rule["conditions"] == [{"hostHeader": {"values": ["api.app.example.com"]}}]


def test_certificates_and_cluster_of_others_are_taken_over() -> None:
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
    made = [{identity(found) for found in built(phase, Tier.LARGE).resources} for phase in Phase]
    for earlier, later in itertools.pairwise(made):
        gone = {name for _, name, _ in earlier - later if not name.startswith("api-from-internet-")}
        assert gone <= GIVES_WAY
        assert later - earlier


def test_what_optimization_changes_of_what_mvp_made_replaces_nothing() -> None:
    """Only these inputs may differ, and each is updated in place (providers' documents)."""
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
    # A task definition is a revision: a new one (REDIS_URL) is made before the old one goes.
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
    taggable = [found for found in built(phase, Tier.LARGE).resources if found.custom and takes_tags(found.type)]
    assert len(taggable) > 20
    untagged = {
        found.name: found.inputs.get("tags")
        for found in taggable
        if not wanted.items() <= (found.inputs.get("tags") or {}).items() or not found.inputs["tags"].get("Name")
    }
    assert untagged == {}


def test_stateful_resources_are_protected_and_others_are_not() -> None:
    custom = [found for found in built().resources if found.custom]
    assert {found.type for found in custom} >= set(STATEFUL)
    assert {found.name for found in custom if found.opts.protect} == {
        found.name for found in custom if found.type in STATEFUL
    }


def test_an_unprotected_stack_can_be_torn_down_whole() -> None:
    recording = built(protect="false")
    assert not [found.name for found in recording.resources if found.opts.protect]
    assert recording.one("aws:lb/loadBalancer:LoadBalancer").inputs["enableDeletionProtection"] is False
    cluster = recording.one("mongodbatlas:index/advancedCluster:AdvancedCluster")
    assert cluster.inputs["terminationProtectionEnabled"] is False
    assert all(bucket.inputs["forceDestroy"] for bucket in recording.of("aws:s3/bucket:Bucket"))
    assert {secret.inputs["recoveryWindowInDays"] for secret in recording.of("aws:secretsmanager/secret:Secret")} == {0}


def test_no_output_of_the_stack_is_a_secret_or_holds_one() -> None:
    recording = built()
    for name, value in recording.result.items():
        if isinstance(value, pulumi.Output):
            assert not recording.is_secret(value), name


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
    assert all(found.secret_inputs for found in built().of("aws:secretsmanager/secretVersion:SecretVersion"))


def test_the_first_image_answers_by_a_command_and_ones_own_by_itself() -> None:
    (first,) = json.loads(built().one("aws:ecs/taskDefinition:TaskDefinition").inputs["containerDefinitions"])
    assert first["command"][0] == "node"
    image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:v1"
    (own,) = json.loads(built(image=image).one("aws:ecs/taskDefinition:TaskDefinition").inputs["containerDefinitions"])
    assert own["image"] == image
    assert "command" not in own


def test_the_guides_rate_limit_is_counted_in_a_window_that_waf_has() -> None:
    limits = [
        rule["statement"]["rateBasedStatement"]
        for acl in built().of("aws:wafv2/webAcl:WebAcl")
        for rule in acl.inputs["rules"]
        if rule["statement"].get("rateBasedStatement")
    ]
    assert [(limit["limit"], limit["evaluationWindowSec"]) for limit in limits] == [(66, 600)]


def test_the_urls_are_of_the_names_that_were_set() -> None:
    recording = built(apiDomain="back.example.com")
    value = {name: recording.value(output) for name, output in recording.result.items()}
    assert value["site_url"] == "https://app.example.com"
    assert value["vite_api_url"] == "https://back.example.com/api"
    assert value["health_url"] == "https://back.example.com/health"


def test_zones_are_taken_by_name_and_can_be_pinned() -> None:
    def zones_of(recording: Recording[Any]) -> set[str]:
        return {subnet.inputs["availabilityZone"] for subnet in recording.of("aws:ec2/subnet:Subnet")}

    assert zones_of(built()) == {"eu-west-1a", "eu-west-1b"}
    assert zones_of(built(availabilityZones='["eu-west-1b", "eu-west-1c"]')) == {"eu-west-1b", "eu-west-1c"}


def test_a_name_outside_the_dns_zone_is_refused_before_any_resource() -> None:
    given = {**LEAST, "tierup:domain": "app.example.org"}
    settings = parse(given, secret_keys=(), stack="prod")
    with pytest.raises(pulumi.RunError, match=r"app\.example\.org .*is outside the hosted zone .got example\.com"):
        record(lambda: architecture.create(settings), outputs=OUTPUTS, calls=CALLS)


def test_a_missing_dns_zone_names_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_: object) -> None:
        raise Exception("invoke failed: no matching Route 53 Hosted Zone found")  # as Pulumi does: a bare Exception

    monkeypatch.setattr(aws.route53, "get_zone", fails)
    settings = parse(LEAST, secret_keys=(), stack="prod")
    with pytest.raises(pulumi.RunError, match=r"no public hosted zone(.|\\n)*example\.com(.|\n)*tierup:hostedZoneId"):
        record(lambda: architecture.create(settings), outputs=OUTPUTS, calls=CALLS)


@pytest.mark.parametrize(
    ("domain", "zone"), [("app.example.com", "example.com"), ("example.com", "example.com"), ("a.b.c.d", "b.c.d")]
)
def test_the_zone_is_looked_for_one_level_up(domain: str, zone: str) -> None:
    assert parent_hosted_zone(domain) == zone


def test_alarms_go_to_a_topic_of_their_own_region() -> None:
    recording = built()
    topics = {found.inputs.get("region"): f"{found.name}" for found in recording.of("aws:sns/topic:Topic")}
    assert topics.keys() == {None, "us-east-1"}
    for alarm in recording.of("aws:cloudwatch/metricAlarm:MetricAlarm"):
        topic = topics[alarm.inputs.get("region")]
        for actions in (alarm.inputs["alarmActions"], alarm.inputs["okActions"]):
            assert [action.rsplit(":", 1)[1] for action in actions] == [topic], alarm.name


def test_a_stack_in_us_east_1_has_one_topic() -> None:
    given = {**LEAST, "aws:region": "us-east-1", "tierup:phase": "optimization"}
    settings = parse(given, secret_keys=(), stack="prod")
    zones = {"names": ["us-east-1a", "us-east-1b"]}
    calls = {**CALLS, "aws:index/getAvailabilityZones:getAvailabilityZones": zones}
    recording = record(lambda: architecture.create(settings), outputs=OUTPUTS, calls=calls)
    assert len(recording.of("aws:sns/topic:Topic")) == 1


def test_nothing_imports_the_sdk_of_a_cloud_that_is_not_used() -> None:
    """pulumi_cloudflare takes three seconds to import."""
    check = "import sys, stacks.architecture; sys.exit('pulumi_cloudflare' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_who_calls_silence_an_outage_waits_for_what_it_watches() -> None:
    recording = built(Phase.SCALE, Tier.MEDIUM)
    assert "backend-service" in recording.named("alarms").opts.depends_on
    assert {"backend-service", "api-alias-a"} <= recording.named("uptime").opts.depends_on


def test_cache_alarms_watch_the_nodes_that_stand() -> None:
    recording = built(Phase.SCALE, Tier.MEDIUM, sizeOverrides='{"cacheNodes": 3}')
    watched = [recording.named(f"alarms-cache-cpu-{number}").inputs["dimensions"] for number in (1, 2, 3)]
    assert watched[:2] == [{"CacheClusterId": "cache-1-001"}, {"CacheClusterId": "cache-1-004"}]
    assert "to-come" in watched[2]["CacheClusterId"], "a preview of the growth does not fail"
