"""Fixtures that the CloudFront tests share."""

from __future__ import annotations

import pytest

from ..account import Account


@pytest.fixture
def account() -> Account:
    return Account("us-east-1")
