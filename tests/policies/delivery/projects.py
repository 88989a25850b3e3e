"""A project on disk for rules on files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from policies.rule import Parameters, ProjectFiles, ProjectRule, Verdict


def evaluate(
    rule: ProjectRule, folder: Path, files: Mapping[str, str], parameters: Parameters | None = None
) -> Verdict:
    """The verdict on a project of these files, by their paths from `folder`."""
    write(folder, files)
    return rule.evaluate(ProjectFiles(folder, "dev"), parameters)


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Writes the files, with the folders that they need."""
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


WORKFLOW = ".github/workflows/deploy.yml"


def workflow(*steps: str, env: str = "{}") -> dict[str, str]:
    """A workflow of GitHub's with these steps, each a YAML flow mapping."""
    lines = "\n".join(f"      - {step}" for step in steps)
    return {WORKFLOW: f"on: push\njobs:\n  deploy:\n    env: {env}\n    steps:\n{lines}\n"}
