"""What stands already is taken over through the settings: network, load balancer, cluster, certificates and zone of an
owner who made them with a program of his own, and who finds them as they were afterwards."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components.alb.load_balancer import LoadBalancer, LoadBalancerArgs
from components.dns.certificate import Certificate, CertificateArgs
from components.s3.log_bucket import LogBucket, LogBucketArgs
from components.vpc.nat import NatKind
from components.vpc.network import Network, NetworkArgs
from components.vpc.private_subnets import PrivateSubnetsArgs
from tests.engine.program import Program
from tests.engine.sandbox_stack import SandboxStack
from tierup.sandbox import ensure_running
from tierup.sandbox.cloud import CloudResource
from tierup.sandbox.registry import SANDBOX_ACCOUNT

pytestmark = [pytest.mark.engine, pytest.mark.exhaustive]

TAGS: Mapping[str, str] = {"Owner": "platform"}
REGION, ZONES = "eu-west-1", ("eu-west-1a", "eu-west-1b")
DOMAIN, HOST = "shared.example.org", "app.shared.example.org"
API = f"api.{HOST}"


def owned() -> None:
    """What the owner has."""
    zone = aws.route53.Zone("names", name=DOMAIN, tags=TAGS)
    both = CertificateArgs(domain_name=HOST, alternative_names=[API], zone_id=zone.zone_id, tags=TAGS)
    here = Certificate("here", both)
    edge = Certificate(
        "edge", replace(both, zone_id=None, validation_records=here.validation_records, region="us-east-1")
    )
    pulumi.export("certificate", here.arn)
    pulumi.export("edge-certificate", edge.arn)
    pulumi.export("zone", zone.zone_id)
    network = Network(
        "shared",
        NetworkArgs(
            vpc_cidr="10.40.0.0/16",
            availability_zones=ZONES,
            account_id=SANDBOX_ACCOUNT,
            region=REGION,
            flow_log_retention_days=30,
            private=PrivateSubnetsArgs(nat=NatKind.SINGLE),
            tags=TAGS,
        ),
    )
    pulumi.export("vpc", network.vpc_id)
    pulumi.export("public", network.public_subnet_ids)
    pulumi.export("private", network.private_subnet_ids)
    pulumi.export("data", network.data_subnet_ids)
    pulumi.export("public-table", network.public_route_table_id)
    pulumi.export("private-tables", network.private_route_table_ids)
    pulumi.export("data-table", network.data_route_table_id)
    pulumi.export("nat", network.nat_public_ips)
    _balancer(network, zone.zone_id)
    cluster = aws.ecs.Cluster("shared", tags=TAGS)
    providers = aws.ecs.ClusterCapacityProviders(
        "shared", cluster_name=cluster.name, capacity_providers=["FARGATE", "FARGATE_SPOT"]
    )
    pulumi.export("cluster", providers.cluster_name)


def _balancer(network: Network, zone_id: pulumi.Input[str]) -> None:
    logs = LogBucket(
        "logs",
        LogBucketArgs(account_id=SANDBOX_ACCOUNT, region=REGION, retention_days=30, force_destroy=True, tags=TAGS),
    )
    own = Certificate("balancer", CertificateArgs(domain_name=f"*.{DOMAIN}", zone_id=zone_id, tags=TAGS))
    balancer = LoadBalancer(
        "front",
        LoadBalancerArgs(
            vpc_id=network.vpc_id,
            subnet_ids=list(network.public_subnet_ids.values()),
            certificate_arn=own.arn,
            access_log_bucket=logs.bucket_name,
            ssl_policy="ELBSecurityPolicy-TLS13-1-2-2021-06",
            target_port=5000,
            deletion_protection=False,
            tags=TAGS,
        ),
    )
    pulumi.export("balancer", balancer.arn)


@dataclass(frozen=True, slots=True)
class Shared:
    """An owner's stack and ours, in one account."""

    owner: SandboxStack
    program: Program
    has: Mapping[str, Any]  # the owner's outputs

    def network(self) -> Mapping[str, Any]:
        """As the setting takes it."""
        has = self.has
        return {
            "vpcId": has["vpc"],
            "publicSubnetIds": has["public"],
            "privateSubnetIds": has["private"],
            "dataSubnetIds": has["data"],
            "publicRouteTableId": has["public-table"],
            "privateRouteTableIds": has["private-tables"],
            "dataRouteTableId": has["data-table"],
            "natPublicIps": has["nat"],
        }

    def ours(self) -> list[CloudResource]:
        """What our stack made."""
        return [each for each in self.program.resources() if each.urn.startswith("urn:pulumi:dev::tierup::")]

    def live(self, **settings: Any) -> list[CloudResource]:
        """Ours from `up` on, quiet, with the owner's things as they were; what stood."""
        self.program.set(**settings)
        made = self.program.run("up")
        assert made.code == 0, f"{made.document.get('diagnostics')}\n{made.stderr}"
        resources = self.ours()
        for command in ("preview", "refresh"):
            quiet = self.program.run(command, "--expect-no-changes")
            assert quiet.code == 0, f"{command} wants {dict(quiet.changes)}\n{quiet.stderr}"
        seen = self.owner.refresh(owned)
        assert seen.empty, f"{seen.changes} {seen.error}"
        return resources

    def leave(self) -> None:
        """Ours is taken down, and nothing of the owner's."""
        self.program.set(protect=False)
        gone = self.program.run("destroy")
        assert gone.code == 0, f"{gone.document.get('diagnostics')}\n{gone.stderr}"
        assert self.ours() == []
        assert self.owner.refresh(owned).empty


