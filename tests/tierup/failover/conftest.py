"""Fixtures: ElastiCache and Atlas as a local HTTP server, and moto's server for Route 53, ECS and autoscaling."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import boto3
import pytest
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from tierup.failover.atlas_client import AtlasClient
from tierup.failover.cache_role import CacheRole
from tierup.failover.database_role import DatabaseRole
from tierup.failover.roles import Roles
from tierup.failover.stack_regions import StackRegions, read_regions
from tierup.failover.traffic_role import TrafficRole
from tierup.failover.worker_role import WorkerRole

HOME, OTHER = "eu-west-1", "eu-central-1"
ZONES = {HOME: "Z32O12XQLNTSW2", OTHER: "Z215JYRZR1TBD5"}
KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}  # pragma: allowlist secret
_NAMESPACE = "http://elasticache.amazonaws.com/doc/2015-02-02/"


@dataclass
class Vendors:
    """ElastiCache's Global Datastore and Atlas's cluster, which answer as their API references show."""

    url: str = ""
    primary: str = HOME
    preferred: list[str] = field(default_factory=lambda: ["EU_WEST_1", "EU_CENTRAL_1", "EU_WEST_3"])
    pending: int = 0
    """Answers that still show the state before the last change."""
    calls: list[str] = field(default_factory=list[str])
    broken: bool = False

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        answer = self._atlas(request) if request.path.startswith("/api/") else self._elasticache(request)
        return answer(environ, start_response)

    def _elasticache(self, request: Request) -> Response:
        form = {key: values[0] for key, values in parse_qs(request.get_data(as_text=True)).items()}
        self.calls.append(form["Action"])
        if self.broken:
            body = f'<ErrorResponse xmlns="{_NAMESPACE}"><Error><Type>Sender</Type><Code>InvalidParameterValue</Code>'
            return Response(f"{body}<Message>broken</Message></Error></ErrorResponse>", 400, content_type="text/xml")
        if form["Action"] == "FailoverGlobalReplicationGroup":
            assert form["PrimaryReplicationGroupId"] == f"cache-{form['PrimaryRegion']}"
            self.primary, self.pending = form["PrimaryRegion"], 1
            result = self._group("modifying")
        else:
            status = "modifying" if self.pending else "available"
            self.pending = max(self.pending - 1, 0)
            result = f"<GlobalReplicationGroups>{self._group(status)}</GlobalReplicationGroups>"
        action = form["Action"]
        body = f'<{action}Response xmlns="{_NAMESPACE}"><{action}Result>{result}</{action}Result></{action}Response>'
        return Response(body, content_type="text/xml")

    def _group(self, status: str) -> str:
        members = "".join(
            f"<GlobalReplicationGroupMember><ReplicationGroupId>cache-{region}</ReplicationGroupId>"
            f"<ReplicationGroupRegion>{region}</ReplicationGroupRegion>"
            f"<Role>{'PRIMARY' if region == self.primary else 'SECONDARY'}</Role></GlobalReplicationGroupMember>"
            for region in (HOME, OTHER)
        )
        return (
            "<GlobalReplicationGroup><GlobalReplicationGroupId>gxeiz-app</GlobalReplicationGroupId>"
            f"<Status>{status}</Status><Members>{members}</Members></GlobalReplicationGroup>"
        )

    def _atlas(self, request: Request) -> Response:
        self.calls.append(f"{request.method} {request.path}")
        if request.path == "/api/oauth/token":
            return Response(json.dumps({"access_token": "token-of-the-tests"}), content_type="application/json")
        assert request.headers["Authorization"] == "Bearer token-of-the-tests"
        assert request.path == "/api/atlas/v2/groups/project-1/clusters/app"
        if request.method == "PATCH":
            configs = json.loads(request.get_data())["replicationSpecs"][0]["regionConfigs"]
            assert [each["priority"] for each in configs] == [7, 6, 5]
            self.preferred = [each["regionName"] for each in configs]
        configs = [
            {"regionName": name, "priority": 7 - place, "electableSpecs": {"nodeCount": 2, "instanceSize": "M30"}}
            for place, name in enumerate(self.preferred)
        ]
        document = {"name": "app", "stateName": "IDLE", "replicationSpecs": [{"id": "1", "regionConfigs": configs}]}
        return Response(json.dumps(document), content_type="application/json")


@pytest.fixture
def vendors() -> Generator[Vendors]:
    clouds = Vendors()
    server = make_server("127.0.0.1", 0, clouds, threaded=True)
    clouds.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield clouds
    server.shutdown()
    thread.join()


@pytest.fixture
def aws_url() -> Generator[str]:
    server = ThreadedMotoServer(port=0)
    server.start()
    _, port = server.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    server.stop()


def client(url: str, service: str, region: str) -> Any:
    return boto3.client(service, endpoint_url=url, region_name=region, **KEYS)


@pytest.fixture
def regions(aws_url: str) -> StackRegions:
    """A stack whose first region serves: its records, and its workers on ECS."""
    dns = client(aws_url, "route53", "us-east-1")
    zone = dns.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"].rpartition("/")[2]
    members: dict[str, Any] = {}
    for region in (HOME, OTHER):
        ecs, scaling = client(aws_url, "ecs", region), client(aws_url, "application-autoscaling", region)
        ecs.create_cluster(clusterName="app")
        definition = ecs.register_task_definition(
            family="worker", containerDefinitions=[{"name": "worker", "image": "worker:1", "memory": 128}]
        )["taskDefinition"]["taskDefinitionArn"]
        minimum = 1 if region == HOME else 0
        ecs.create_service(cluster="app", serviceName="worker", taskDefinition=definition, desiredCount=minimum)
        scaling.register_scalable_target(
            ServiceNamespace="ecs", ResourceId="service/app/worker", ScalableDimension="ecs:service:DesiredCount",
            MinCapacity=minimum, MaxCapacity=4,
        )  # fmt: skip
        target = {"DNSName": f"api.{region}.elb.amazonaws.com", "HostedZoneId": ZONES[region]}
        dns.change_resource_record_sets(
            HostedZoneId=zone,
            ChangeBatch={
                "Changes": [
                    {
                        "Action": "CREATE",
                        "ResourceRecordSet": {
                            "Name": "origin.example.com",
                            "Type": "A",
                            "SetIdentifier": region,
                            "Weight": 100 if region == HOME else 0,
                            "AliasTarget": {**target, "EvaluateTargetHealth": True},
                        },
                    }
                ]
            },
        )
        members[region] = {
            "cluster": "app",
            "service": "backend",
            "worker": "worker",
            "load_balancer_dns": target["DNSName"],
            "load_balancer_zone_id": target["HostedZoneId"],
        }
    document = {
        "serving": HOME,
        "origin_host": "origin.example.com",
        "hosted_zone_id": zone,
        "global_replication_group_id": "gxeiz-app",
        "database_project_id": "project-1",
        "database_cluster_name": "app",
        "workers": 1,
        "members": members,
    }
    return read_regions({"regions": json.dumps(document)}, "prod")


@pytest.fixture
def roles(aws_url: str, vendors: Vendors, regions: StackRegions) -> Roles:
    atlas = AtlasClient(
        {"mongodbatlas:baseUrl": vendors.url},
        {"MONGODB_ATLAS_CLIENT_ID": "id", "MONGODB_ATLAS_CLIENT_SECRET": "secret"},  # pragma: allowlist secret
    )
    return Roles(
        cache=CacheRole(client(vendors.url, "elasticache", OTHER), "gxeiz-app", poll_seconds=0),
        database=DatabaseRole(atlas, "project-1", "app", poll_seconds=0),
        traffic=TrafficRole(client(aws_url, "route53", "us-east-1"), regions),
        workers={
            name: WorkerRole(client(aws_url, "ecs", name), client(aws_url, "application-autoscaling", name), member)
            for name, member in regions.members.items()
        },
    )
