from __future__ import annotations

from pathlib import Path

import pytest

from policies.atlas.indexes_declared import RULE
from policies.rule import Outcome, ProjectFiles

INDEXES = """
version: 1
collections:
  tasks:
    - keys: { user: 1, status: 1 }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "requirements.txt").write_text("pulumi-mongodbatlas==4.18.0\n", encoding="utf-8")
    return tmp_path


def evaluated(folder: Path, **parameters: object) -> tuple[Outcome, list[str]]:
    verdict = RULE.evaluate(ProjectFiles(folder, "dev"), parameters)
    return verdict.outcome, [finding.path for finding in verdict.findings]


@pytest.mark.parametrize("name", ["indexes.yaml", "indexes.yml"])
def test_declared_indexes_pass(folder: Path, name: str) -> None:
    (folder / name).write_text(INDEXES, encoding="utf-8")
    assert evaluated(folder) == (Outcome.PASS, [])


def test_missing_declaration_fails(folder: Path) -> None:
    assert evaluated(folder) == (Outcome.FAIL, ["indexes.yaml or indexes.yml"])


def test_another_file_passes_without_being_parsed(folder: Path) -> None:
    (folder / "migrations").mkdir()
    (folder / "migrations" / "1.js").write_text("db.tasks.createIndex({ user: 1 })", encoding="utf-8")
    assert evaluated(folder, indexFiles=["migrations/*.js"]) == (Outcome.PASS, [])


@pytest.mark.parametrize(
    ("content", "path"),
    [
        ("collections: [", "indexes.yaml"),
        ("- tasks", "indexes.yaml: collections"),
        ("collections: {}", "indexes.yaml: collections"),
        ("collections: { tasks: [] }", "indexes.yaml: collections.tasks"),
        ("collections: { tasks: [{ name: x }] }", "indexes.yaml: collections.tasks[0].keys"),
    ],
)
def test_declaration_without_indexes_fails(folder: Path, content: str, path: str) -> None:
    (folder / "indexes.yaml").write_text(content, encoding="utf-8")
    assert evaluated(folder) == (Outcome.FAIL, [path])


@pytest.mark.parametrize(
    ("manifest", "content"),
    [("Pulumi.yaml", "type: mongodbatlas:AdvancedCluster"), ("package.json", '"@pulumi/mongodbatlas": "^4"')],
)
def test_program_in_any_language_is_detected(tmp_path: Path, manifest: str, content: str) -> None:
    (tmp_path / manifest).write_text(content, encoding="utf-8")
    assert evaluated(tmp_path)[0] is Outcome.FAIL


def test_project_without_atlas_is_not_applicable(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("pulumi-aws\n", encoding="utf-8")
    assert evaluated(tmp_path)[0] is Outcome.NOT_APPLICABLE
