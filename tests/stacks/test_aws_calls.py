"""Calls of the application to AWS services that its permissions name: a flow for each service."""

from __future__ import annotations

import json
from dataclasses import replace

from stacks.catalog.phases import Phase
from tests.stacks.deployed import deploy
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.registry import SANDBOX_ACCOUNT
from tierup.sandbox.traffic.evaluation import Evaluator, Report, evaluate, world_of
from tierup.sandbox.traffic.hops import aws_calls, network

PERMISSIONS = json.dumps(
    {
        "permissions": {
            "buckets": {"uploads": "read-write"},
            "queues": {
                f"arn:aws:sqs:eu-west-1:{SANDBOX_ACCOUNT}:jobs": "send",
                "arn:aws:sqs:eu-west-1:999999999999:jobs-of-another-account": "send",
            },
            "emailIdentities": [f"arn:aws:ses:eu-west-1:{SANDBOX_ACCOUNT}:identity/example.com"],
        }
    }
)
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:v1"
SETTINGS = {"phase": Phase.SCALE.value, "tier": "small", "backend": PERMISSIONS}
FLOWS = {f"{task} to AWS {service}" for task in ("backend", "worker") for service in ("s3", "ses", "sqs")}


def test_tasks_call_their_services_until_a_policy_denies_it() -> None:
    reports: list[Report] = []

    def inspect(cloud: Cloud) -> None:
        reports.append(evaluate(cloud))
        world = world_of(cloud)
        policy = next(each for each in world.rows.all(aws_calls.ROLE_POLICY) if each.name == "backend-application")
        document = json.loads(policy.outputs["policy"])
        deny = {"Effect": "Deny", "Action": "sqs:SendMessage", "Resource": "*"}
        changed = json.dumps({**document, "Statement": [*document["Statement"], deny]})
        world.rows.put(
            replace(policy, inputs={**policy.inputs, "policy": changed}, outputs={**policy.outputs, "policy": changed})
        )
        reports.append(Evaluator(world).report())

    assert deploy(SETTINGS, inspect=inspect, destroy=True, again=True) == ([], [])
    whole, denied = reports
    assert [each.as_document() for each in [*whole.failed, *whole.opened]] == []
    assert {each.flow.id for each in whole.served if each.flow.kind == "task-aws"} == FLOWS
    assert {each.flow.id for each in denied.failed} == {"backend to AWS sqs"}


def test_tasks_without_nat_call_only_services_with_an_endpoint() -> None:
    failed: list[set[str]] = []

    def inspect(cloud: Cloud) -> None:
        failed.append({each.flow.id for each in evaluate(cloud).failed if each.flow.kind == "task-aws"})
        world = world_of(cloud)
        (endpoint,) = [each for each in world.rows.all(network.ENDPOINT) if each.value("serviceName").endswith(".s3")]
        only_get = {"Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject"], "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [only_get]})
        world.rows.put(
            replace(
                endpoint, inputs={**endpoint.inputs, "policy": policy}, outputs={**endpoint.outputs, "policy": policy}
            )
        )
        failed.append({each.flow.id for each in Evaluator(world).report().failed if each.flow.kind == "task-aws"})

    assert deploy({**SETTINGS, "nat": "none", "image": IMAGE}, inspect=inspect)[0] == []
    without, restricted = failed
    assert without == {each for each in FLOWS if not each.endswith("s3")}
    assert restricted == FLOWS
