"""The summary after an operation."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from rich.console import Console

from tierup.deployment.progress import Progress
from tierup.deployment.summary import clean_message, print_advisory_violations, print_outputs

RAISED = """Program failed with an unhandled exception:
Traceback (most recent call last):
  File "/p/stacks/__main__.py", line 4, in <module>
    main()
  File "/p/components/cache.py", line 12, in main
    raise ValueError("cpu is 3")
ValueError: cpu is 3
allowed are 256 and 512"""


def test_an_exception_is_shortened_to_text_and_line() -> None:
    shown = clean_message(RAISED, traceback=False)
    assert shown.startswith("ValueError: cpu is 3\nallowed are 256 and 512\n")
    assert 'raised at File "/p/components/cache.py", line 12' in shown
    assert "main()" not in shown


def test_traceback_shows_the_whole_traceback() -> None:
    assert clean_message(RAISED, traceback=True) == RAISED


def test_other_messages_are_unchanged() -> None:
    assert clean_message("tierup:tier is huge", traceback=False) == "tierup:tier is huge"


def violation(policy: str, name: str, level: str = "advisory", message: str = "R-001 on it. Fix it.") -> dict[str, Any]:
    urn = f"urn:pulumi:dev::p::aws:sns/topic:Topic::{name}" if name else "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev"
    event = {"policyName": policy, "enforcementLevel": level, "resourceUrn": urn, "message": message}
    return {"policyEvent": event}


def printed(*events: Mapping[str, Any]) -> str:
    progress = Progress()
    for event in events:
        progress.take(event)
    written = io.StringIO()
    print_advisory_violations(
        Console(file=written, width=200), [each for each in progress.violations if each.level != "mandatory"]
    )
    return written.getvalue()


def test_few_advisory_violations_are_shown_in_full() -> None:
    assert "Fix it." in printed(violation("a", "one"), violation("b", "two"))


def test_many_advisory_violations_are_one_line_per_policy() -> None:
    names = ["one", "two", "three", "four", "five"]
    not_evaluated = violation("later", "", message="R-002 could not be evaluated on T x: y is not known before `up`")
    text = printed(*(violation("a", name) for name in names), violation("b", ""), not_evaluated)
    assert [line.split() for line in text.splitlines()[1:4]] == [
        ["a", "one,", "two,", "three", "and", "2", "more"],
        ["b", "the", "stack"],
        ["later", "not", "evaluated", "yet"],
    ]
    assert "Fix it." not in text
    assert "tierup check" in text


def test_a_long_output_is_not_wrapped() -> None:
    url = "https://example.com/" + "a" * 200
    written = io.StringIO()
    print_outputs(Console(file=written, width=80), {"url": url, "ips": [], "zones": ["a", "b"]}, "Outputs")
    assert written.getvalue().splitlines() == ["Outputs", "ips    none", f"url    {url}", "zones  a, b"]
