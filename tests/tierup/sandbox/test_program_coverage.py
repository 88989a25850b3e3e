"""The coverage of a program, read from its source."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tierup.cli.sandbox import app
from tierup.sandbox.program_coverage import ProgramError, UsedFunction, uses_of

PROGRAM = """
import pulumi_aws as aws
import pulumi_cloudflare
import pulumi_random as random
from pulumi_aws import lambda_, s3
from pulumi_aws.ec2 import Vpc as Network, get_ami

bucket = s3.BucketV2("bucket")
network = Network("network", cidr_block="10.0.0.0/16")
known = aws.ec2.Vpc.get("known", "vpc-1")
broker = aws.mq.Broker("broker")
function = lambda_.Function("function")
record = pulumi_cloudflare.DnsRecord("record")
image = get_ami(most_recent=True)
zone = aws.route53.get_zone_output(name="example.com")
cluster = aws.eks.get_cluster(name="main").endpoint
missing = aws.ec2.get_nothing()
price = aws.pricing.get_product(service_code="AmazonEC2")
other = random.RandomId("id", byte_length=4)
"""
YAML = """
name: site
runtime: yaml
variables:
  account:
    fn::invoke: {function: aws:getCallerIdentity}
  offers:
    fn::aws:pricing:getProduct: {serviceCode: AmazonEC2}
resources:
  bucket: {type: aws:s3:Bucket}
  zone: {type: cloudflare:Zone}
  broker: {type: aws:mq/broker:Broker}
  id: {type: random:RandomId}
  provider: {type: pulumi:providers:aws}
"""


def program(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder


def test_types_and_functions_of_a_python_program_are_counted(tmp_path: Path) -> None:
    found = uses_of(program(tmp_path, "__main__.py", PROGRAM))
    assert dict(found.types) == {
        "aws:s3/bucket:Bucket": 1,
        "aws:ec2/vpc:Vpc": 2,
        "aws:mq/broker:Broker": 1,
        "aws:lambda/function:Function": 1,
        "cloudflare:index/dnsRecord:DnsRecord": 1,
    }
    assert found.answers() == [
        UsedFunction("aws:ec2/getAmi:getAmi", "function", 1),
        UsedFunction("aws:ec2/getNothing:getNothing", "", 1),
        UsedFunction("aws:eks/getCluster:getCluster", "lookup", 1),
        UsedFunction("aws:pricing/getProduct:getProduct", "schema", 1),
        UsedFunction("aws:route53/getZone:getZone", "function", 1),
    ]
    assert set(found.packages) == {"pulumi_random"}


def test_types_and_functions_of_a_yaml_program_are_counted(tmp_path: Path) -> None:
    found = uses_of(program(tmp_path, "Pulumi.yaml", YAML))
    assert set(found.types) == {"aws:s3/bucket:Bucket", "cloudflare:index/zone:Zone", "aws:mq/broker:Broker"}
    assert {each.token: each.answered for each in found.answers()} == {
        "aws:index/getCallerIdentity:getCallerIdentity": True,
        "aws:pricing/getProduct:getProduct": False,
    }
    assert set(found.packages) == {"random"}


def test_installed_packages_are_left_out(tmp_path: Path) -> None:
    program(tmp_path, "__main__.py", "import pulumi_aws as aws\naws.sns.Topic('t')\n")
    for folder in (".venv", "node_modules"):
        (tmp_path / folder).mkdir()
        program(tmp_path / folder, "other.py", PROGRAM)
    assert set(uses_of(tmp_path).types) == {"aws:sns/topic:Topic"}


def test_folder_without_a_program_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match="no Python or Pulumi YAML program found"):
        uses_of(program(tmp_path, "index.ts", ""))
    with pytest.raises(ProgramError, match="not a Python file"):
        uses_of(program(tmp_path, "broken.py", "def"))


def test_command_lists_rows_and_unanswered_functions(tmp_path: Path) -> None:
    program(tmp_path, "__main__.py", PROGRAM)
    done = CliRunner().invoke(app, ["coverage", str(tmp_path), "--json"])
    assert done.exit_code == 0, done.output
    document = json.loads(done.output)
    by_row = {each["type"]: each["byRow"] for each in document["types"]}
    assert by_row["aws:ec2/vpc:Vpc"] is True
    assert by_row["aws:mq/broker:Broker"] is False
    assert [each["token"] for each in document["functions"] if not each["answered"]] == [
        "aws:ec2/getNothing:getNothing",
        "aws:pricing/getProduct:getProduct",
    ]
    assert document["otherPackages"] == ["pulumi_random"]
    shown = CliRunner().invoke(app, ["coverage", str(tmp_path)]).output
    assert "4 of 5 types have a row, the others work by their schema alone." in shown
    assert "1 of 5 functions are answered by their schema alone, 1 are not answered." in shown


def test_command_rejects_a_program_and_used(tmp_path: Path) -> None:
    program(tmp_path, "__main__.py", PROGRAM)
    done = CliRunner().invoke(app, ["coverage", str(tmp_path), "--used"])
    assert done.exit_code == 1
    assert "error: --used: not allowed together with PROGRAM (got both)." in done.output
