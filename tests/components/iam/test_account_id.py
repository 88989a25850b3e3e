"""Account ids: twelve digits, and nothing else."""

from __future__ import annotations

import pytest

from components.iam.account_id import check_account_id


def test_twelve_digits_are_an_account() -> None:
    check_account_id("account_id", "012345678901")


@pytest.mark.parametrize("account_id", ["", "12345678901", "1234567890123", "12345678901a", "123456789012\n"])
def test_others_are_refused(account_id: str) -> None:
    with pytest.raises(ValueError, match=r"account_id: got .*, allowed 12 digits: policies name the account"):
        check_account_id("account_id", account_id)
