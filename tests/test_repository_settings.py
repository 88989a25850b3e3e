"""Hooks, workflows and settings of the repository: they are valid, and each check can fail."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.checkout_copy import ROOT, copy_checkout, run_in

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
BIN = ROOT / ".venv/bin"


def hooks() -> dict[str, Any]:
    (local,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    return {hook["id"]: hook for hook in local["hooks"]}


# --- hooks ---


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_checkout(tmp_path_factory.mktemp("repository"), git=True)


def run_hook(repository: Path, hook: str, *paths: str) -> subprocess.CompletedProcess[str]:
    files = ["--files", *paths] if paths else ["--all-files"]
    return run_in(repository, ["pre-commit", "run", hook, *files], PRE_COMMIT_HOME=str(repository / ".git/pre-commit"))


@pytest.mark.parametrize(
    "hook",
    ["zizmor", "detect-secrets", "end-of-file-fixer", "trailing-whitespace", "check-merge-conflict",
     "check-added-large-files"],
)  # fmt: skip
def test_the_files_of_the_project_pass_each_hook(repository: Path, hook: str) -> None:
    """`make test` runs ruff and basedpyright itself, and the next test runs actionlint."""
    ran = run_hook(repository, hook)
    assert ran.returncode == 0, ran.stdout + ran.stderr


UNSAFE_WORKFLOW = """\
name: unsafe
on: pull_request_target
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@main
      - run: echo ${{ github.event.pull_request.title }}
"""


@pytest.mark.parametrize(
    ("hook", "path", "text"),
    [
        ("ruff-format", "stacks/new.py", "a=1\n"),
        ("ruff", "stacks/new.py", "import os\n"),
        ("zizmor", ".github/workflows/unsafe.yml", UNSAFE_WORKFLOW),
        ("detect-secrets", "stacks/new.py", "KEY = 'AKIA" + "Q3EGYFZ7T5N2M4XB'\n"),
        ("detect-secrets", "notes.txt", "-----BEGIN RSA PRIVATE " + "KEY-----\n"),
        ("end-of-file-fixer", "notes.txt", "no line end"),
        ("trailing-whitespace", "notes.txt", "blank at the end \n"),
        ("check-added-large-files", "large.bin", "x" * 600_000),
    ],
)
def test_a_violation_fails_its_hook(repository: Path, hook: str, path: str, text: str) -> None:
    (repository / path).write_text(text)
    subprocess.run(["git", "add", path], cwd=repository, check=True)
    try:
        ran = run_hook(repository, hook, path)
    finally:
        subprocess.run(["git", "rm", "--quiet", "--force", path], cwd=repository, check=True)
    assert ran.returncode != 0, ran.stdout + ran.stderr


def actionlint(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the version that the hook pins. Go builds it from the module proxy once and caches it."""
    (module,) = hooks()["actionlint"]["additional_dependencies"]
    command = ["go", "run", module, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.skipif(shutil.which("go") is None, reason="actionlint is a Go program, and there is no go on PATH")
def test_actionlint_accepts_the_workflows_and_rejects_a_wrong_one(tmp_path: Path) -> None:
    if actionlint("-version").returncode != 0:
        pytest.skip("actionlint cannot be built: the Go module proxy cannot be reached")
    accepted = actionlint(*map(str, WORKFLOWS))
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(
        "on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ matrix.x }}\n"
    )
    assert 'property "x" is not defined' in actionlint(str(wrong)).stdout


# --- workflows ---


def test_zizmor_finds_nothing_in_the_workflows() -> None:
    ran = run_in(ROOT, ["zizmor", "--offline", "--no-progress", "--persona=auditor", str(GITHUB)])
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_actions_are_pinned_to_commits_with_their_version() -> None:
    lines = [line for path in WORKFLOWS for line in path.read_text().splitlines() if "uses:" in line]
    assert len(lines) > 2
    assert [line for line in lines if not re.search(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line)] == []


def test_jobs_have_a_time_limit_and_no_right_but_to_read() -> None:
    jobs: dict[str, Any] = {}
    for path in WORKFLOWS:
        workflow = yaml.safe_load(path.read_text())
        assert workflow["permissions"] == {}, path
        assert "group" in workflow["concurrency"], path
        jobs |= workflow["jobs"]
    assert {name: job["permissions"] for name, job in jobs.items()} == {name: {"contents": "read"} for name in jobs}
    assert all(job["timeout-minutes"] <= 60 for job in jobs.values())
    assert "test" in jobs


def test_ci_runs_on_every_supported_python_and_on_macos() -> None:
    matrix = yaml.safe_load((GITHUB / "workflows/ci.yml").read_text())["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert any(each["os"].startswith("macos") for each in matrix["include"])


# --- settings ---


@pytest.mark.parametrize(
    ("schema", "pattern"),
    [
        ("vendor.github-workflows", ".github/workflows/*.yml"),
        ("vendor.github-issue-forms", ".github/ISSUE_TEMPLATE/[!c]*.yml"),
        ("vendor.github-issue-config", ".github/ISSUE_TEMPLATE/config.yml"),
        ("vendor.renovate", "renovate.json"),
    ],
)
def test_settings_match_their_schema(schema: str, pattern: str) -> None:
    files = [str(path) for path in sorted(ROOT.glob(pattern))]
    assert files
    ran = run_in(ROOT, ["check-jsonschema", "--builtin-schema", schema, *files])
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_renovate_knows_the_form_of_the_actionlint_version() -> None:
    renovate = json.loads((ROOT / "renovate.json").read_text())
    (manager,) = renovate["customManagers"]
    (pattern,) = manager["matchStrings"]
    found = re.search(pattern.replace("(?<", "(?P<"), (ROOT / ".pre-commit-config.yaml").read_text())
    assert found is not None
    assert found["currentValue"].startswith("v1.")


def test_paths_in_codeowners_exist() -> None:
    lines = (GITHUB / "CODEOWNERS").read_text().splitlines()
    entries = [line.split() for line in lines if line and not line.startswith("#")]
    paths = [path for path, *_ in entries if path != "*"]
    assert paths
    assert [path for path in paths if not (ROOT / path.lstrip("/")).exists()] == []
    assert entries[0][0] == "*"
