import pulumi_aws as aws

zone = aws.route53.Zone("zone", name="example.com")


def record(key, **inputs):
    return aws.route53.Record(key, zone_id=zone.zone_id, **{"ttl": 60, **inputs})


cert = aws.acm.Certificate(
    "c", domain_name="example.com", subject_alternative_names=["*.example.com"], validation_method="DNS"
)


def validate(options):
    pass


o = cert.domain_validation_options[0]
r = aws.route53.Record(
    "v",
    zone_id=zone.id,
    name=o.resource_record_name,
    type=o.resource_record_type,
    records=[o.resource_record_value],
    ttl=60,
    allow_overwrite=True,
)
aws.acm.CertificateValidation("cv", certificate_arn=cert.arn, validation_record_fqdns=[r.fqdn])
record("txt", name="example.com", type="TXT", records=["v=spf1 -all", "google-site-verification=abc"])
record("mx", name="example.com", type="MX", records=["10 mail.example.com."])
record("sub", name="dev", type="NS", records=["ns-1.example.net."])
