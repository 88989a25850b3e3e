"""Who may import whom: a policy must judge any program, the sandbox must be able to refuse ours."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("stacks", "components", "policies", "tierup")
ALLOWED = {
    "components": set[str](),
    "stacks": {"components"},
    "policies": set[str](),
    "tierup/sandbox": {"tierup.pulumi_protocol", "tierup.atomic_file"},
    "tierup/engine": {"tierup.pulumi_protocol", "tierup.atomic_file"},
    "tierup/cost": set[str](),
    "tierup": {"stacks", "components", "policies"},
}


def imported(file: Path, package: str) -> set[str]:
    """The packages of ours that a file imports, its own left out; parts of tierup by their full name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            module = node.module or ""
            names = [f"tierup.{alias.name}" for alias in node.names] if module == "tierup" else [module]
        else:
            continue
        found |= {name for name in names if name.split(".")[0] in OURS}
    own = package.replace("/", ".")
    return {name for name in found if not (name == own or name.startswith(f"{own}."))}


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_packages_import_only_what_they_may(package: str) -> None:
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    allowed = ALLOWED[package]
    for file in files:
        for name in imported(file, package):
            assert name in allowed or name.split(".")[0] in allowed, f"{file.relative_to(ROOT)} imports {name}"


def test_components_do_not_import_each_others_classes() -> None:
    """They take ids and ARNs; data and arithmetic may be shared."""
    for file in (ROOT / "components").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module:
                source = ROOT / "components" / f"{node.module}.py"
                components = {
                    item.name
                    for item in ast.parse(source.read_text()).body
                    if isinstance(item, ast.ClassDef)
                    and any(ast.unparse(base).endswith("ComponentResource") for base in item.bases)
                }
                taken = {alias.name for alias in node.names} & components
                assert not taken, f"{file.name} imports {taken}"
