"""The runbook of an alarm: one file per alarm with the alarm's name, in one folder of this repository.

`cache-memory-1` and `cache-memory-2` are the same alarm on two nodes, so the file's name omits the number.
"""

from __future__ import annotations

import re

LONGEST_DESCRIPTION = 1024
"""Maximum characters of an alarm's description. Source: API model of CloudWatch, AlarmDescription (botocore 1.43)."""


def runbook_file(alarm: str) -> str:
    """Return the file name of an alarm's runbook: cache-memory.md for "cache-memory-2"."""
    return f"{re.sub(r'-[0-9]+$', '', alarm)}.md"


def runbook_line(folder: str | None, alarm: str) -> str:
    """Return the last line of an alarm's description, with the runbook's link; empty without a folder."""
    return "" if folder is None else f"\nRunbook: {folder}/{runbook_file(alarm)}"


def check_runbooks(folder: str | None) -> None:
    """Raise ValueError unless `folder` is None or an https URL that an e-mail can link to."""
    if folder is not None and (not re.fullmatch(r"https://\S{1,220}", folder) or folder.endswith("/")):
        raise ValueError(
            f"runbooks: not the URL of a folder (got {folder!r}). Give an https URL without a final slash, such as "
            "https://github.com/you/app/blob/main/docs/runbooks."
        )
