"""What is installed: a wheel carries the program below tierup/program; an editable install carries no copies."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
PROGRAM = "tierup/program"


def _built(kind: str, into: Path) -> list[str]:
    code = f"from hatchling.build import build_{kind}; build_{kind}({str(into)!r})"
    subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=True, capture_output=True, timeout=120)
    (wheel,) = into.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return _built("wheel", tmp_path_factory.mktemp("wheel"))


def test_a_wheel_plants_nothing_generic_at_the_top(wheel: list[str]) -> None:
    assert {name.split("/")[0] for name in wheel} == {"tierup", "tierup-0.1.0.dist-info"}


@pytest.mark.parametrize("folder", ["stacks", "components", "policies"])
def test_a_wheel_carries_all_of_the_program(wheel: list[str], folder: str) -> None:
    files = [path for path in (CHECKOUT / folder).rglob("*") if path.suffix in (".py", ".yaml", ".json", ".js")]
    assert files
    assert {f"{PROGRAM}/{path.relative_to(CHECKOUT)}" for path in files} <= set(wheel)


def test_a_wheel_carries_the_projects_files(wheel: list[str]) -> None:
    carried = {name for name in wheel if name.startswith(f"{PROGRAM}/Pulumi")}
    assert carried == {f"{PROGRAM}/{name}" for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml")}
    assert f"{PROGRAM}/policies/PulumiPolicy.yaml" in wheel
    assert "tierup-0.1.0.dist-info/licenses/LICENSE" in wheel


def test_a_wheel_carries_what_the_engine_is_built_from_and_not_what_sets_up_a_checkout(wheel: list[str]) -> None:
    needed = {"build/go.mod", "build/go.sum", "build/go.lock", "shims/pulumi-language-python", "language_host.py"}
    assert {f"tierup/engine/{name}" for name in needed} <= set(wheel)
    assert "tierup/bootstrap.py" not in wheel
    assert not [name for name in wheel if name.endswith((".pyc", ".log"))]


def test_an_editable_install_is_a_path_and_no_copies(tmp_path: Path) -> None:
    assert [name for name in _built("editable", tmp_path) if "dist-info" not in name] == ["_tierup.pth"]


def test_the_rules_of_a_wheel_are_found_and_nothing_else_of_its_program(tmp_path: Path) -> None:
    _built("wheel", tmp_path)
    (built,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(tmp_path / "site")
    script = (
        "import sys\n"
        f"sys.path[:] = [{str(tmp_path / 'site')!r}, *(p for p in sys.path if p not in ('', {str(CHECKOUT)!r}))]\n"
        "from tierup.check import pack\n"
        "import importlib.util\n"
        "print(pack.PACK_FOLDER, len(pack.RULES) > 0, importlib.util.find_spec('stacks'))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(tmp_path / "site" / PROGRAM / "policies"), "True", "None"]
