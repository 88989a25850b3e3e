"""`make site`: the documentation builds as a site in strict mode, and a broken link or anchor fails the build."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tools.docs.site import on_config

ROOT = Path(__file__).parents[1]
# The theme otherwise prints a notice about another project.
ENVIRONMENT = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}


def build(config: Path, site: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "--config-file",
        str(config),
        "--site-dir",
        str(site),
    ]
    return subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Create a project with the settings of mkdocs.yml, one source file and two documents."""
    (tmp_path / "tools/docs").mkdir(parents=True)
    (tmp_path / "tools/docs/site.py").write_text((ROOT / "tools/docs/site.py").read_text())
    config = (ROOT / "mkdocs.yml").read_text()
    (tmp_path / "mkdocs.yml").write_text(
        re.sub(r"^nav:\n(?:  .*\n)+", "nav: [README.md, {Guides: guides/}]\n", config, flags=re.M)
    )
    (tmp_path / "Makefile").write_text("")
    (tmp_path / "docs/guides").mkdir(parents=True)
    (tmp_path / "docs/README.md").write_text("# Index\n\n[Guide](guides/guide.md#first-step), [source](../Makefile)\n")
    (tmp_path / "docs/guides/guide.md").write_text("# Guide\n\n## First step\n\n```mermaid\ngraph LR\n  a --> b\n```\n")
    return tmp_path


def test_the_documentation_builds_without_warnings_and_loads_no_fonts(tmp_path: Path) -> None:
    built = build(ROOT / "mkdocs.yml", tmp_path)
    assert built.returncode == 0, built.stdout + built.stderr
    pages = {path.relative_to(ROOT / "docs").with_suffix("") for path in (ROOT / "docs").rglob("*.md")}
    html = {tmp_path / (page.parent if page.name == "README" else page) / "index.html" for page in pages}
    assert len(html) > 100
    assert {page for page in html if not page.is_file()} == set()
    assert "fonts.g" not in (tmp_path / "index.html").read_text()


def test_a_small_project_builds_and_keeps_its_diagrams(project: Path) -> None:
    built = build(project / "mkdocs.yml", project / "site")
    assert built.returncode == 0, built.stdout + built.stderr
    assert '<pre class="mermaid">' in (project / "site/guides/guide/index.html").read_text()
    assert "Makefile" not in (project / "site/index.html").read_text()


def test_the_navigation_has_the_order_of_the_index(project: Path) -> None:
    docs = project / "docs"
    for name in ("a.md", "b.md"):
        (docs / "guides" / name).write_text("# A page\n")
    (docs / "README.md").write_text("[B](guides/b.md), [guide](guides/guide.md#first-step)\n")
    config = SimpleNamespace(nav=[{"Guides": "guides/"}], docs_dir=str(docs))
    assert on_config(config).nav == [{"Guides": ["guides/b.md", "guides/guide.md", "guides/a.md"]}]


def test_a_link_to_a_source_file_becomes_a_link_into_the_repository(project: Path) -> None:
    with (project / "mkdocs.yml").open("a") as config:
        config.write("repo_url: https://git.example.com/team/tierup/\n")
    assert build(project / "mkdocs.yml", project / "site").returncode == 0
    assert "https://git.example.com/team/tierup/blob/main/Makefile" in (project / "site/index.html").read_text()


@pytest.mark.parametrize(
    ("document", "text", "message"),
    [
        ("docs/README.md", "[x](missing.md)", "link 'missing.md', but the target"),
        ("docs/README.md", "[x](guides/guide.md#second-step)", "does not contain an anchor '#second-step'"),
        ("docs/README.md", "[x](#nowhere)", "no such anchor"),
        ("docs/README.md", "[x](../missing.py)", "../missing.py leads to no file"),
        ("docs/README.md", "[x](/guides/guide.md)", "absolute link"),
        ("docs/lost.md", "# Not in the navigation", 'not included in the "nav" configuration'),
    ],
    ids=["page", "anchor", "own anchor", "source file", "absolute link", "navigation"],
)
def test_a_broken_link_fails_the_build(project: Path, document: str, text: str, message: str) -> None:
    with (project / document).open("a") as file:
        file.write(f"\n{text}\n")
    built = build(project / "mkdocs.yml", project / "site")
    assert built.returncode != 0
    assert message in built.stdout + built.stderr