@pytest.fixture
def shared(tmp_path: Path, engine_environment: Mapping[str, str]) -> Generator[Shared]:
    program = Program(tmp_path / "checkout")
    sandbox = ensure_running(program.home)
    environment = {**engine_environment, "PULUMI_DEBUG_PROVIDERS": sandbox.debug_providers}
    owner = SandboxStack(
        tmp_path / "owner",
        sandbox,
        program.home,
        environment,
        project="platform",
        stack="owner",
        account=SANDBOX_ACCOUNT,
    )
    try:
        made = owner.up(owned)
        assert not made.error
        yield Shared(owner, program, made.outputs)
    finally:
        program.close()


def types(resources: Sequence[CloudResource]) -> set[str]:
    return {each.type.rpartition(":")[2] for each in resources}


def test_a_network(shared: Shared) -> None:
    resources = shared.live(phase="scale", existingNetwork=shared.network())
    assert not types(resources) & {"Vpc", "Subnet", "RouteTable", "NatGateway", "Eip", "InternetGateway"}
    (service,) = [each for each in resources if each.name == "backend-service"]
    assert service.inputs["networkConfiguration"]["subnets"] == list(shared.has["private"].values())
    shared.leave()


def test_a_load_balancer_in_a_network(shared: Shared) -> None:
    place = {"arn": shared.has["balancer"], "priority": 100}
    network = shared.network()
    own = f"second.{DOMAIN}"  # the owner's certificates have the records of his names
    resources = shared.live(
        phase="scale", domain=own, hostedZoneId=shared.has["zone"], existingNetwork=network, existingLoadBalancer=place
    )
    assert not types(resources) & {"LoadBalancer", "Listener"}
    rules = [each for each in resources if each.type.endswith(":ListenerRule")]
    assert {int(each.inputs["priority"]) for each in rules} == {99, 100}
    assert all(f'"api.{own}"' in json.dumps(each.inputs["conditions"]) for each in rules)
    shared.leave()


def test_a_cluster_certificates_and_their_zone(shared: Shared) -> None:
    has = shared.has
    resources = shared.live(
        phase="scale",
        domain=HOST,
        hostedZoneId=has["zone"],
        existingCluster=has["cluster"],
        certificateArn=has["certificate"],
        edgeCertificateArn=has["edge-certificate"],
    )
    assert not types(resources) & {
        "Cluster",
        "ClusterCapacityProviders",
        "Certificate",
        "CertificateValidation",
        "Zone",
    }
    records = [each for each in resources if each.type == "aws:route53/record:Record"]
    assert {each.inputs["name"] for each in records} == {HOST, API}
    assert {each.inputs["zoneId"] for each in records} == {has["zone"]}
    shared.leave()
