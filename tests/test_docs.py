"""The documents agree with the code: commands, options, settings, files, links and generated tables.

`make docs` writes the tables between `<!-- table: NAME -->` and `<!-- end -->` (tools/docs/tables.py).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier
from tests.policies.own_stacks import HOSTED
from tests.stacks.test_architecture import SERVICES, built
from tests.stacks.test_orchestrator import recorded
from tests.stacks.test_regions import build as two_regions
from tierup.ci.review_stacks import EXPIRES
from tierup.deployment.errors import ExitCode
from tierup.switch.journal import HEAD
from tools.docs.generated import TABLE, documents, with_fresh_tables
from tools.docs.tables import TABLES, commands, keys_below, setting_keys

ROOT = Path(__file__).parents[1]
DOCUMENTS = documents()
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`([^`\n]+)`")

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def prose(document: Path) -> str:
    return FENCE.sub("", document.read_text(encoding="utf-8"))


def code(document: Path) -> list[str]:
    """Return the code in a document: lines of fenced blocks, without the prompt "$ ", and inline spans."""
    text = document.read_text(encoding="utf-8")
    fenced = [line.removeprefix("$ ") for block in FENCE.findall(text) for line in block.splitlines()]
    return [*fenced, *INLINE.findall(FENCE.sub("", text))]


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


# --- commands ---


@cache
def options_of(command: str) -> frozenset[str]:
    params = commands()[command].params
    return frozenset({"--help", "-h", *(opt for each in params for opt in (*each.opts, *each.secondary_opts))})


def named_commands(text: str) -> Iterator[list[str]]:
    """Return the words after each `tierup` in a piece of code, up to a comment or another command.

    The name of an imported TypeScript module (`import * as tierup`) is no command.
    """
    for found in re.finditer(r"(?<![\w/.:-])(?<!\* as )tierup((?: +[^\s|;&#()`\"]+)+)", text):
        yield found[1].split()


def problem_with(words: list[str]) -> str | None:
    if words[0].startswith("-"):
        return None if words[0] in ("--help", "-h", "--version") else f"tierup has no option {words[0]}"
    known = commands()
    for length in (3, 2, 1):
        name = " ".join(words[:length])
        if name in known:
            own = (
                words[length : words.index("--")] if "--" in words else words[length:]
            )  # not those of a command in a task
            wrong = [each for each in own if each.startswith("-") and each not in options_of(name)]
            return f"`tierup {name}` has no {', '.join(wrong)}" if wrong else None
        if any(full.startswith(f"{name} ") for full in known) and len(words) == length:
            return None  # a group as a whole: `tierup sandbox faults`
    return f"there is no `tierup {' '.join(words[:3])}`"


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("up --stack dev --sandbox", False),
        ("up --sandboxed", True),
        ("sandbox faults add create fail --times 2", False),
        ("sandbox faults", False),
        ("sandbox env --stack dev", False),
        ("sandbox fault", True),
        ("publish", True),
        ("run --stack dev -- node --version", False),
        ("run --verbose -- node", True),
        ("--version", False),
        ("--verbose", True),
    ],
)
def test_the_check_of_commands_finds_wrong_ones(words: str, wrong: bool) -> None:
    assert bool(problem_with(words.split())) is wrong


def test_every_command_and_option_in_the_documents_exists() -> None:
    found = [(document, words) for document in DOCUMENTS for text in code(document) for words in named_commands(text)]
    assert len(found) > 40
    wrong = [f"{document.relative_to(ROOT)}: {why}" for document, words in found if (why := problem_with(words))]
    assert not wrong, "\n".join(wrong)


def test_every_make_target_in_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        word for document in DOCUMENTS for text in code(document) for word in re.findall(r"^make ([a-z-]+)$", text)
    }
    assert {"up", "test"} <= named <= targets


def test_every_exit_code_is_documented_and_no_other() -> None:
    text = (ROOT / "docs/reference/commands.md").read_text()
    rows = re.findall(r"^\| (\d+) \|", text, re.MULTILINE)
    assert sorted(int(row) for row in rows) == sorted(int(each) for each in ExitCode)


# --- settings, outputs ---


FREE_KEYS = {
    "alertWebhooks",
    "appSecrets",
    "capacitySchedules",
    "contentSecurityPolicy",
    "resourceOverrides",
    "scheduledTasks",
    "services",
}
"""Settings whose keys the user chooses."""


def test_every_setting_in_the_documents_exists_and_every_one_is_documented() -> None:
    text = {document: document.read_text() for document in DOCUMENTS}
    known = {key.removeprefix("tierup:") for key in setting_keys()}
    named: set[str] = set()
    for document, content in text.items():
        for key, below in re.findall(r"(?<![\w`]:)\btierup:([a-zA-Z0-9]+)(?:\.(\w+))?(?![\w:])", content):
            if f"tierup:{key}" in (HEAD, EXPIRES):  # stack tags
                continue
            assert key in known, f"{document.relative_to(ROOT)}: tierup:{key} is not a setting"
            assert not below or key in FREE_KEYS or below in keys_below(key), f"tierup:{key}.{below}"
            named.add(key)
    assert named == known - {"aws:region"}


WITH_EVERY_OUTPUT = {"image": "example.com/app:v1", "releaseTask": '{"command": ["migrate"]}'}


def test_the_outputs_are_those_of_the_program() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/reference/outputs.md").read_text(), re.MULTILINE)
    enterprise = built(Phase.ENTERPRISE, Tier.LARGE, services=json.dumps(SERVICES)).result
    given = {name for phase in Phase for name in built(phase, Tier.LARGE, **WITH_EVERY_OUTPUT).result}.union(enterprise)
    given |= set(built(Phase.MVP, Tier.SMALL, **HOSTED["vercel-render"]).result)
    given |= set(recorded("eks").result)
    given |= set(two_regions().result)
    assert sorted(rows) == sorted(given)


# --- tables ---


def test_every_table_is_in_a_document() -> None:
    placed = [found["name"] for document in DOCUMENTS for found in TABLE.finditer(document.read_text())]
    assert sorted(set(placed)) == sorted(TABLES)


@each_document
def test_tables_agree_with_the_code(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert text == with_fresh_tables(text), "out of date; run: make docs"


PYTHON_REPR = re.compile(r"(?<!\| )\b(None|True|False)$|=(None|True|False)\b|^\(.*,.*\)$|<\w+\.\w+:")


@pytest.mark.parametrize(
    ("span", "python"),
    [
        ("None", True),
        ("False", True),
        ("Scaling(floor=None)", True),
        ("('a', 'b')", True),
        ("<Kind.A: 'a'>", True),
        ("null", False),
        ("{floor: null}", False),
        ("str \\| None", False),
        ("https://<key>@<host>/<project>", False),
    ],
)
def test_the_check_of_values_recognizes_python(span: str, python: bool) -> None:
    assert bool(PYTHON_REPR.search(span)) is python


def test_generated_tables_show_values_in_yaml() -> None:
    pages = sorted((ROOT / "docs/reference").rglob("*.md"))
    rows = [
        (page, line) for page in pages for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("|")
    ]
    assert len(rows) > 1000
    found = [(str(page.relative_to(ROOT)), span) for page, line in rows for span in INLINE.findall(line)]
    assert [each for each in found if PYTHON_REPR.search(each[1])] == []


# --- links and files ---


def anchors(document: Path) -> set[str]:
    """Return the anchors that GitHub generates for a document's headings."""
    headings = re.findall(r"^#+ (.+)$", prose(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_relative_link_has_a_target() -> None:
    links = [(document, link) for document in DOCUMENTS for link in re.findall(r"\]\(([^)\s]+)\)", prose(document))]
    relative = [(document, link) for document, link in links if not urlsplit(link).scheme]
    assert len(relative) > 30
    for document, link in relative:
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), f"{document.relative_to(ROOT)}: {link} leads nowhere"
        assert target.is_relative_to(ROOT), f"{document.relative_to(ROOT)}: {link} leaves the project"
        assert not anchor or anchor in anchors(target), f"{document.relative_to(ROOT)}: {link} has no such heading"


def test_every_document_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    open_ones = [ROOT / "README.md"]
    while open_ones:
        document = open_ones.pop()
        reached.add(document)
        for link in re.findall(r"\]\(([^)\s#]+\.md)[^)]*\)", prose(document)):
            target = (document.parent / link).resolve()
            if target.exists() and target not in reached:
                open_ones.append(target)
    assert not [str(path.relative_to(ROOT)) for path in DOCUMENTS if path not in reached]


def test_every_file_named_in_the_documents_exists() -> None:
    pattern = re.compile(
        r"(?<![\w/.<>$~{-])((?:stacks|components|policies|tests|tierup|tools|examples|docs|\.ci|\.github)/[\w./-]*+)(?!<)"
    )
    named = [
        (document, path.rstrip("."))
        for document in DOCUMENTS
        for span in INLINE.findall(prose(document))
        for path in pattern.findall(span)
    ]
    assert len(named) > 20
    template = ROOT / "templates" / "tierup"  # what `tierup init` writes
    for document, path in named:
        assert (ROOT / path).exists() or (template / path).exists(), (
            f"{document.relative_to(ROOT)} names {path}, which does not exist"
        )


# --- contents that no file may have ---

FORBIDDEN = {
    "a package registry's host": r"pypi\.org|pythonhosted\.org|(?:proxy|sum)\.golang\.org|registry\.npmjs",
    "a path of the machine it was written on": r"(?<![\w.>])/(?:work|root)/",
    "something outside the project": r"\.\./shared",
}


def mirrors() -> Iterator[str]:
    """Return the package hosts in the settings of this machine."""
    for variable in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "GOPROXY"):
        for url in re.split(r"[\s,|]+", os.environ.get(variable, "")):
            if host := urlsplit(url).hostname:
                yield re.escape(host)


def test_no_file_contains_hosts_or_paths_of_this_machine() -> None:
    files = tracked()
    assert len(files) > 100
    patterns = {why: re.compile(pattern) for why, pattern in FORBIDDEN.items()}
    patterns |= {f"the package host {host}": re.compile(host) for host in mirrors()}
    for path in files:
        text = path.read_text(encoding="utf-8", errors="replace")
        for why, pattern in patterns.items():
            found = pattern.search(text)
            assert found is None, f"{path.relative_to(ROOT)} holds {why}: {found[0] if found else ''}"


def test_the_lock_file_contains_no_package_index() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "--hash=sha256:" in lock
    assert not re.search(r"^\s*(-i|--(extra-)?index-url|--find-links|--trusted-host)\b", lock, re.MULTILINE)
