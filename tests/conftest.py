"""The order of the tests and their distribution over the workers: files that take longest start first."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

LONGEST: Sequence[str] = (
    "tests/tierup/deployment/test_operation.py",
    "tests/engine/test_program.py",
    "tests/tierup/preflight/test_aws_checks.py",
    "tests/engine/test_switch.py",
    "tests/tierup/test_wheel.py",
    "tests/engine/test_release.py",
    "tests/test_docs.py",
    "tests/engine/test_traffic.py",
    "tests/engine/test_existing_resources.py",
    "tests/stacks/test_traffic.py",
    "tests/stacks/test_options.py",
    "tests/stacks/test_rotation.py",
    "tests/tierup/check/test_check_on_engine.py",
    "tests/engine/test_policies_on_engine.py",
    "tests/tierup/cli/test_preflight.py",
    "tests/engine/test_life.py",
    "tests/policies/test_official_sdk.py",
)
"""The files that take longest, longest first. A wrong order costs time only: a worker may end long after the others."""

RECORDED_PROGRAM = "the recorded program"
DATADOG_SDK = "the SDK of Datadog, which takes 15 seconds and 1 GB to load"
SHARED_WORK: Mapping[str, str] = dict.fromkeys(
    (
        "tests/policies/test_own_stacks.py",
        "tests/policies/test_violations.py",
        "tests/stacks/resources/test_database.py",
        "tests/stacks/resources/test_kms_key.py",
        "tests/stacks/test_architecture.py",
        "tests/test_deployer_policy.py",
        "tests/test_docs.py",
        "tests/test_docs_components.py",
        "tests/tierup/cost/test_estimate.py",
        "tests/tierup/test_mocked_program.py",
    ),
    RECORDED_PROGRAM,
) | dict.fromkeys(
    (
        "tests/components/datadog/test_datadog.py",
        "tests/stacks/test_monitoring_vendors.py",
        "tests/tierup/sandbox/datadog/test_monitors.py",
        "tests/tierup/sandbox/datadog/test_other_types.py",
    ),
    DATADOG_SDK,
)
"""Files that run in one process, because they use the same cached recordings of the program, or the same large SDK."""


def pytest_configure() -> None:
    """Restore SIGINT, which a shell ignores in its background jobs. Tests interrupt child processes with it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers() -> int:
    """Return one worker more than there are cores, because tests on the engine wait for half of their time."""
    return (os.cpu_count() or 1) + 1


class ByFileAndSharedWork(LoadFileScheduling):
    """Gives the tests of a file to one worker, and files that share work to the same one."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return SHARED_WORK.get(file, file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """Return the scheduler for `--dist loadfile`, which pyproject.toml chooses; any other is that of pytest-xdist."""
    return ByFileAndSharedWork(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Ignore SIGINT in a worker that has run its tests.

    execnet sends one to a worker that has not ended 5 seconds after it should have (`_terminate_execution` of execnet
    2, read 2026-11-28), which then prints a KeyboardInterrupt of any code that runs at that time.
    """
    if hasattr(session.config, "workerinput"):
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def pytest_collection_finish() -> None:
    """Exclude the imported modules from garbage collection, which otherwise takes a fifth of the time."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the tests. The sort is stable, so that tests of a file keep their order."""
    rank = {file: number for number, file in enumerate(LONGEST)}
    engine = len(LONGEST)

    def order(item: pytest.Item) -> int:
        file = item.nodeid.partition("::")[0]
        return rank.get(file, engine if item.get_closest_marker("engine") else engine + 1)

    items.sort(key=order)
