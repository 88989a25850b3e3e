"""The public API: every component is in it, no released name disappears, and a program keeps its own packages."""

from __future__ import annotations

import dataclasses
import importlib
import json
import os
import pkgutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import tierup.components
from tools.docs.components import components, token

PUBLISHED = Path(__file__).parent / "published.json"
MODULES = sorted(each.name for each in pkgutil.iter_modules(tierup.components.__path__) if each.name != "loading")


def exported() -> Mapping[str, Mapping[str, Any]]:
    """Return the exported objects by module and name."""
    modules = {name: importlib.import_module(f"tierup.components.{name}") for name in MODULES}
    return {name: {each: getattr(module, each) for each in module.__all__} for name, module in modules.items()}


def described() -> Mapping[str, Any]:
    """Return what a program relies on: names, type tokens, arguments and outputs."""
    tokens = {each.cls: token(each) for each in components()}
    return {
        f"{module}.{name}": {
            "token": tokens.get(value),
            "arguments": _arguments(value),
            "outputs": sorted(_outputs(value)) if value in tokens else [],
        }
        for module, names in exported().items()
        for name, value in names.items()
    }


def _arguments(value: Any) -> Mapping[str, str]:
    if not dataclasses.is_dataclass(value):
        return {}
    missing = dataclasses.MISSING
    return {
        each.name: "required" if each.default is missing and each.default_factory is missing else "optional"
        for each in dataclasses.fields(value)
    }


def _outputs(cls: type[Any]) -> Iterator[str]:
    for each in cls.__mro__:
        if each.__module__.startswith("components."):
            yield from (name for name in vars(each).get("__annotations__", {}) if not name.startswith("_"))


def test_every_component_is_exported_from_the_module_of_its_service() -> None:
    known = components()
    assert known
    for each in known:
        module = exported()[each.module.__name__.split(".")[1]]
        assert module[each.cls.__name__] is each.cls
        assert module[f"{each.cls.__name__}Args"] is each.args


def test_no_published_name_argument_or_output_has_disappeared() -> None:
    """A change that fails here breaks programs of users. docs/how-to/use-components-in-your-program.md says when it may
    be made; then write the file again with `python -m tests.tierup.components.test_public_api`."""
    published, current = json.loads(PUBLISHED.read_text()), described()
    broken = [f"{name}: removed" for name in published if name not in current]
    for name in published.keys() & current.keys():
        old, new = published[name], current[name]
        if old["token"] != new["token"]:
            broken.append(f"{name}: the type token changed to {new['token']}")
        broken += [f"{name}.{each}: removed" for each in old["arguments"] if each not in new["arguments"]]
        broken += [
            f"{name}.{each}: required now"
            for each, kind in new["arguments"].items()
            if kind == "required" and old["arguments"].get(each) != "required"
        ]
        broken += [f"{name}.{each}: output removed" for each in old["outputs"] if each not in new["outputs"]]
    assert broken == []


def test_the_published_api_is_complete() -> None:
    assert json.loads(PUBLISHED.read_text()) == described(), (
        "A name was added: run `python -m tests.tierup.components.test_public_api`."
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


if __name__ == "__main__":
    PUBLISHED.write_text(json.dumps(described(), indent=1) + "\n")
