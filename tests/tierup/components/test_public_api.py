"""The public API: every component is in it, the list of it is current, and a program keeps its own packages."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.docs.components import components
from tools.docs.public_api import PAGE, exported, text


def test_every_component_is_exported_from_the_module_of_its_service() -> None:
    known = components()
    assert known
    for each in known:
        module = exported()[each.module.__name__.split(".")[1]]
        assert module[each.cls.__name__] is each.cls
        assert module[f"{each.cls.__name__}Args"] is each.args


def test_the_listed_api_is_that_of_the_code() -> None:
    assert PAGE.read_text() == text(), (
        "Run `make docs`. A removed name, argument or output, a new required argument and a changed type token break "
        "programs of users: docs/how-to/use-components-in-your-program.md says when they may be made."
    )


@pytest.mark.parametrize("order", [("mine", "tierup"), ("tierup", "mine")])
def test_a_program_keeps_its_own_package_called_components(tmp_path: Path, order: tuple[str, str]) -> None:
    (tmp_path / "components").mkdir()
    (tmp_path / "components" / "__init__.py").write_text("NAME = 'mine'\n")
    (tmp_path / "components" / "parts.py").write_text("NAME = 'a part of mine'\n")
    lines = {
        "mine": "import components",
        "tierup": "from tierup.components.s3 import LogBucket; from tierup.components.ecr import EcrRepository",
    }
    program = [
        *(lines[each] for each in order),
        "import components.parts",
        "from tierup.components.s3 import LogBucketArgs",
        "from tierup.components.secrets import AppSecrets",
        "import components as again",
        "print(again.NAME, components.parts.NAME, LogBucket.__module__)",
    ]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(program)],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "mine a part of mine components.s3.log_bucket", done.stderr
