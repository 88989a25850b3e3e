# Rejected: one-routing-policy-per-name-and-type
import pulumi
import pulumi_aws as aws

zone = aws.route53.Zone("zone", name="example.com")


def record(key, **inputs):
    return aws.route53.Record(key, zone_id=zone.zone_id, **{"ttl": 60, **inputs})


a = record("a", name="a.example.com", type="A", records=["192.0.2.1"])
record(
    "b",
    name="a.example.com",
    type="A",
    records=["192.0.2.2"],
    set_identifier="b",
    weighted_routing_policies=[{"weight": 1}],
    opts=pulumi.ResourceOptions(depends_on=[a]),
)
