"""The import contracts of .importlinter hold and can fail, and no modules import one another in a circle."""

from __future__ import annotations

import ast
import configparser
import graphlib
import re
from pathlib import Path

import grimp
import pytest

from tests.checkout_copy import ROOT, copy_checkout, run_in

ROOT_PACKAGES = ("components", "policies", "stacks", "tierup", "tools")
STANDALONE = ("tierup.cost", "tierup.engine", "tierup.sandbox")
"""Packages that import no other package of the project."""


def contracts() -> dict[str, dict[str, list[str]]]:
    """Return the options of each contract, split into lines."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    return {
        section.rpartition(":")[2]: {key: value.split("\n") for key, value in parser[section].items()}
        for section in parser.sections()
        if ":contract:" in section
    }


def lines(contract: str, option: str) -> set[str]:
    return set(filter(None, contracts()[contract][option]))


def module_file(module: str) -> Path:
    path = ROOT / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def test_the_contracts_are_kept() -> None:
    ran = run_in(ROOT, ["lint-imports", "--no-cache"])
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_every_package_that_a_contract_names_exists() -> None:
    named = set().union(
        *(lines(contract, option)
          for contract, options in contracts().items()
          for option in ("source_modules", "forbidden_modules", "ancestors") if option in options)
    )  # fmt: skip
    assert named >= set(ROOT_PACKAGES)
    assert {module for module in named if not module_file(module).is_file()} == set()


def test_every_package_is_in_each_contract_of_a_standalone_package() -> None:
    below = {f"tierup.{path.parent.name}" for path in (ROOT / "tierup").glob("*/__init__.py")}
    assert below >= set(STANDALONE)
    for package in STANDALONE:
        others = below - {package} | set(ROOT_PACKAGES) - {"tierup"}
        assert lines(package.removeprefix("tierup."), "forbidden_modules") == others


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_checkout(tmp_path_factory.mktemp("checkout"))


@pytest.mark.parametrize(
    ("package", "imported", "contract"),
    [
        ("components", "stacks", "Components import no other package"),
        ("stacks", "tierup", "The program imports components only"),
        ("stacks", "policies", "The program imports components only"),
        ("policies", "components", "The policy pack imports no other package"),
        ("tierup/sandbox", "stacks", "The sandbox imports no other package"),
        ("tierup/engine", "tierup.sandbox", "The engine driver imports no other package"),
        ("tierup/cost", "tierup.engine", "The price rules import no other package"),
        ("tierup", "tools", "Nothing that is installed imports"),
    ],
)
def test_a_forbidden_import_breaks_its_contract(copy: Path, package: str, imported: str, contract: str) -> None:
    planted = copy / package / "planted.py"
    planted.write_text(f"import {imported}\n")
    try:
        ran = run_in(copy, ["lint-imports", "--no-cache"])
    finally:
        planted.unlink()
    assert ran.returncode == 1, ran.stdout + ran.stderr
    broken = ran.stdout.partition("Broken contracts")[2]
    assert contract in broken.replace("\n", " ")


def test_packages_that_import_one_another_break_their_contract(copy: Path) -> None:
    planted = (copy / "stacks/catalog/planted.py", copy / "stacks/transforms/planted.py")
    planted[0].write_text("from stacks.transforms import planted\n")
    planted[1].write_text("from stacks.catalog import planted\n")
    try:
        ran = run_in(copy, ["lint-imports", "--no-cache"])
    finally:
        for file in planted:
            file.unlink()
    assert ran.returncode == 1
    assert "No cycles are allowed in stacks" in ran.stdout


def import_order(graph: grimp.ImportGraph) -> list[str]:
    """Return the modules so that each comes after those that it imports. Raises graphlib.CycleError."""
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    return list(graphlib.TopologicalSorter(imports).static_order())


def test_no_modules_import_one_another_in_a_circle() -> None:
    graph = grimp.build_graph(*ROOT_PACKAGES, cache_dir=None, exclude_type_checking_imports=True)
    assert len(import_order(graph)) > 400


def test_the_check_of_circles_finds_one() -> None:
    graph = grimp.ImportGraph()
    graph.add_import(importer="a", imported="b")
    graph.add_import(importer="b", imported="a")
    with pytest.raises(graphlib.CycleError):
        import_order(graph)


# --- components ---


def component_classes(source: str) -> set[str]:
    """Return the classes that have a type token. A base class of components has none, and may be imported."""
    return {
        node.name
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and re.search(r"super\(\).__init__\('tierup:", ast.unparse(node))
    }


def imported_names(source: str) -> set[tuple[str, str]]:
    """Return the module and name of each `from ... import ...` of the components."""
    return {
        (node.module, alias.name)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("components.")
        for alias in node.names
    }


def test_components_import_no_component_class_of_another_file() -> None:
    """They take ids and ARNs; data classes and functions may be shared."""
    sources = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path.read_text()
        for path in (ROOT / "components").rglob("*.py")
    }
    classes = {(module, name) for module, source in sources.items() for name in component_classes(source)}
    imports = {module: imported_names(source) for module, source in sources.items()}
    assert len(classes) > 40
    assert sum(map(len, imports.values())) > 50
    assert {module: taken for module, names in imports.items() if (taken := names & classes)} == {}


def test_components_use_absolute_imports() -> None:
    """The test above reads absolute imports only."""
    files = sorted((ROOT / "components").rglob("*.py"))
    assert len(files) > 50
    relative = [
        path.name
        for path in files
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []
