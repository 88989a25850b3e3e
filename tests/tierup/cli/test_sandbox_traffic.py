"""`tierup sandbox trace`, `traffic`, `timeline` and `conditions`."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.tierup.sandbox.traffic import small_stack
from tierup.cli.sandbox import app
from tierup.sandbox import cloud_path
from tierup.sandbox.cloud import Cloud, CloudResource
from tierup.sandbox.traffic.hops import dns
from tierup.sandbox.traffic.store import observe_service

URL = "https://api.example.com/api/tasks"
CLI = CliRunner()


@pytest.fixture(autouse=True)
def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Cloud]:
    """Return a sandbox with a small stack, whose record changed in the last run."""
    monkeypatch.setenv("TIERUP_HOME", str(tmp_path))
    found = Cloud(cloud_path(tmp_path))
    with found.alone():
        for row in small_stack.stack():
            added = found.add(row)
            observe_service(found, None, added)
    found.begin_run("up of stack dev")
    yield found
    found.close()


def _change(cloud: Cloud, type: str, after: CloudResource) -> None:
    with cloud.alone():
        before = next(cloud.find(type))
        cloud.change(replace(after, key=before.key, id=before.id))


def test_trace_prints_each_hop_and_succeeds(tmp_path: Path) -> None:
    picture = tmp_path / "trace.mmd"
    result = CLI.invoke(app, ["trace", URL, "--picture", str(picture)])
    assert result.exit_code == 0, result.output
    assert "dns" in result.output
    assert "The request arrives." in result.output
    assert picture.read_text().startswith("flowchart LR")


def test_trace_fails_with_the_hop_that_stops_the_request(cloud: Cloud) -> None:
    _change(cloud, "aws:wafv2/webAcl:WebAcl", small_stack.web_acl(locked=True))
    result = CLI.invoke(app, ["trace", URL, "--json"])
    assert result.exit_code == 1
    (document,) = json.loads(result.output)
    assert (document["verdict"], document["hops"][-1]["hop"]) == ("fail", "web-acl")
    assert document["hops"][-1]["resource"] == "WebAcl 'acl'"


def test_trace_with_cached_dns_uses_the_address_from_before_the_last_run(cloud: Cloud) -> None:
    with cloud.alone():
        cloud.add(small_stack.distribution())
    _change(cloud, dns.RECORD, small_stack.record(small_stack.CDN_NAME))
    _change(cloud, "aws:wafv2/webAcl:WebAcl", small_stack.web_acl(locked=True))
    assert CLI.invoke(app, ["trace", URL]).exit_code == 0
    cached = CLI.invoke(app, ["trace", URL, "--cached-dns"])
    assert cached.exit_code == 1
    assert "cdn-only" in cached.output
    timeline = json.loads(CLI.invoke(app, ["timeline", "--json"]).output)
    assert "clients with a cached address" in {each["clients"] for each in timeline["interruptions"]}
    text = CLI.invoke(app, ["timeline"]).output
    assert "update api-alias-a" in text
    assert "up of stack dev" in text


def test_trace_from_a_task_names_its_destinations() -> None:
    assert CLI.invoke(app, ["trace", "--from-task", "backend", "--to", "internet"]).exit_code == 0
    wrong = CLI.invoke(app, ["trace", "--from-task", "backend", "--to", "moon"])
    assert wrong.exit_code == 1
    assert "registry" in wrong.output
    assert "not exactly one" in CLI.invoke(app, ["trace"]).output
    assert "not a URL" in CLI.invoke(app, ["trace", "api.example.com"]).output


def test_traffic_lists_every_flow() -> None:
    result = CLI.invoke(app, ["traffic", "--json"])
    assert result.exit_code == 0, result.output
    flows = {each["flow"]: each["verdict"] for each in json.loads(result.output)}
    assert flows[f"browser GET {URL}"] == "pass"
    assert flows["internet to the tasks of backend"] == "fail"


def test_traffic_of_one_stack_counts_only_its_flows(cloud: Cloud) -> None:
    _change(cloud, "aws:wafv2/webAcl:WebAcl", small_stack.web_acl(locked=True))
    assert CLI.invoke(app, ["traffic"]).exit_code == 1
    own, other = (CLI.invoke(app, ["traffic", "--stack", name]) for name in ("dev", "prod"))
    assert (own.exit_code, "0 failed" in own.output) == (1, False)
    assert (other.exit_code, "0 served, 0 failed" in other.output) == (0, True)


def test_a_condition_stops_flows_until_it_is_cleared() -> None:
    result = CLI.invoke(app, ["conditions", "add", "task-stopped", "backend", "--json"])
    assert result.exit_code == 0, result.output
    stopped = {each["flow"] for each in json.loads(result.output)["stopped"]}
    assert f"browser GET {URL}" in stopped
    assert "task-stopped backend" in CLI.invoke(app, ["conditions", "ls"]).output
    assert CLI.invoke(app, ["trace", URL]).exit_code == 1
    assert CLI.invoke(app, ["conditions", "clear"]).exit_code == 0
    assert CLI.invoke(app, ["trace", URL]).exit_code == 0
    unknown = CLI.invoke(app, ["conditions", "add", "zone-down", "mars-1"])
    assert unknown.exit_code == 1
    assert "eu-west-1a" in unknown.output
