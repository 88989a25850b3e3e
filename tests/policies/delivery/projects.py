"""Write projects to disk for the tests of the rules on files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from policies.rule import Parameters, ProjectFiles, ProjectRule, Verdict


def evaluate(
    rule: ProjectRule, folder: Path, files: Mapping[str, str], parameters: Parameters | None = None
) -> Verdict:
    """Return the verdict on a project with these files, given by their paths relative to `folder`."""
    write(folder, files)
    return rule.evaluate(ProjectFiles(folder, "dev"), parameters)


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files and create their folders."""
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


WORKFLOW = ".github/workflows/deploy.yml"


def workflow(*steps: str, env: str = "{}") -> dict[str, str]:
    """Return a GitHub workflow with these steps, each a YAML flow mapping."""
    lines = "\n".join(f"      - {step}" for step in steps)
    return {WORKFLOW: f"on: push\njobs:\n  deploy:\n    env: {env}\n    steps:\n{lines}\n"}
