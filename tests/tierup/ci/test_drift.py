"""`tierup drift`: it reports what was changed and deleted outside Pulumi, and changes nothing."""

from __future__ import annotations

import json

import pytest

from tests.tierup.deployment.conftest import SandboxProject, make_sandbox_project, sandbox_project
from tierup.ci.drift import Drift, DriftedResource
from tierup.deployment.errors import ExitCode

__all__ = ["make_sandbox_project", "sandbox_project"]


def resource(name: str, *, deleted: bool = False, properties: tuple[str, ...] = ()) -> DriftedResource:
    return DriftedResource(
        urn=f"urn:pulumi:prod::shop::aws:sns/topic:Topic::{name}",
        type="aws:sns/topic:Topic",
        name=name,
        deleted=deleted,
        properties=properties,
    )


def drift(*resources: DriftedResource, sandbox: bool = False) -> Drift:
    return Drift(project="shop", stack="prod", sandbox=sandbox, resources=resources)


def test_a_stack_without_drift_has_exit_code_0() -> None:
    found = drift()
    assert found.code is ExitCode.OK
    assert found.summary == "No drift in stack 'prod'."
    assert found.as_document()["result"] == "no_drift"
    assert found.as_markdown() == "✅ No drift in stack 'prod'.\n"


def test_drift_has_exit_code_7_and_names_resources_and_properties() -> None:
    properties = tuple(f"property{number}" for number in range(12))
    found = drift(resource("old", deleted=True), resource("alerts", properties=properties), sandbox=True)
    assert found.code is ExitCode.CHANGES
    assert found.summary == "Drift in stack 'prod': 2 resources changed, 1 of them deleted."
    text = found.as_markdown()
    assert "| `old` | `aws:sns/topic:Topic` | deleted |  |" in text
    assert "`property9` and 2 more |" in text
    assert "`tierup drift --stack prod --sandbox` shows the drift again." in text


def test_a_very_long_drift_fits_into_an_issue() -> None:
    found = drift(*(resource(f"{'topic-' * 10}{number}", properties=("name",)) for number in range(2_000)))
    text = found.as_markdown()
    assert len(text) < 65_000
    assert "And 1700 more." in text


@pytest.mark.engine
def test_a_change_and_a_deletion_outside_pulumi_are_reported_and_the_state_is_kept(
    sandbox_project: SandboxProject,
) -> None:
    assert sandbox_project.run("up", "--sandbox").code == 0
    before = sandbox_project.run("drift", "--sandbox")
    assert (before.code, before.stdout.splitlines()[-1]) == (0, "No drift in stack 'dev'.")
    assert sandbox_project.run("sandbox", "edit", "pair-first", "displayName=changed").code == 0
    assert sandbox_project.run("sandbox", "rm", "pair-second").code == 0
    checkpoint = next(sandbox_project.state.rglob("dev.json"))
    state = checkpoint.read_bytes()
    found = sandbox_project.run("drift", "--sandbox", "--json", "--output", "drift.md", "--output", "drift.json")
    assert found.code == 7, found.stderr
    changes = {each["name"]: (each["change"], each["properties"]) for each in found.document["resources"]}
    assert changes["pair-first"] == ("changed", ["displayName"])
    assert changes["pair-second"][0] == "deleted"
    assert json.loads((sandbox_project.folder / "drift.json").read_text()) == found.document
    assert "`displayName`" in (sandbox_project.folder / "drift.md").read_text()
    assert checkpoint.read_bytes() == state
    assert sandbox_project.run("drift", "--sandbox", "--output", "drift.txt").code == 2
