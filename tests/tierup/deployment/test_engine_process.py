"""How the engine's process is started and which of its events are forwarded, with a script in its place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tierup.deployment.engine_process import stream_operation
from tierup.deployment.project import Project
from tierup.deployment.workspace import Workspace
from tierup.engine import Engine


def run(tmp_path: Path, script: str, environment: Mapping[str, str], home: Path | None) -> tuple[str, list[Any]]:
    """Run a shell script as the engine; return its output and the events that were forwarded."""
    path = tmp_path / "pulumi"
    path.write_text(f"#!/bin/sh\n{script}")
    path.chmod(0o755)
    workspace = Workspace(
        project=Project(folder=tmp_path, name="trial", document={}),
        stack="dev",
        engine=Engine(path=path, version="v3.259.0", origin="path", has_language_host=True),
        folder=tmp_path,
        environment=environment,
        home=home,
    )
    events: list[Any] = []
    result = stream_operation(
        workspace,
        ["refresh"],
        on_event=events.append,
        on_tick=lambda: None,
        notify=lambda _: None,
        runs_program=False,
    )
    return result.text, events


@pytest.mark.parametrize(
    ("own", "in_sandbox", "used"),
    [({}, True, "400"), ({"GOGC": "50"}, True, "50"), ({}, False, "unset")],
    ids=["sandbox", "own value", "real account"],
)
def test_the_engine_collects_garbage_less_often_in_the_sandbox(
    tmp_path: Path, own: Mapping[str, str], in_sandbox: bool, used: str
) -> None:
    text, _ = run(tmp_path, 'echo "GOGC is ${GOGC-unset}"', own, tmp_path if in_sandbox else None)
    assert text == f"GOGC is {used}\n"


def test_debug_messages_and_summaries_of_policies_are_not_forwarded(tmp_path: Path) -> None:
    violation = {"sequence": 4, "policyEvent": {"message": 'found "policyAnalyzeSummaryEvent" in a text'}}
    lines = [
        {"sequence": 1, "diagnosticEvent": {"severity": "debug", "message": "x"}},
        {"sequence": 2, "policyRemediateSummaryEvent": {"passed": ["a"]}},
        {"sequence": 3, "policyAnalyzeSummaryEvent": {"passed": ["a"]}},
        violation,
    ]
    (tmp_path / "events").write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines))
    _, events = run(tmp_path, f"cat '{tmp_path}/events'", {"PATH": "/usr/bin:/bin"}, tmp_path)
    assert events == [violation]
