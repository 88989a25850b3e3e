"""A stack uses the network, load balancer, cluster, certificates and hosted zone of another stack, the owner.

The settings name the owner's resources. The stack leaves them unchanged.
"""

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


def owner_program() -> None:
    """Create the owner's resources."""
    zone = aws.route53.Zone("zone", name=DOMAIN, tags=TAGS)
    args = CertificateArgs(domain_name=HOST, alternative_names=[API], zone_id=zone.zone_id, tags=TAGS)
    regional = Certificate("regional", args)
    edge = Certificate(
        "edge", replace(args, zone_id=None, validation_records=regional.validation_records, region="us-east-1")
    )
    pulumi.export("certificate", regional.arn)
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
    _load_balancer(network, zone.zone_id)
    cluster = aws.ecs.Cluster("shared", tags=TAGS)
    providers = aws.ecs.ClusterCapacityProviders(
        "shared", cluster_name=cluster.name, capacity_providers=["FARGATE", "FARGATE_SPOT"]
    )
    pulumi.export("cluster", providers.cluster_name)


def _load_balancer(network: Network, zone_id: pulumi.Input[str]) -> None:
    logs = LogBucket(
        "logs",
        LogBucketArgs(account_id=SANDBOX_ACCOUNT, region=REGION, retention_days=30, force_destroy=True, tags=TAGS),
    )
    certificate = Certificate("balancer", CertificateArgs(domain_name=f"*.{DOMAIN}", zone_id=zone_id, tags=TAGS))
    balancer = LoadBalancer(
        "shared",
        LoadBalancerArgs(
            vpc_id=network.vpc_id,
            subnet_ids=list(network.public_subnet_ids.values()),
            certificate_arn=certificate.arn,
            access_log_bucket=logs.bucket_name,
            ssl_policy="ELBSecurityPolicy-TLS13-1-2-2021-06",
            target_port=5000,
            deletion_protection=False,
            tags=TAGS,
        ),
    )
    pulumi.export("balancer", balancer.arn)


@dataclass(frozen=True, slots=True)
class SharedAccount:
    """One account with the owner's stack and the stack of the program."""

    owner: SandboxStack
    program: Program
    outputs: Mapping[str, Any]  # of the owner's stack

    def existing_network(self) -> Mapping[str, Any]:
        """Return the owner's network as a value of the setting `existingNetwork`."""
        outputs = self.outputs
        return {
            "vpcId": outputs["vpc"],
            "publicSubnetIds": outputs["public"],
            "privateSubnetIds": outputs["private"],
            "dataSubnetIds": outputs["data"],
            "publicRouteTableId": outputs["public-table"],
            "privateRouteTableIds": outputs["private-tables"],
            "dataRouteTableId": outputs["data-table"],
            "natPublicIps": outputs["nat"],
        }

    def resources(self) -> list[CloudResource]:
        """Return the resources of the program's stack."""
        return [each for each in self.program.resources() if each.urn.startswith("urn:pulumi:dev::tierup::")]

    def up(self, **settings: Any) -> list[CloudResource]:
        """Deploy the program and return its resources. Fail if it has drift, or if the owner's resources changed."""
        self.program.set(**settings)
        up = self.program.run("up")
        assert up.code == 0, f"{up.document.get('diagnostics')}\n{up.stderr}"
        resources = self.resources()
        for command in ("preview", "refresh"):
            again = self.program.run(command, "--expect-no-changes")
            assert again.code == 0, f"{command} finds changes: {dict(again.changes)}\n{again.stderr}"
        owner = self.owner.refresh(owner_program)
        assert owner.empty, f"{owner.changes} {owner.error}"
        return resources

    def destroy(self) -> None:
        """Destroy the program's stack. Fail if a resource is left, or if the owner's resources changed."""
        self.program.set(protect=False)
        destroy = self.program.run("destroy")
        assert destroy.code == 0, f"{destroy.document.get('diagnostics')}\n{destroy.stderr}"
        assert self.resources() == []
        assert self.owner.refresh(owner_program).empty


@pytest.fixture
def shared(tmp_path: Path, engine_environment: Mapping[str, str]) -> Generator[SharedAccount]:
    program = Program(tmp_path / "checkout")
    sandbox = ensure_running(program.home)
    environment = {**engine_environment, "PULUMI_DEBUG_PROVIDERS": sandbox.debug_providers}
    owner = SandboxStack(
        folder=tmp_path / "owner",
        sandbox=sandbox,
        home=program.home,
        environment=environment,
        project="platform",
        stack="owner",
        account=SANDBOX_ACCOUNT,
    )
    try:
        done = owner.up(owner_program)
        assert not done.error
        yield SharedAccount(owner, program, done.outputs)
    finally:
        program.close()


def types(resources: Sequence[CloudResource]) -> set[str]:
    """Return the types of resources without provider and module: {"Vpc"}."""
    return {each.type.rpartition(":")[2] for each in resources}


def test_stack_with_an_existing_network_creates_no_network(shared: SharedAccount) -> None:
    resources = shared.up(phase="scale", existingNetwork=shared.existing_network())
    assert not types(resources) & {"Vpc", "Subnet", "RouteTable", "NatGateway", "Eip", "InternetGateway"}
    (service,) = [each for each in resources if each.name == "backend-service"]
    assert service.inputs["networkConfiguration"]["subnets"] == list(shared.outputs["private"].values())
    shared.destroy()


def test_stack_with_an_existing_load_balancer_creates_only_listener_rules(shared: SharedAccount) -> None:
    domain = f"second.{DOMAIN}"  # HOST has validation records already, which belong to the owner's certificates
    resources = shared.up(
        phase="scale",
        domain=domain,
        hostedZoneId=shared.outputs["zone"],
        existingNetwork=shared.existing_network(),
        existingLoadBalancer={"arn": shared.outputs["balancer"], "priority": 100},
    )
    assert not types(resources) & {"LoadBalancer", "Listener"}
    rules = [each for each in resources if each.type.endswith(":ListenerRule")]
    assert {int(each.inputs["priority"]) for each in rules} == {99, 100}
    assert all(f'"api.{domain}"' in json.dumps(each.inputs["conditions"]) for each in rules)
    shared.destroy()


def test_stack_with_existing_cluster_certificates_and_zone_creates_only_records(shared: SharedAccount) -> None:
    outputs = shared.outputs
    resources = shared.up(
        phase="scale",
        domain=HOST,
        hostedZoneId=outputs["zone"],
        existingCluster=outputs["cluster"],
        certificateArn=outputs["certificate"],
        edgeCertificateArn=outputs["edge-certificate"],
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
    assert {each.inputs["zoneId"] for each in records} == {outputs["zone"]}
    shared.destroy()
