"""EC2 networking: names that its modules share."""

from __future__ import annotations

EGRESS_ONLY_GATEWAY = "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway"

NAT_GATEWAY = "aws:ec2/natGateway:NatGateway"
