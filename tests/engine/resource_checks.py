"""Checks that hold for the resources of every phase and tier. Each returns its findings as sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from tests.engine.program import Program
from tests.stacks.test_architecture import is_taggable
from tierup.sandbox.cloud import CloudResource
from tierup.sandbox.coverage import coverage

_INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_ENCRYPTED = {
    "aws:elasticache/replicationGroup:ReplicationGroup": ("atRestEncryptionEnabled", "transitEncryptionEnabled"),
    "aws:sns/topic:Topic": ("kmsMasterKeyId",),
    "aws:backup/vault:Vault": ("kmsKeyArn",),
    "aws:ecr/repository:Repository": ("encryptionConfigurations",),
}
"""Types whose own inputs enable encryption. A bucket's encryption is a separate resource; Secrets Manager, CloudWatch
Logs and Atlas always encrypt."""


def problems(program: Program) -> list[str]:
    """Return all findings on the resources of a program."""
    resources = program.resources()
    return [
        *_untagged(resources),
        *_public(resources),
        *_without_retention(resources),
        *_unencrypted(resources),
        *_without_a_row(resources),
        *_plain_secrets(program, resources),
    ]


def _untagged(resources: Sequence[CloudResource]) -> Iterator[str]:
    for each in resources:
        if each.type.startswith("cloudflare:"):  # tags require a paid plan
            continue
        if is_taggable(each.type) and not {"Project", "Stack", "Name"} <= (each.inputs.get("tags") or {}).keys():
            yield f"{each.name} is not tagged"


def _public(resources: Sequence[CloudResource]) -> Iterator[str]:
    for each in resources:
        if each.type == _INGRESS and {each.inputs.get("cidrIpv4"), each.inputs.get("cidrIpv6")} & {"0.0.0.0/0", "::/0"}:
            ports = {each.inputs.get("fromPort"), each.inputs.get("toPort")}
            if not (each.name.startswith("api-from-internet-") and ports <= {80, 443}):
                yield f"{each.name} allows any address"
        for statement in _statements(each.inputs):
            principal = statement.get("Principal")
            if (
                statement.get("Effect") == "Allow"
                and principal in ("*", {"AWS": "*"})
                and not statement.get("Condition")
            ):
                yield f"{each.name} has a statement with principal * and no condition"


def _statements(value: Any) -> Iterator[dict[str, Any]]:
    """Return the statements of every policy document in a value."""
    if isinstance(value, str) and '"Statement"' in value:
        yield from (each for each in json.loads(value)["Statement"])
    elif isinstance(value, dict):
        for each in value.values():
            yield from _statements(each)
    elif isinstance(value, list):
        for each in value:
            yield from _statements(each)


def _without_retention(resources: Sequence[CloudResource]) -> Iterator[str]:
    for each in resources:
        if each.type == "aws:cloudwatch/logGroup:LogGroup" and not each.inputs.get("retentionInDays"):
            yield f"{each.name} has no retention"


def _unencrypted(resources: Sequence[CloudResource]) -> Iterator[str]:
    encrypted = {each.inputs["bucket"] for each in resources if "bucketServerSideEncryptionConfiguration" in each.type}
    for each in resources:
        for field in _ENCRYPTED.get(each.type, ()):
            if not each.inputs.get(field):
                yield f"{each.name} has no {field}"
        if each.type == "aws:s3/bucket:Bucket" and each.outputs["bucket"] not in encrypted:
            yield f"{each.name} is not encrypted"


def _without_a_row(resources: Sequence[CloudResource]) -> Iterator[str]:
    for row in coverage(each.type for each in resources):
        if not row.by_row:
            yield f"the sandbox has no behaviour row for {row.type}"


def _plain_secrets(program: Program, resources: Sequence[CloudResource]) -> Iterator[str]:
    values: dict[str, str] = {}
    for each in resources:
        if each.type == "aws:secretsmanager/secretVersion:SecretVersion":
            text = str(each.inputs["secretString"])
            keys = json.loads(text).values() if text.startswith("{") else (text,)
            values |= {str(value): each.name for value in keys}
    files = [file for file in (program.home / "pulumi").rglob("*") if file.is_file()]
    for file in [*files, *(program.home / "sandbox").glob("*.log")]:
        text = file.read_text(errors="replace")
        for value, name in values.items():
            if value in text:
                yield f"the value of {name} is plain in {file.name}"
