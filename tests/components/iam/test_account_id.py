"""Tests of the account id format."""

from __future__ import annotations

import pytest

from components.iam.account_id import check_account_id


def test_twelve_digits_pass() -> None:
    check_account_id("account_id", "012345678901")  # raises nothing


@pytest.mark.parametrize("account_id", ["", "12345678901", "1234567890123", "12345678901a", "123456789012\n"])
def test_other_account_ids_are_rejected(account_id: str) -> None:
    with pytest.raises(ValueError, match=r"account_id: not an AWS account id \(got .*\)\. Set 12 digits"):
        check_account_id("account_id", account_id)
