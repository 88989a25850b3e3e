"""Source locations of a resource, from the state of any machine and from a source map."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pulumi.runtime.proto import resource_pb2, source_pb2

from tests.tierup.check.builders import make_project
from tierup.check.source_locations import SourceLocation, callers, from_source_map, from_state
from tierup.engine.language_host import SourceMap


@pytest.mark.parametrize(
    "position",
    [
        "project:///stacks/ingress.py#30",  # the engine worked in the project's folder
        "project:///../../../work/checkout/stacks/ingress.py#30",  # in the sandbox's working copy
        "project:///../../home/me/elsewhere/stacks/ingress.py#30,4",  # on another machine, with a column
    ],
)
def test_a_states_position_is_found_in_this_checkout(position: str, tmp_path: Path) -> None:
    assert from_state({"urn": [position]}, make_project(tmp_path))["urn"] == (SourceLocation("stacks/ingress.py", 30),)


@pytest.mark.parametrize(
    "position",
    [
        "project:///.venv/lib/python3.11/site-packages/stacks/ingress.py#3",
        "project:///../usr/lib/python3.11/stacks/ingress.py#3",
        "project:///stacks/missing.py#3",
        "project:///stacks/ingress.py",
    ],
)
def test_installed_missing_and_incomplete_positions_have_no_location(position: str, tmp_path: Path) -> None:
    assert from_state({"urn": [position]}, make_project(tmp_path))["urn"] == ()


def test_an_escaped_path_is_read(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    (tmp_path / "stacks" / "my ingress.py").write_text("")
    assert (
        from_state({"urn": ["project:///stacks/my%20ingress.py#2"]}, project)["urn"][0].file == "stacks/my ingress.py"
    )


def test_without_a_project_there_are_no_locations() -> None:
    assert from_state({"urn": ["project:///stacks/ingress.py#30"]}, None) == {}


def test_a_source_map_gives_the_projects_lines_innermost_first(tmp_path: Path) -> None:
    project = make_project(tmp_path / "trial")
    notes = tmp_path / "map.json"
    frames = [
        (f"{project.folder.as_uri()}/components/balancer.py", 7),
        (f"{project.folder.as_uri()}/.venv/lib/python3.11/site-packages/pulumi/x.py", 1),
        (f"{project.folder.as_uri()}/stacks/ingress.py", 30),
        ("file:///usr/lib/python3.11/runpy.py", 88),
        (f"{project.folder.as_uri()}/tierup/engine/language_host.py", 320),
    ]
    notes.write_text(json.dumps({"urn": frames}))
    assert from_source_map(notes, project)["urn"] == (
        SourceLocation("components/balancer.py", 7),
        SourceLocation("stacks/ingress.py", 30),
    )


def test_a_missing_source_map_gives_no_locations(tmp_path: Path) -> None:
    assert from_source_map(tmp_path / "none.json", make_project(tmp_path)) == {}


def test_callers_are_the_outer_lines_in_the_programs_own_folder_once_each(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    ingress, main = SourceLocation("stacks/ingress.py", 30), SourceLocation("stacks/__main__.py", 3)
    inner = (SourceLocation("components/balancer.py", 7), SourceLocation("components/balancer.py", 5))
    assert callers((*inner, ingress, ingress, main), project) == (ingress, main)


def test_the_language_host_records_registrations_and_returns_the_response(tmp_path: Path) -> None:
    def answer(request: Any) -> resource_pb2.RegisterResourceResponse:
        return resource_pb2.RegisterResourceResponse(urn=f"urn::{request.name}")

    monitor = SimpleNamespace(RegisterResource=answer, ReadResource=answer)
    notes = SourceMap(tmp_path / "map.json")
    notes.watch(monitor)
    frames = [source_pb2.StackFrame(pc=source_pb2.SourcePosition(uri="file:///a.py", line=3)), source_pb2.StackFrame()]
    request = resource_pb2.RegisterResourceRequest(name="one", stackTrace=source_pb2.StackTrace(frames=frames))
    assert monitor.RegisterResource(request).urn == "urn::one"
    assert monitor.ReadResource(resource_pb2.ReadResourceRequest(name="two")).urn == "urn::two"
    notes.write()
    assert json.loads((tmp_path / "map.json").read_text()) == {"urn::one": [["file:///a.py", 3]], "urn::two": []}
