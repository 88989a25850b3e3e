"""Fixtures for the tests of the AWS rows: an account and a VPC."""

from __future__ import annotations

import pytest

from tierup.sandbox.aws.network import VPC
from tierup.sandbox.cloud import CloudResource

from .account import Account


@pytest.fixture
def account() -> Account:
    """Return an empty account in eu-west-1."""
    return Account()


@pytest.fixture
def vpc(account: Account) -> CloudResource:
    """Create a VPC with the CIDR block 10.0.0.0/16."""
    return account.make(VPC, "vpc", cidrBlock="10.0.0.0/16")
