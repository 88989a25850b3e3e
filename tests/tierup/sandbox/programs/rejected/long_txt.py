# Rejected: record-value-format
import pulumi_aws as aws

zone = aws.route53.Zone("zone", name="example.com")


def record(key, **inputs):
    return aws.route53.Record(key, zone_id=zone.zone_id, **{"ttl": 60, **inputs})


record("t", name="a.example.com", type="TXT", records=["x" * 256])
