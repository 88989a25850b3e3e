"""Every finding that docs/adr/0012-defaults-on-real-clouds.md decides has a test that names it."""

from __future__ import annotations

import re

from tests.checkout_copy import ROOT

DECISIONS = ROOT / "docs/adr/0012-defaults-on-real-clouds.md"


def test_every_decided_finding_has_a_test_that_names_it() -> None:
    decided = set(re.findall(r"^\| ([FTW]\d+) \|", DECISIONS.read_text(encoding="utf-8"), re.MULTILINE))
    assert {"F5", "W25"} <= decided
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = {each.upper() for each in re.findall(r"\bdef test_([ftw]\d+)_", tests)}
    named |= set(re.findall(r"\b(?:[Ff]indings?) ([FTW]\d+)\b", tests)) | set(re.findall(r'"""([FTW]\d+):', tests))
    assert decided - named == set()
