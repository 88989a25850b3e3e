"""What is printed after an operation."""

from __future__ import annotations

from tierup.deployment.summary import clean

RAISED = """Program failed with an unhandled exception:
Traceback (most recent call last):
  File "/p/stacks/__main__.py", line 4, in <module>
    main()
  File "/p/components/cache.py", line 12, in main
    raise ValueError("cpu is 3")
ValueError: cpu is 3
allowed are 256 and 512"""


def test_an_exception_is_its_text_and_its_place() -> None:
    shown = clean(RAISED, traceback=False)
    assert shown.startswith("ValueError: cpu is 3\nallowed are 256 and 512\n")
    assert 'raised at File "/p/components/cache.py", line 12' in shown
    assert "main()" not in shown


def test_the_whole_traceback_is_there_for_whoever_asks() -> None:
    assert clean(RAISED, traceback=True) == RAISED


def test_other_messages_are_left_alone() -> None:
    assert clean("tierup:tier is huge", traceback=False) == "tierup:tier is huge"
