"""Every test that docs/adr/0012-defaults-on-real-clouds.md names for a decision exists."""

from __future__ import annotations

import re

from tests.checkout_copy import ROOT

DECISIONS = ROOT / "docs/adr/0012-defaults-on-real-clouds.md"


def test_every_decision_names_an_existing_test() -> None:
    named = re.findall(r"\| `(test_\w+)` \|$", DECISIONS.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(named) > 10
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name in named if not re.search(rf"^def {name}\(", tests, re.MULTILINE)] == []
