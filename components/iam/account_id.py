"""The format of an AWS account id."""

from __future__ import annotations

import re

_ACCOUNT_ID = re.compile(r"\d{12}")


def check_account_id(argument: str, account_id: str) -> None:
    """Raise ValueError unless `account_id` has 12 digits."""
    if not _ACCOUNT_ID.fullmatch(account_id):
        raise ValueError(
            f"{argument}: not an AWS account id (got {account_id!r}). "
            "Set 12 digits: policies name the account by its id, and a wrong id denies every principal."
        )
