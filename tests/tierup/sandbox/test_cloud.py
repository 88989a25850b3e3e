"""The sandbox's store of resources."""

from __future__ import annotations

import stat
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tierup.sandbox.cloud import Cloud, CloudError, CloudResource, InjectedFault

TOPIC = "aws:sns/topic:Topic"


def topic(name: str, region: str = "eu-west-1") -> CloudResource:
    return CloudResource(
        type=TOPIC,
        id=f"arn:{region}:{name}",
        urn=f"urn:pulumi:dev::p::{TOPIC}::{name}",
        region=region,
        account="1",
        inputs={"name": name},
        outputs={"name": name, "arn": f"arn:{region}:{name}"},
        secrets=frozenset({"token"}),
    )


def test_added_resource_is_found_by_id_property_and_urn() -> None:
    cloud = Cloud()
    added = cloud.add(topic("a"))
    assert cloud.get(TOPIC, "arn:eu-west-1:a") == added
    assert list(cloud.find(TOPIC, name="a")) == [added]
    assert list(cloud.find((TOPIC, "other"), name="b")) == []
    assert cloud.by_urn(added.urn) == [added]
    assert added.name == "a"
    assert added.stack == "urn:pulumi:dev::p"


def test_find_by_property_follows_changes() -> None:
    cloud = Cloud()
    first, second = cloud.add(topic("a")), cloud.add(topic("b"))
    assert list(cloud.find(TOPIC, name="a")) == [first]
    cloud.change(replace(first, outputs={**first.outputs, "name": "b"}))
    assert list(cloud.find(TOPIC, name="a")) == []
    assert {r.id for r in cloud.find(TOPIC, name="b")} == {first.id, second.id}
    cloud.remove(second)
    assert [r.id for r in cloud.find(TOPIC, name="b", region="eu-west-1")] == [first.id]
    assert cloud.count(TOPIC) == 1


def test_same_id_can_exist_in_two_regions() -> None:
    cloud = Cloud()
    for region in ("eu-west-1", "us-east-1"):
        cloud.add(CloudResource(TOPIC, "same", f"urn:{region}", region, "1", {}, {}))
    found = cloud.get(TOPIC, "same", "us-east-1")
    assert found is not None
    assert found.region == "us-east-1"


def test_processes_see_each_others_changes(tmp_path: Path) -> None:
    path = tmp_path / "cloud.db"
    cloud = Cloud(path)
    cloud.add(topic("shared"))
    code = (
        "import sys; from pathlib import Path; from tierup.sandbox.cloud import Cloud\n"
        "cloud = Cloud(Path(sys.argv[1])); found = cloud.all(); print(found[0].name)\n"
        "cloud.remove(found[0]); cloud.close()"
    )
    result = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "shared"
    assert cloud.all() == []


def test_killed_process_loses_no_committed_data(tmp_path: Path) -> None:
    path = tmp_path / "cloud.db"
    code = (
        "import os, sys; from pathlib import Path; from tierup.sandbox.cloud import Cloud, CloudResource\n"
        "cloud = Cloud(Path(sys.argv[1]))\n"
        "for i in range(50): cloud.add(CloudResource('t', str(i), 'urn', '', '1', {}, {}))\n"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert len(Cloud(path).all()) == 50


def test_failed_transaction_changes_nothing() -> None:
    cloud = Cloud()

    def fail_halfway() -> None:
        with cloud.alone():
            cloud.add(topic("a"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert cloud.all() == []


def test_concurrent_adds_are_all_stored(tmp_path: Path) -> None:
    cloud = Cloud(tmp_path / "cloud.db")

    def work(worker: int) -> None:
        for number in range(50):
            with cloud.alone():
                cloud.add(topic(f"{worker}-{number}"))

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(Cloud(tmp_path / "cloud.db").all()) == 400


def test_tombstone_has_no_secrets() -> None:
    cloud = Cloud()
    added = cloud.add(
        CloudResource(TOPIC, "x", "urn", "", "1", {"name": "a", "token": "secret-value"}, {}, frozenset({"token"}))
    )
    cloud.remove(added)
    (tombstone,) = cloud.tombstones(TOPIC, name="a")
    assert tombstone.resource.inputs == {"name": "a"}
    assert tombstone.deleted_at > added.created - 1
    assert list(cloud.tombstones(TOPIC, name="b")) == []


def test_file_is_readable_only_by_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "cloud.db"
    Cloud(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_invalid_file_is_reported_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "cloud.db"
    path.write_text("this is no database, and long enough to be sure of it" * 100)
    with pytest.raises(CloudError, match=r"cloud\.db: cannot store the sandbox's resources"):
        Cloud(path)
    assert path.read_text().startswith("this is no database")


def test_fault_skips_after_then_hits_times_operations() -> None:
    cloud = Cloud()
    cloud.add_fault(InjectedFault("create", "fail", type="aws:sns/*", after=1, times=2))
    hits = [cloud.take_fault("create", TOPIC, str(n)) is not None for n in range(5)]
    assert hits == [False, True, True, False, False]
    assert cloud.faults() == []


def test_fault_hits_only_matching_resources() -> None:
    cloud = Cloud()
    cloud.add_fault(InjectedFault("update", "lost", name="api-*"))
    assert cloud.take_fault("create", TOPIC, "api-a") is None
    assert cloud.take_fault("update", TOPIC, "web") is None
    assert cloud.take_fault("update", TOPIC, "api-a") is not None


@pytest.mark.parametrize("wrong", [InjectedFault("create", "explode"), InjectedFault("destroy", "fail")])
def test_unknown_fault_is_rejected_with_the_allowed_values(wrong: InjectedFault) -> None:
    with pytest.raises(ValueError, match="Allowed values"):
        Cloud().add_fault(wrong)
