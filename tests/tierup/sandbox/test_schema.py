"""The schemas of resource types, read from the SDKs by introspection."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tierup.sandbox.schema import PACKAGES, Property, Sdk, UnknownTypeError, schema, sdk


def test_every_provider_has_all_its_types() -> None:
    counts = {package: len(sdk(package).tokens) for package in PACKAGES}
    assert counts["aws"] > 1500
    assert counts["mongodbatlas"] > 60
    assert counts["cloudflare"] > 200


def test_inputs_have_types_and_required_flags() -> None:
    inputs = schema("aws:lb/listener:Listener").inputs
    assert inputs["port"] == Property("integer", required=False)
    assert inputs["loadBalancerArn"] == Property("string", required=True)
    assert inputs["tags"] == Property(["map", "string"], required=False)
    assert inputs["defaultActions"] == Property(["list", ["object", "ListenerDefaultAction"]], required=True)


def test_nested_and_recursive_objects_are_typed() -> None:
    shape = schema("aws:wafv2/webAcl:WebAcl")
    assert shape.objects["WebAclRule"]["priority"] == Property("integer", required=True)
    assert shape.objects["WebAclRuleStatement"]["rateBasedStatement"].type == [
        "object",
        "WebAclRuleStatementRateBasedStatement",
    ]


def test_args_class_is_found_when_a_nested_type_has_its_name() -> None:
    inputs = schema("aws:s3/bucketVersioning:BucketVersioning").inputs
    assert inputs["bucket"].required
    assert inputs["versioningConfiguration"].type == ["object", "BucketVersioningVersioningConfiguration"]


def test_assets_have_their_own_type() -> None:
    assert schema("aws:s3/bucketObjectv2:BucketObjectv2").inputs["source"].type == "asset"


def test_outputs_include_computed_properties() -> None:
    assert schema("aws:ec2/vpc:Vpc").outputs["defaultSecurityGroupId"] == "string"


@pytest.mark.parametrize("token", ["aws:ec2/vpc:Vpk", "gcp:compute/network:Network"])
def test_unknown_type_is_an_error(token: str) -> None:
    with pytest.raises(UnknownTypeError):
        schema(token)


def test_cached_schema_needs_no_sdk(tmp_path: Path) -> None:
    first = Sdk("aws", tmp_path)
    assert not first.is_cached("aws:sns/topic:Topic")
    shape = first.schema("aws:sns/topic:Topic")
    code = (
        "import sys; from pathlib import Path; from tierup.sandbox.schema import Sdk;"
        f"s = Sdk('aws', Path({str(tmp_path)!r})).schema('aws:sns/topic:Topic');"
        "print(len(s.inputs), 'pulumi_aws' in sys.modules, 'pulumi' in sys.modules)"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert output == [str(len(shape.inputs)), "False", "False"]
