"""`tierup switch` on the real engine: it continues, returns and refuses, loses nothing and creates nothing twice.

These tests are slow. `test_program.py` switches a stack to the next phase whenever the tests run.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from components.cdn.provider import CdnKind
from tests.engine.program import CommandResult, Program
from tests.waiting import wait_until
from tierup.deployment.errors import CommandError
from tierup.deployment.project import find
from tierup.deployment.sandbox_backend import open_workspace
from tierup.deployment.stack_tags import read_tags, set_tag
from tierup.engine import find_or_install
from tierup.sandbox.cloud import CloudResource, InjectedFault
from tierup.sandbox.registrar import DnsProvider, delegate
from tierup.switch import journal as journals
from tierup.switch.journal import Journal
from tools.switching.engine_pairs import run_pair, run_pairs
from tools.switching.sandbox_project import kill_engine
from tools.switching.soak import run_walk
from tools.switching.states import parse

pytestmark = pytest.mark.engine

CREATED_LATE = "aws:ecs/service:Service"
"""A type that the step to phase scale creates near its end."""


@pytest.fixture
def program(tmp_path: Path) -> Generator[Program]:
    made = Program(tmp_path / "checkout")
    yield made
    made.close()


def settings(program: Program) -> str:
    return (program.folder / "Pulumi.dev.yaml").read_text()


def succeeded(ran: CommandResult) -> CommandResult:
    assert ran.code == 0, f"{ran.document.get('error')}\n{ran.stderr}"
    return ran


def assert_complete(program: Program, before: Mapping[str, CloudResource]) -> None:
    """Assert that the stack has its settings, lost and replaced nothing, and has nothing twice."""
    after = program.kept()
    assert before
    assert {urn: after[urn].id if urn in after else None for urn in before} == {
        urn: each.id for urn, each in before.items()
    }
    program.complete()
    succeeded(program.run("preview", "--expect-no-changes"))
    assert "no switch of the stack is in progress" in program.run("switch", "--resume").stderr


@pytest.mark.exhaustive
def test_a_switch_to_the_next_phase_replaces_nothing(program: Program) -> None:
    succeeded(program.run("up"))
    before = program.kept()
    switched = succeeded(program.run("switch", "--phase", "optimization"))
    assert switched.document["result"] == "succeeded"
    assert switched.document["ran"]
    assert "tierup:phase: optimization" in settings(program)
    assert_complete(program, before)


@pytest.mark.exhaustive
def test_a_switch_continues_on_another_machine_and_replaces_nothing(program: Program) -> None:
    succeeded(program.run("up"))
    before, original = program.kept(), settings(program)

    program.set(phase="scale", tier="medium")
    direct = program.run("up")
    assert direct.code == 2
    assert "the change takes more than one up" in str(direct.document["diagnostics"])
    assert "tierup switch --stack dev" in str(direct.document["diagnostics"])
    (program.folder / "Pulumi.dev.yaml").write_text(original)
    succeeded(program.run("preview", "--expect-no-changes"))

    stopped = succeeded(program.run("switch", "--phase", "scale", "--tier", "medium", "--until", "1"))
    assert (stopped.document["result"], stopped.document["done"], stopped.document["of"]) == ("stopped", 1, 2)
    assert stopped.document["interruption_seconds"] == 12  # the database's election
    assert "pauseDatabaseAutoscaling: true" in settings(program)
    again = program.run("switch", "--tier", "large")
    assert (again.code, "is in progress" in again.stderr) == (2, True)

    # Another machine has the settings file of the start.
    (program.folder / "Pulumi.dev.yaml").write_text(original)
    resumed = succeeded(program.run("switch", "--resume"))
    assert (resumed.document["result"], [each["number"] for each in resumed.document["ran"]]) == ("succeeded", [2])
    assert "pauseDatabaseAutoscaling" not in settings(program)
    assert "tierup:phase: scale" in settings(program)
    assert_complete(program, before)

    down = program.run("switch", "--phase", "optimization")
    assert down.code == 2
    assert "worker-logs: the log events" in down.stderr
    assert "--delete-data worker-logs" in down.stderr
    assert_complete(program, before)


# --- faults ---


@pytest.fixture
def medium(program: Program) -> Program:
    """A stack in phase optimization and tier small, whose next step is a long one."""
    program.set(phase="optimization")
    succeeded(program.run("up"))
    return program


TARGET = ("--phase", "scale", "--tier", "medium")
ACCEPTED = ("--set", "sizeOverrides.databaseDiskGb=40")
"""The disk of the database stays as it is, so that both tiers can be reached."""


@pytest.mark.exhaustive
@pytest.mark.parametrize("operation", ["create", "update"])
def test_a_switch_continues_after_an_error_of_the_cloud(medium: Program, operation: str) -> None:
    before = medium.kept()
    medium.arm(InjectedFault(operation=operation, kind="fail", after=15))
    failed = medium.run("switch", *TARGET)
    assert failed.code == 1
    assert "--resume" in failed.stderr
    succeeded(medium.run("switch", "--resume"))
    assert_complete(medium, before)


@pytest.mark.exhaustive
def test_a_switch_returns_after_an_error_of_the_cloud(medium: Program) -> None:
    before, original = medium.kept(), settings(medium)
    medium.arm(InjectedFault(operation="create", kind="fail", type=CREATED_LATE))
    assert medium.run("switch", *TARGET).code == 1
    succeeded(medium.run("switch", "--back"))
    assert_complete(medium, before)
    assert without_kept(settings(medium)) == without_kept(original)


def without_kept(text: str) -> list[str]:
    """Return the lines of a settings file without the values that a switch keeps."""
    return [line for line in text.splitlines() if not re.search(r"kmsKey|sizeOverrides|databaseDiskGb", line)]


def _kill_engine(program: Program, pid: int) -> None:
    kill_engine(pid)


def _kill_all(program: Program, pid: int) -> None:
    kill_engine(pid)
    os.kill(pid, signal.SIGKILL)


def _kill_sandbox(program: Program, pid: int) -> None:
    program.close()


def _interrupt(program: Program, pid: int) -> None:
    os.kill(pid, signal.SIGINT)


@pytest.mark.exhaustive
@pytest.mark.parametrize("stop", [_kill_engine, _kill_all, _kill_sandbox, _interrupt], ids=lambda each: each.__name__)
def test_a_switch_continues_after_it_was_killed(medium: Program, stop: Callable[[Program, int], None]) -> None:
    before = medium.kept()
    count = len(medium.resources())
    running = medium.start("switch", *TARGET)
    wait_until(lambda: len(medium.resources()) >= count + 20, seconds=240)
    stop(medium, running.pid)
    running.communicate(timeout=240)
    assert running.returncode != 0
    succeeded(medium.run("switch", "--resume", "--wait", "60"))
    assert_complete(medium, before)


@pytest.mark.exhaustive
def test_a_switch_continues_after_a_sample_of_its_operations(program: Program) -> None:
    """The stack changes between two tiers. In each switch an operation fails, or the engine is killed in it.

    tests/tierup/switch/test_pairs.py does the same for each operation, without the engine.
    """
    succeeded(program.run("up"))
    before = program.kept()
    for tier, operation, kind in (("medium", "update", "fail"), ("small", "create", "slow")):
        program.arm(InjectedFault(operation=operation, kind=kind, seconds=5.0))
        running = program.start("switch", "--tier", tier, *ACCEPTED)
        wait_until(lambda: running.poll() is not None or not program.faults(), seconds=600)  # noqa: B023
        assert not program.faults(), f"{operation}: no such operation"
        if kind == "slow":
            kill_engine(running.pid)
        running.communicate(timeout=600)
        assert running.returncode != 0
        succeeded(program.run("switch", "--resume", "--wait", "60"))
        assert_complete(program, before)


@pytest.fixture
def small_disk(tmp_path: Path) -> Generator[Path]:
    """An empty file system of 256 MiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256m", "tierup-test", str(disk)]
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def fill(disk: Path) -> Path:
    """Write to a file until no space is left, and return the file."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(1024 * 1024)):
            pass
    return ballast


@pytest.mark.exhaustive
def test_a_switch_continues_after_the_disk_was_full(small_disk: Path) -> None:
    """Project, state and sandbox are on the disk, which is full before the first switch, and during the second."""
    program = Program(small_disk / "checkout")
    try:
        program.set(phase="optimization")
        succeeded(program.run("up"))
        before, original, count = program.kept(), settings(program), len(program.resources())

        ballast = fill(small_disk)
        refused = program.run("switch", *TARGET)
        ballast.unlink()
        assert refused.code == 1
        assert "too little space on the disk" in refused.stderr
        assert (settings(program), len(program.resources())) == (original, count)

        running = program.start("switch", *TARGET)
        wait_until(lambda: len(program.resources()) >= count + 10, seconds=240)
        ballast = fill(small_disk)
        stopped = program.wait(running)
        ballast.unlink()
        assert stopped.code not in (0, 2), stopped
        assert "no space left on the disk" in str(stopped).lower()
        assert "--resume" in str(stopped)

        succeeded(program.run("switch", "--resume", "--wait", "60"))
        assert_complete(program, before)
    finally:
        program.close()


@pytest.mark.exhaustive
def test_tags_and_journal_are_kept_when_the_disk_is_full(small_disk: Path) -> None:
    """The disk is full when the journal of a switch begins, when it advances, and when it ends."""
    folder = small_disk / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (folder / "Pulumi.dev.yaml").write_text("config: {}\n")
    workspace = open_workspace(
        find(folder), "dev", small_disk / "home", find_or_install(), debug_providers="", create=True
    )
    journal = Journal(title="tier small → medium", origin={"tierup:tier": "small"}, steps=[{"tierup:tier": "medium"}])
    set_tag(workspace, "owner", "x" * 200)

    def on_full_disk(write: Callable[[], object]) -> None:
        tags = read_tags(workspace)
        assert tags
        ballast = fill(small_disk)
        with pytest.raises(CommandError, match=r"(?i)no space left on the disk"):
            write()
        assert read_tags(workspace) == tags
        ballast.unlink()

    on_full_disk(lambda: journals.begin(workspace, journal))
    assert journals.read(workspace) is None
    begun = journals.begin(workspace, journal)
    on_full_disk(lambda: journals.advance(workspace, begun, running=True))
    resumed = journals.read(workspace)
    assert resumed is not None
    assert (resumed.done, resumed.running, resumed.at) == (0, False, begun.at)
    ended = journals.advance(workspace, begun, done=1)
    on_full_disk(lambda: journals.end(workspace, ended))
    journals.end(workspace, ended)
    assert read_tags(workspace) == {"owner": "x" * 200}


@pytest.mark.exhaustive
def test_a_second_switch_at_the_same_time_is_refused(medium: Program) -> None:
    before = medium.kept()
    first = medium.start("switch", *TARGET)
    wait_until((medium.home / "pulumi" / "locks" / "tierup-dev.switch.holder").is_file, seconds=60)
    second = medium.run("switch", "--tier", "large")
    assert second.code == 6
    assert "another switch runs on the stack" in second.stderr
    first.communicate(timeout=600)
    assert first.returncode == 0
    assert_complete(medium, before)


@pytest.mark.exhaustive
def test_a_protected_stack_gives_up_only_the_data_that_is_named(program: Program) -> None:
    program.set(phase="scale", tier="small", protect=True)
    succeeded(program.run("up"))
    before = {each.name for each in program.kept().values()}
    refused = program.run("switch", "--phase", "optimization")
    assert refused.code == 2
    names = re.findall(r"--delete-data ([\w-]+)", refused.stderr)
    assert "worker-logs" in names
    options = [word for name in names for word in ("--delete-data", name)]
    succeeded(program.run("switch", "--phase", "optimization", *options))
    lost = before - {each.name for each in program.kept().values()}
    assert {each for each in lost if each in names} == set(names)
    assert not {"cache-replication", "database-cluster", "stack-key", "backend-logs"} & lost
    succeeded(program.run("preview", "--expect-no-changes"))
    program.set(protect=False)


# --- pairs of states ---

SAMPLE = (
    ("mvp/small", "optimization/medium", CdnKind.CLOUDFLARE),
    ("optimization/medium", "mvp/small", CdnKind.CLOUDFRONT),  # deletes data
    ("optimization/small", "scale/small", CdnKind.CLOUDFLARE),
    ("enterprise/medium", "scale/medium", CdnKind.CLOUDFRONT),  # refused
)


@pytest.mark.exhaustive
@pytest.mark.parametrize(("before", "after", "cdn"), SAMPLE)
def test_a_pair_of_states_keeps_data_and_what_users_reach(before: str, after: str, cdn: CdnKind) -> None:
    assert run_pair(parse(before), parse(after), cdn) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("cdn", list(CdnKind))
def test_every_other_pair_keeps_data_and_what_users_reach(cdn: CdnKind) -> None:
    """Pairs with a result in tools/switching/results.json are left out, so a run continues where it stopped."""
    assert run_pairs(None, cdn, again=False, workers=os.cpu_count() or 1, progress=print) == []


@pytest.mark.exhaustive
def test_a_random_walk_with_random_faults_loses_nothing(tmp_path: Path) -> None:
    assert run_walk(tmp_path / "walk", seed=3, switches=3, progress=print) == []


@pytest.mark.exhaustive
def test_the_cdn_changes_there_and_back_and_waits_for_the_registrar(program: Program) -> None:
    program.set(phase="scale", apiDomain="api-dev.example.com")
    succeeded(program.run("up"))
    before = program.kept()
    zone, logs = "0123456789abcdef0123456789abcdef", ("site-web-acl-logs", "api-edge-web-acl-logs")
    given_up = [option for name in logs for option in ("--delete-data", name)]

    stopped = program.run("switch", "--cdn", "cloudflare", "--set", f"cloudflareZoneId={zone}", *given_up)
    assert stopped.code == 8
    assert "does not delegate dev.example.com to Cloudflare (got Route 53)" in str(stopped.document["error"])
    assert "tierup:cdnStandby: cloudflare" in settings(program)
    with closing(program.cloud()) as cloud:
        delegate(cloud, "example.com", DnsProvider.CLOUDFLARE)
    there = succeeded(program.run("switch", "--resume"))
    assert [each["traffic"]["interruptions"] for each in there.document["ran"]] == [[], []]

    stopped = program.run(
        "switch", "--cdn", "cloudfront", "--set", "cloudflareZoneId=", "--delete-data", "generated-bucket-key"
    )
    assert stopped.code == 8
    assert "does not delegate dev.example.com to Route 53 (got Cloudflare)" in str(stopped.document["error"])
    with closing(program.cloud()) as cloud:
        delegate(cloud, "example.com", DnsProvider.ROUTE53)
    succeeded(program.run("switch", "--resume"))
    assert "cdnStandby" not in settings(program)
    replaced = {*logs, "cdn-distribution", "api-cdn-distribution"}
    kept = {urn: each for urn, each in before.items() if urn.rpartition("::")[2] not in replaced}
    assert_complete(program, kept)
