"""Fixtures that the EC2 tests share."""

from __future__ import annotations

import pytest

from tierup.sandbox.aws.network import SUBNET
from tierup.sandbox.cloud import CloudResource

from ..account import Account


@pytest.fixture
def subnet(account: Account, vpc: CloudResource) -> CloudResource:
    return account.make(SUBNET, "a", vpcId=vpc.id, cidrBlock="10.0.0.0/24", availabilityZone="eu-west-1a")
