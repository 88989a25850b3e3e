"""Every file that is generated from the code, with its content.

`make docs` writes these files; tests/test_docs.py, tests/test_docs_components.py and tests/policies/test_config.py
compare them with the code, tests/test_deployer_policy.py the deployer's policies, and
tests/tierup/components/test_public_api.py the public API.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from policies.config import schema
from policies.registry import RULES

from . import components, costs, deployer_policy, public_api, tables

ROOT: Final = Path(__file__).parents[2]
POLICY_CONFIG_SCHEMA: Final = ROOT / "policies/config.schema.json"
TABLE: Final = re.compile(r"<!-- table: (?P<name>[^>]+?) -->\n(?P<body>.*?)\n?<!-- end -->", re.DOTALL)
"""A generated table in a document, with the two comments around it."""


def documents() -> list[Path]:
    """Return every Markdown document of the project."""
    at_the_root = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")]
    return sorted([*(path for path in at_the_root if path.exists()), *(ROOT / "docs").rglob("*.md")])


def with_fresh_tables(text: str) -> str:
    """Return a document's text with each of its tables generated anew."""
    return TABLE.sub(
        lambda found: f"<!-- table: {found['name']} -->\n{tables.TABLES[found['name']]()}\n<!-- end -->", text
    )


def policy_config_schema() -> str:
    """Return the JSON Schema of policy config files, as text."""
    return json.dumps(schema(RULES), indent=2, ensure_ascii=False) + "\n"


def generated() -> Mapping[Path, str]:
    """Return the content of every generated file, and of every document that holds a generated table."""
    return dict(_generated())


def obsolete() -> list[Path]:
    """Return the pages of components that no longer exist."""
    return sorted(path for path in components.PAGES.glob("*.md") if path.name not in components.pages())


def _generated() -> Iterator[tuple[Path, str]]:
    pages = {components.PAGES / name: text for name, text in components.pages().items()}
    yield from pages.items()
    yield costs.PAGE, costs.page()
    yield POLICY_CONFIG_SCHEMA, policy_config_schema()
    yield deployer_policy.PAGE, deployer_policy.text()
    yield public_api.PAGE, public_api.text()
    for document in documents():
        if document in pages or document == costs.PAGE:
            continue
        text = document.read_text(encoding="utf-8")
        if TABLE.search(text):
            yield document, with_fresh_tables(text)
