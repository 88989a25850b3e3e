"""Limits from AWS's API models, on types with and without a behaviour row."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.aws.api_models import limits_of
from tierup.sandbox.limits import Limit
from tierup.sandbox.registry import registry
from tierup.sandbox.schema import sdk

from ..docstrings.examples import examples, run
from ..provider_calls import Engine

FILE_SYSTEM = "aws:efs/fileSystem:FileSystem"
POOL = "aws:cognito/userPool:UserPool"


def check(type: str, inputs: dict[str, Any]) -> list[str]:
    """Return the violations that the provider reports."""
    return [failure.reason for failure in Engine(registry()).check(type, inputs).failures]


def test_values_of_an_enumeration_are_limits() -> None:
    assert limits_of(FILE_SYSTEM)["throughputMode"] == Limit(values=("bursting", "provisioned", "elastic"))


def test_limits_of_nested_objects_are_found() -> None:
    limits = limits_of(POOL)
    assert (limits["passwordPolicy.minimumLength"].low, limits["passwordPolicy.minimumLength"].high) == (6, 99)


def test_references_and_documents_have_no_limits() -> None:
    assert not {"kmsKeyId", "availabilityZoneId"} & limits_of(FILE_SYSTEM).keys()
    assert "definition" not in limits_of("aws:sfn/stateMachine:StateMachine")


def test_type_without_an_operation_has_no_limits() -> None:
    assert limits_of("aws:iam/rolePolicyAttachment:RolePolicyAttachment") == {}


@pytest.mark.parametrize(
    ("type", "inputs", "path"),
    [
        (FILE_SYSTEM, {"throughputMode": "fast"}, "throughputMode"),
        (POOL, {"name": "users", "passwordPolicy": {"minimumLength": 5}}, "passwordPolicy.minimumLength"),
        ("aws:sfn/stateMachine:StateMachine", {"type": "FAST", "roleArn": "r", "definition": "{}"}, "type"),
        ("aws:apigatewayv2/api:Api", {"protocolType": "GRPC"}, "protocolType"),
        ("aws:rds/proxy:Proxy", {"engineFamily": "ORACLE", "roleArn": "r", "vpcSubnetIds": ["s"]}, "engineFamily"),
        ("aws:ebs/volume:Volume", {"availabilityZone": "eu-west-1a", "type": "gp9", "size": 1}, "type"),
        ("aws:kinesis/stream:Stream", {"shardCount": 0}, "shardCount"),
    ],
)
def test_value_outside_the_model_is_rejected(type: str, inputs: dict[str, Any], path: str) -> None:
    assert [reason for reason in check(type, inputs) if "not allowed" in reason or "out of range" in reason], path


def test_valid_values_of_a_type_without_a_row_are_accepted() -> None:
    assert (
        check(FILE_SYSTEM, {"throughputMode": "elastic", "encrypted": True, "performanceMode": "generalPurpose"}) == []
    )


def test_generated_name_is_not_compared_with_the_pattern() -> None:
    assert check("aws:signer/signingProfile:SigningProfile", {"platformId": "AWSLambda-SHA384-ECDSA"}) == []


_PLACEHOLDERS = {
    "accountaccess",
    "appstream",
    "keyspaces",
    "kms",
    "qbusiness",
    "securityhub",
    "vpclattice",
}
"""Services whose examples contain a placeholder instead of a value ("stack name"), or a value that AWS refuses."""


@pytest.mark.exhaustive
@pytest.mark.parametrize("module", sorted({token.split(":")[1].split("/")[0] for token in sdk("aws").tokens}))
def test_no_example_of_the_docstrings_violates_a_limit(module: str) -> None:
    types = [token for token in sdk("aws").tokens if token.startswith(f"aws:{module}/") and limits_of(token)]
    results = [(example.id, run(example).reason) for type in types for example in examples(type)]
    if module not in _PLACEHOLDERS:
        assert [(id, reason) for id, reason in results if "It must match" in reason or "The m" in reason] == []
