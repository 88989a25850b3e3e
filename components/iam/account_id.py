"""Whether a text is the id of an AWS account."""

from __future__ import annotations

import re

_ACCOUNT_ID = re.compile(r"\d{12}")


def check_account_id(argument: str, account_id: str) -> None:
    """Raises ValueError for what is no account id."""
    if not _ACCOUNT_ID.fullmatch(account_id):
        raise ValueError(
            f"{argument}: got {account_id!r}, allowed 12 digits: policies name the account by them, and one that names "
            "another lets nobody in"
        )
