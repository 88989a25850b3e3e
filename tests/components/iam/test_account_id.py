"""Tests of the account id format."""

from __future__ import annotations

import pytest

from components.iam.account_id import check_account_id


@pytest.mark.parametrize("account_id", ["", "12345678901", "1234567890123", "12345678901a", "123456789012\n"])
def test_only_twelve_digits_are_an_account_id(account_id: str) -> None:
    check_account_id("account_id", "012345678901")
    with pytest.raises(ValueError, match=r"account_id: not an AWS account id \(got .*\)\. Set 12 digits"):
        check_account_id("account_id", account_id)
