"""The page of public questions: three times thirty, and a setting or command with a page for at least 27 of each.

`tests/test_docs.py` checks that each named command, option, setting and link exists.
"""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs/how-to/answers.md"
QUESTION = re.compile(r"^\| (.+\?.*) \(\[[a-z]+ \d+\]\((https://github\.com/[^)]+/issues/\d+)\)\) \| (.+) \|$")
NAMED = re.compile(r"`(?:tierup[: ])[^`]+`")
PAGE_LINK = re.compile(r"\]\((?!https:)[^)]+\.md(?:#[^)]+)?\)")


def rows(text: str) -> list[tuple[str, str, str]]:
    """Return question, source and answer of each row."""
    return [(found[1], found[2], found[3]) for line in text.splitlines() if (found := QUESTION.match(line))]


def test_twenty_seven_of_thirty_public_questions_of_each_draw_have_an_answer() -> None:
    _, *draws = re.split(r"^## The (?:first|second|third) thirty$", PAGE.read_text(encoding="utf-8"), flags=re.M)
    assert len(draws) == 3
    sources: list[str] = []
    for draw in draws:
        supported, _, unsupported = draw.partition("### Not supported")
        answered, refused = rows(supported), rows(unsupported)
        assert len(answered) + len(refused) == 30
        assert len(answered) >= 27
        without = [asked for asked, _, answer in answered if not NAMED.search(answer) or not PAGE_LINK.search(answer)]
        assert without == []
        sources += [source for _, source, _ in answered + refused]
    assert len(set(sources)) == 90
