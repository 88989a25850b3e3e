"""Where the runbook of an alarm is: one file an alarm, named as the alarm is, in one folder of this repository.

`cache-memory-1` and `cache-memory-2` are the same trouble on two nodes: the number is not part of the file's name.
"""

from __future__ import annotations

import re

LONGEST_DESCRIPTION = 1024
"""Characters of an alarm's description. Source: AWS API model of cloudwatch, AlarmDescription (botocore 1.43)."""


def runbook_file(alarm: str) -> str:
    """The runbook of the alarm by its row's name: "cache-memory-2" has cache-memory.md."""
    return f"{re.sub(r'-[0-9]+$', '', alarm)}.md"


def runbook_line(folder: str | None, alarm: str) -> str:
    """What an alarm's description ends with: a line with the link; nothing where there is no folder."""
    return "" if folder is None else f"\nRunbook: {folder}/{runbook_file(alarm)}"


def check_runbooks(folder: str | None) -> None:
    """Raises ValueError unless `folder` is one that a mail can link to."""
    if folder is not None and (not re.fullmatch(r"https://\S{1,220}", folder) or folder.endswith("/")):
        raise ValueError(
            f"runbooks is '{folder}'; give the https URL of the folder without a slash at its end, such as"
            " https://github.com/you/app/blob/main/docs/runbooks"
        )
