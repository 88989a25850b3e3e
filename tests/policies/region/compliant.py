"""A weighted record of a region, of the compliant program."""

from __future__ import annotations

import pulumi_aws as aws


def deploy() -> None:
    """Declare the resources; the tests refer to them by their logical names."""
    aws.route53.Record(
        "weighted-record",
        zone_id="Z1",
        name="origin.example.com",
        type="A",
        set_identifier="eu-west-1",
        weighted_routing_policies=[{"weight": 100}],
        aliases=[{"name": "a.eu-west-1.elb.amazonaws.com", "zone_id": "Z2", "evaluate_target_health": True}],
    )
