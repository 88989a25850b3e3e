"""Fixtures that the ELB tests share."""

from __future__ import annotations

import pytest

from tierup.sandbox.aws.elb import LOAD_BALANCER, TARGET_GROUP
from tierup.sandbox.cloud import CloudResource

from ..account import Account
from .inputs import Place


@pytest.fixture
def place(account: Account) -> Place:
    return Place(account)


@pytest.fixture
def balancer(account: Account, place: Place) -> CloudResource:
    return account.make(LOAD_BALANCER, "api", subnets=place.subnets, securityGroups=[place.group])


@pytest.fixture
def targets(account: Account, place: Place) -> CloudResource:
    return account.make(TARGET_GROUP, "api", port=5000, protocol="HTTP", targetType="ip", vpcId=place.vpc)
