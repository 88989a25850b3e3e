"""Hooks, workflows and settings of the repository: they are valid, and each check can fail."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.checkout_copy import ROOT, copy_checkout, run_in

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
TEMPLATE = ROOT / "templates" / "tierup" / ".github"
ALL_WORKFLOWS = [*WORKFLOWS, *sorted((TEMPLATE / "workflows").glob("*.yml"))]
each_workflow = pytest.mark.parametrize("path", ALL_WORKFLOWS, ids=lambda path: str(path.relative_to(ROOT)))
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
    ["zizmor", "end-of-file-fixer", "trailing-whitespace", "check-merge-conflict",
     "check-added-large-files"],
)  # fmt: skip
def test_the_files_of_the_project_pass_each_hook(repository: Path, hook: str) -> None:
    """`make test` runs ruff and basedpyright itself, and other tests run actionlint and detect-secrets."""
    ran = run_hook(repository, hook)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_no_file_of_the_project_contains_a_secret(repository: Path, request: pytest.FixtureRequest) -> None:
    """detect-secrets needs half a minute for all files, so it scans those that have changed since it accepted them."""
    cache, key = request.config.cache, "tierup/files_without_secrets"
    assert cache is not None
    listed = run_in(repository, ["git", "ls-files", "-z"]).stdout
    setting = f"{hooks()['detect-secrets']}{version('detect-secrets')}"
    digests = {
        name: hashlib.sha256(setting.encode() + name.encode() + b"\0" + (repository / name).read_bytes()).hexdigest()
        for name in listed.split("\0")
        if (repository / name).is_file()
    }
    assert len(digests) > 1_000
    accepted = set(cache.get(key, list[str]()))
    changed = [name for name, digest in digests.items() if digest not in accepted]
    if changed:
        ran = run_hook(repository, "detect-secrets", *changed)
        assert ran.returncode == 0, ran.stdout + ran.stderr
    cache.set(key, sorted(digests.values()))


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
    accepted = actionlint(*map(str, ALL_WORKFLOWS))
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(
        "on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ matrix.x }}\n"
    )
    assert 'property "x" is not defined' in actionlint(str(wrong)).stdout


# --- workflows ---


def test_zizmor_finds_nothing_in_the_workflows() -> None:
    ran = run_in(ROOT, ["zizmor", "--offline", "--no-progress", "--persona=auditor", str(GITHUB), str(TEMPLATE)])
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_actions_are_pinned_to_commits_with_their_version() -> None:
    actions = [folder / "actions/set-up-tierup/action.yml" for folder in (GITHUB, TEMPLATE)]
    lines = [line for path in (*ALL_WORKFLOWS, *actions) for line in path.read_text().splitlines() if "uses:" in line]
    pins = [line for line in lines if "uses: ./.github/" not in line]
    assert len(pins) > 20
    assert [line for line in pins if not re.search(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line)] == []


WRITES = {
    "code-scanning": {"security-events"},  # the findings
    "comment": {"pull-requests"},
    "deploy": {"id-token"},  # the role
    "drift": {"id-token", "issues"},
    "release": {"contents", "id-token"},  # the settings file, the role
    "review": {"id-token"},
    "site": {"id-token"},
}
"""What the jobs of the reusable workflows may write. All others read."""


@each_workflow
def test_a_workflow_and_its_jobs_have_no_right_that_they_do_not_need(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {}
    assert "group" in workflow["concurrency"]
    assert workflow["jobs"]
    for name, job in workflow["jobs"].items():
        if "uses" in job:  # the rights of the jobs that it calls, and no more
            called = yaml.safe_load((path.parent / Path(job["uses"]).name).read_text())["jobs"].values()
            needed = {each for other in called for each in other["permissions"].items()}
            assert {each for each in job["permissions"].items() if each not in needed} == set()
            continue
        writes = {right for right, access in job["permissions"].items() if access == "write"}
        assert writes == WRITES.get(name, set())
        assert set(job["permissions"].values()) <= {"read", "write"}
        assert job["timeout-minutes"] <= 120


@each_workflow
def test_no_workflow_runs_the_code_of_a_fork_with_rights(path: Path) -> None:
    """A workflow that may write checks out the default branch, and keeps no credentials in the checkout."""
    text = path.read_text()
    workflow = yaml.safe_load(text)
    triggers = workflow[True]  # YAML 1.1 reads the key `on` as true
    assert "pull_request_target" not in triggers
    steps = [step for job in workflow["jobs"].values() for step in job.get("steps", ())]
    checkouts = [step["with"] for step in steps if step.get("uses", "").startswith("actions/checkout@")]
    assert all(each["persist-credentials"] is False for each in checkouts)
    if "workflow_run" in triggers:
        (job,) = workflow["jobs"].values()
        called = (path.parent / Path(job["uses"]).name).read_text()
        assert called.count("actions/checkout@") == 1
        assert "ref: ${{ github.event.repository.default_branch }}" in called


@each_workflow
def test_each_step_with_a_script_runs_commands_that_exist(path: Path) -> None:
    from tests.test_docs import named_commands, problem_with

    workflow = yaml.safe_load(path.read_text())
    scripts = [step["run"] for job in workflow["jobs"].values() for step in job.get("steps", ()) if "run" in step]
    unquoted = [re.sub(r'"[^"]*"', "TEXT", script) for script in scripts]
    assert [
        problem for script in unquoted for words in named_commands(script) if (problem := problem_with(words))
    ] == []
    own = [script for script in scripts if not script.startswith(("make ", "tierup "))]
    assert own == []


@pytest.mark.parametrize("path", sorted((TEMPLATE / "workflows").glob("tierup-*.yml")), ids=lambda path: path.name)
def test_this_repository_and_a_new_project_have_the_same_reusable_workflows(path: Path) -> None:
    assert (GITHUB / "workflows" / path.name).read_text() == path.read_text()
    workflow = yaml.safe_load(path.read_text())
    assert set(workflow[True]) == {"workflow_call"}
    inputs = (workflow[True]["workflow_call"] or {}).get("inputs", {})
    assert all(each["description"] for each in inputs.values())


def test_deployments_wait_for_a_variable_and_for_their_environment() -> None:
    deploy = yaml.safe_load((TEMPLATE / "workflows/deploy.yml").read_text())["jobs"]
    assert deploy["dev"]["if"] == "${{ vars.TIERUP_DEPLOY == 'true' }}"
    assert deploy["prod"]["needs"] == "dev"
    called = [yaml.safe_load(path.read_text()) for path in sorted((TEMPLATE / "workflows").glob("tierup-*.yml"))]
    with_role = [each for each in called if "id-token" in str(each["jobs"])]
    assert len(with_role) > 1
    for each in with_role:
        (job,) = each["jobs"].values()
        assert job["environment"] == "${{ inputs.environment || inputs.stack }}"
        # A review stack belongs to a pull request, and every other stack is one of the settings files.
        group = "tierup-review-${{ github.event.pull_request.number || 'sweep' }}"
        expected = group if each["name"] == "tierup review" else "tierup-stack-${{ inputs.stack }}"
        assert each["concurrency"]["group"] == expected


def test_ci_runs_on_every_supported_python_and_on_macos() -> None:
    matrix = yaml.safe_load((GITHUB / "workflows/ci.yml").read_text())["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert any(each["os"].startswith("macos") for each in matrix["include"])


# --- settings ---


@pytest.mark.parametrize(
    ("schema", "pattern"),
    [
        ("vendor.github-workflows", ".github/workflows/*.yml"),
        ("vendor.github-workflows", "templates/tierup/.github/workflows/*.yml"),
        ("vendor.github-actions", "**/.github/actions/*/action.yml"),
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


def test_renovate_matches_the_form_of_the_actionlint_version() -> None:
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
