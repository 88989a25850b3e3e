"""The leftovers of an interrupted run, and how they are written into the state."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from tierup.deployment import checkpoint, recovery
from tierup.deployment.checkpoint import Checkpoint
from tierup.deployment.errors import CommandError
from tierup.deployment.recovery import Adoption, Leftovers, check_pending_creates, find_leftovers, write_adoptions
from tierup.deployment.workspace import Workspace
from tierup.sandbox.cloud import CloudResource

PREFIX = "urn:pulumi:dev::trial::"
PROVIDER = f"{PREFIX}pulumi:providers:aws::default"
TOPIC = f"{PREFIX}tierup:aws:Pair$aws:sns/topic:Topic::first"


def existing(urn: str, id: str, **inputs: Any) -> CloudResource:
    return CloudResource("aws:sns/topic:Topic", id, urn, "us-east-1", "123456789012", inputs, {})


def exported(*resources: dict[str, Any], pending: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    provider = {"urn": PROVIDER, "id": "p1", "custom": True, "type": "pulumi:providers:aws"}
    return {"version": 3, "deployment": {"resources": [provider, *resources], "pending_operations": pending or []}}


def test_an_orphan_is_adopted_and_a_pending_create_without_resource_forgotten() -> None:
    other = TOPIC.replace("first", "second")
    changing = TOPIC.replace("first", "third")
    known = Checkpoint(
        resources=[{"urn": changing, "id": "c"}],
        pending_operations=[
            {"type": "creating", "resource": {"urn": TOPIC}},
            {"type": "creating", "resource": {"urn": other}},
            {"type": "updating", "resource": {"urn": changing}},
            {"type": "deleting", "resource": {"urn": "already deleted"}},
        ],
    )
    left = find_leftovers(known, [existing(TOPIC, "a")])
    assert left == Leftovers(
        adopted=[Adoption(urn=TOPIC, id="a", properties={})], read_again=[changing], forgotten=[other]
    )
    assert not find_leftovers(Checkpoint(), [])


def test_a_resource_in_another_region_is_adopted_with_its_region() -> None:
    left = find_leftovers(Checkpoint(), [existing(TOPIC, "a", region="us-east-1")])
    assert left.adopted[0].properties == {"region": "us-east-1"}


def test_an_adopted_resource_has_a_provider_and_no_properties() -> None:
    document = exported()
    adopted, alone = write_adoptions(document, Leftovers(adopted=[Adoption(urn=TOPIC, id="a", properties={})]))
    assert [len(adopted), len(alone)] == [1, 0]
    assert document["deployment"]["resources"][-1] == {
        "urn": TOPIC,
        "custom": True,
        "id": "a",
        "type": "aws:sns/topic:Topic",
        "inputs": {},
        "outputs": {},
        "provider": f"{PROVIDER}::p1",
    }


def test_a_pending_operations_provider_is_kept() -> None:
    document = exported(pending=[{"type": "creating", "resource": {"urn": TOPIC, "provider": "its::own"}}])
    write_adoptions(document, Leftovers(adopted=[Adoption(urn=TOPIC, id="a", properties={})]))
    assert document["deployment"]["resources"][-1]["provider"] == "its::own"
    assert document["deployment"]["pending_operations"] == []


def test_an_adopted_resource_has_the_inputs_of_its_pending_operation() -> None:
    inputs = {"displayName": "bell", "__defaults": ["name"]}
    pending = {"type": "creating", "resource": {"urn": TOPIC, "provider": "its::own", "inputs": inputs}}
    document = exported(pending=[pending])
    write_adoptions(document, Leftovers(adopted=[Adoption(urn=TOPIC, id="a", properties={})]))
    assert document["deployment"]["resources"][-1]["inputs"] == inputs


def test_an_adoption_has_the_inputs_of_the_resource_but_no_secret() -> None:
    orphan = replace(existing(TOPIC, "a"), inputs={"name": "bell", "key": "secret-value"}, secrets=frozenset({"key"}))
    assert find_leftovers(Checkpoint(), [orphan]).adopted[0].properties == {"name": "bell"}


def test_an_adopted_replacement_precedes_its_dependents_and_marks_the_old_for_deletion() -> None:
    old = {"urn": TOPIC, "id": "old", "type": "aws:sns/topic:Topic", "provider": f"{PROVIDER}::p1"}
    dependent = {"urn": "dependent", "id": "d", "type": "x", "dependencies": [TOPIC]}
    document = exported(old, dependent)
    write_adoptions(document, Leftovers(adopted=[Adoption(urn=TOPIC, id="new", properties={})]))
    ids = [(each["id"], each.get("delete", False)) for each in document["deployment"]["resources"]]
    assert ids == [("p1", False), ("new", False), ("old", True), ("d", False)]


def test_without_a_provider_nothing_is_adopted() -> None:
    document: dict[str, Any] = {"deployment": {"resources": []}}
    adopted, alone = write_adoptions(document, Leftovers(adopted=[Adoption(urn=TOPIC, id="a", properties={})]))
    assert [len(adopted), len(alone)] == [0, 1]
    assert document["deployment"]["resources"] == []


def test_a_resource_of_an_earlier_state_counts_as_released(tmp_path: Path) -> None:
    history = tmp_path / ".pulumi" / "history" / "trial" / "dev"
    history.mkdir(parents=True)
    entry = {"urn": TOPIC, "type": "bucket", "id": "bucket-1", "outputs": {"comesWithIt": "group-1"}}
    state = {"checkpoint": {"latest": {"resources": [entry]}}}
    (history / "dev-1.checkpoint.json").write_text(json.dumps(state))

    def known(type: str, id: str, stack: str = "dev", since: float = 0.0) -> bool:
        return checkpoint.was_in_earlier_state(tmp_path, "trial", stack, (type, id), since=since)

    assert known("bucket", "bucket-1")
    assert not known("bucket", "bucket")
    assert not known("policy", "bucket-1"), "what belongs to a bucket has its id"
    assert not known("bucket", "group-1"), "an output is no resource of the stack"
    assert not known("bucket", "bucket-1", "prod")
    later = (history / "dev-1.checkpoint.json").stat().st_mtime + 1
    assert not known("bucket", "bucket-1", since=later), "another of the same name"


def test_the_state_is_read_as_the_engine_writes_it(tmp_path: Path) -> None:
    assert checkpoint.read(tmp_path, "trial", "dev") == Checkpoint()
    path = checkpoint.checkpoint_path(tmp_path, "trial", "dev")
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"version": 3, "checkpoint": {"stack": "organization/trial/dev"}}))
    assert checkpoint.read(tmp_path, "trial", "dev").ids == frozenset()
    path.write_text(
        json.dumps({"checkpoint": {"latest": {"resources": [{"urn": TOPIC, "type": "t", "id": "a"}, {"urn": "c"}]}}})
    )
    assert checkpoint.read(tmp_path, "trial", "dev").ids == {("t", "a")}


def test_incomplete_attribute_files_are_deleted(tmp_path: Path) -> None:
    folder = tmp_path / ".pulumi" / "stacks" / "trial"
    folder.mkdir(parents=True)
    for name, text in {"dev.json.attrs": "", "dev.json.bak.attrs": '{"user.cache', "prod.json.attrs": ""}.items():
        (folder / name).write_text(text)
    whole = folder / "dev.json.gz.attrs"
    whole.write_text("{}")
    deleted = checkpoint.delete_incomplete_attributes(tmp_path, "trial", "dev")
    assert {path.name for path in deleted} == {"dev.json.attrs", "dev.json.bak.attrs"}
    assert {path.name for path in folder.iterdir()} == {whole.name, "prod.json.attrs"}


CLUSTER = f"{PREFIX}mongodbatlas:index/advancedCluster:AdvancedCluster::database"


def rejection_of_pending_creates(adopt: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the error for a stack in which an Atlas cluster and a topic are being created."""
    pending = [
        {"type": "creating", "resource": {"urn": urn, "type": urn.split("::")[2].split("$")[-1], "custom": True}}
        for urn in (CLUSTER, TOPIC)
    ]

    def export(_workspace: Workspace, _arguments: list[str]) -> str:
        return json.dumps(exported(pending=pending))

    monkeypatch.setattr(recovery, "run_engine_command", export)
    workspace = Workspace(
        project=cast("Any", None), stack="dev", engine=cast("Any", None), folder=Path(), environment={}
    )
    with pytest.raises(CommandError) as raised:
        check_pending_creates(workspace, adopt, (), lambda _: None)
    return str(raised.value)


def test_pending_creations_name_the_import_id_of_their_type(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bridged providers read an adopted resource by its import id."""
    message = rejection_of_pending_creates({}, monkeypatch)
    assert f"--adopt '{CLUSTER}=PROJECTID-CLUSTERNAME'" in message
    assert f"--adopt '{TOPIC}=ID'" in message


def test_adopted_id_of_another_format_is_rejected_with_the_format(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rejection_of_pending_creates({CLUSTER: "0" * 24, TOPIC: "arn"}, monkeypatch) == (
        "--adopt: database (mongodbatlas:index/advancedCluster:AdvancedCluster): unexpected format for the import ID"
        f" (got '{'0' * 24}'). Expected PROJECTID-CLUSTERNAME."
    )
