"""The traffic: the weights of the regions' records in Route 53, which a failover changes in one change batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tierup.failover.stack_regions import StackRegions
from tierup.release.aws_errors import aws_errors

ACTIVE: Final = 100
STANDBY: Final = 0
"""Weights of the records, as components/dns/regional_record.py sets them."""


class TrafficRole:
    """The weighted records of a stack's origin name."""

    def __init__(self, client: Any, regions: StackRegions) -> None:
        """`client` is that of Route 53."""
        self._client = client
        self._regions = regions

    def weights(self) -> Mapping[str, int]:
        """Return the weight of each region's record. Raises CommandError."""
        name = f"{self._regions.origin_host}."
        with aws_errors():
            answer = self._client.list_resource_record_sets(
                HostedZoneId=self._regions.hosted_zone_id, StartRecordName=name, StartRecordType="A"
            )
        return {
            each["SetIdentifier"]: int(each["Weight"])
            for each in answer["ResourceRecordSets"]
            if each["Name"] == name and each["Type"] == "A" and "Weight" in each
        }

    def point_to(self, region: str) -> None:
        """Give all traffic to a region, and wait until all name servers answer so. Raises CommandError."""
        changes = [
            {
                "Action": "UPSERT",
                "ResourceRecordSet": {
                    "Name": self._regions.origin_host,
                    "Type": "A",
                    "SetIdentifier": name,
                    "Weight": ACTIVE if name == region else STANDBY,
                    "AliasTarget": {
                        "DNSName": member.load_balancer_dns,
                        "HostedZoneId": member.load_balancer_zone_id,
                        "EvaluateTargetHealth": True,
                    },
                },
            }
            for name, member in self._regions.members.items()
        ]
        with aws_errors():
            answer = self._client.change_resource_record_sets(
                HostedZoneId=self._regions.hosted_zone_id,
                ChangeBatch={"Comment": f"tierup failover to {region}", "Changes": changes},
            )
            self._client.get_waiter("resource_record_sets_changed").wait(
                Id=answer["ChangeInfo"]["Id"], WaiterConfig={"Delay": 5, "MaxAttempts": 60}
            )
