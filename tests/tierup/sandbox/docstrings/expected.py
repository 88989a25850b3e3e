"""The examples that the sandbox rejects, with what the rejection says, and why it is right to reject them.

Each key of REJECTED is an example (type and number), each value a part of the rejection. REASONS explains the values.
"""

# ruff: noqa: E501 - a reason stays on one line

from __future__ import annotations

from collections.abc import Mapping

_OMITTED = "it names a resource that the example omits, by a made-up value"

REASONS: Mapping[str, str] = {
    "(rule acl-requires-object-ownership)": "a new bucket has Object Ownership BucketOwnerEnforced, which allows no ACL; the example omits the ownership controls",
    "(rule assumerolepolicy-is-a-policy-document)": "the trust policy is of a data source that the example omits",
    "(rule backup-vault-exists)": _OMITTED,
    "(rule certificate-is-requested-or-imported)": "the example leaves the domain name out",
    "(rule composite-alarm-children-exist)": _OMITTED,
    "(rule container-range-is-private)": _OMITTED,
    "(rule endpoint-in-its-vpc)": _OMITTED,
    "(rule endpoint-private-dns-requires-vpc-dns)": _OMITTED,
    "(rule event-rule-has-a-trigger)": "the example leaves the trigger out",
    "(rule function-has-code)": "the example leaves the runtime out",
    "(rule health-check-fits-its-type)": "the generated example has 0 for each number, and options of two types",
    "(rule ids-are-24-hex-digits)": "the example has a placeholder for the project",
    "(rule instance-has-ami-and-type)": "the example leaves the AMI out",
    "(rule kmskeyarn-exists)": _OMITTED,
    "(rule lifecycle-rules-have-actions)": 'the example leaves the actions out ("other configuration")',
    "(rule listener-protocol-matches-load-balancer)": _OMITTED,
    "(rule load-balancer-spans-zones)": _OMITTED,
    "(rule log-destination-name)": "the destination is a resource that the example omits",
    "(rule log-destinations-exist)": _OMITTED,
    "(rule peered-vpc-exists)": _OMITTED,
    "(rule peering-has-its-required-inputs)": "the example has a placeholder for the AWS account",
    "(rule permission-function-exists)": _OMITTED,
    "(rule record-values-fit-the-type)": _OMITTED,
    "(rule regions-are-in-atlas-form)": "the example has a placeholder for the region",
    "(rule replication-rule-is-complete)": "S3 requires deleteMarkerReplication beside a filter",
    "(rule restore-window-is-within-the-snapshots)": "assumed: the window of 4 days is longer than the snapshots are kept",
    "(rule route-destination-is-a-cidr)": "the example's CIDR block has host bits, which the provider rejects (verify.ValidIPv4CIDRNetworkAddress)",
    "(rule ruleset-kind-fits-its-scope)": "the generated example has a root ruleset in a zone",
    "(rule scalable-resource-exists)": _OMITTED,
    "(rule secret-exists)": _OMITTED,
    "(rule security-group-rule-cidrs)": _OMITTED,
    "(rule service-deployment-settings)": "the example leaves taskDefinition out",
    "(rule service-matches-task-definition)": _OMITTED,
    "(rule ttl-fits-the-proxy)": "the generated example sets a TTL on a proxied record",
    "(rule user-has-one-authentication)": "ElastiCache requires 16 characters; the example has 9",
    "(rule vpc-has-a-cidr)": "the example leaves the CIDR block out",
    "(rule zone-of-the-region)": "the example is of another Region than us-west-2, where the suite runs",
    "characters that are not allowed": "the autoname of 'front_end' has an underscore, which Elastic Load Balancing rejects",
    "exactly one of subnets": "the example leaves the subnets out",
    "no matching ACM Certificate found": "the certificate that the example looks up does not exist",
    "no matching ThirdPartyIntegration found": "the integration that the example looks up does not exist",
    "the type is wrong": "the value is of a resource that the example omits, or of a wrong type in the example",
    "there is no input 'host'": "the example spells the input 'host' ('Host' at Cloudflare), the SDK 'hosts'",
    "value is not allowed": _OMITTED,
    "value is out of range": "the generated example has 0 for each number",
}
"""By a part of the rejection, why it is right."""

_REJECTED: Mapping[str, tuple[str, ...]] = {
    "(rule acl-requires-object-ownership)": (
        "aws:s3:BucketLifecycleConfiguration-10",
        "aws:s3:BucketLogging-2",
        "aws:s3:BucketObject-2",
        "aws:s3:BucketObject-3",
        "aws:s3:BucketObject-4",
        "aws:s3:BucketObject-5",
        "aws:s3:BucketObjectv2-2",
        "aws:s3:BucketObjectv2-3",
        "aws:s3:BucketObjectv2-4",
        "aws:s3:BucketObjectv2-5",
        "aws:s3:BucketReplicationConfig-1",
        "aws:s3:BucketReplicationConfig-2",
        "aws:s3:BucketVersioning-1",
        "aws:s3:BucketVersioning-2",
    ),
    "(rule assumerolepolicy-is-a-policy-document)": (
        "aws:iam:Role-3",
        "aws:iam:Role-4",
        "aws:iam:Role-5",
        "aws:iam:Role-6",
    ),
    "(rule backup-vault-exists)": ("aws:backup:Plan-1",),
    "(rule certificate-is-requested-or-imported)": ("aws:lb:ListenerCertificate-1",),
    "(rule composite-alarm-children-exist)": ("aws:cloudwatch:CompositeAlarm-1",),
    "(rule container-range-is-private)": ("mongodbatlas:index:NetworkPeering-3",),
    "(rule endpoint-in-its-vpc)": (
        "aws:ec2:VpcEndpoint-5",
        "aws:ec2:VpcEndpoint-9",
    ),
    "(rule endpoint-private-dns-requires-vpc-dns)": ("aws:ec2:VpcEndpoint-4",),
    "(rule event-rule-has-a-trigger)": ("aws:cloudwatch:EventTarget-5",),
    "(rule function-has-code)": ("aws:s3:BucketNotification-4",),
    "(rule health-check-fits-its-type)": ("cloudflare:index:Healthcheck-1",),
    "(rule ids-are-24-hex-digits)": (
        "mongodbatlas:index:AdvancedCluster-8",
        "mongodbatlas:index:AdvancedCluster-9",
    ),
    "(rule instance-has-ami-and-type)": ("aws:ec2:InternetGateway-2",),
    "(rule kmskeyarn-exists)": ("aws:backup:Vault-1",),
    "(rule lifecycle-rules-have-actions)": (
        "aws:s3:BucketLifecycleConfiguration-1",
        "aws:s3:BucketLifecycleConfiguration-2",
        "aws:s3:BucketLifecycleConfiguration-3",
        "aws:s3:BucketLifecycleConfiguration-4",
        "aws:s3:BucketLifecycleConfiguration-5",
        "aws:s3:BucketLifecycleConfiguration-6",
        "aws:s3:BucketLifecycleConfiguration-7",
        "aws:s3:BucketLifecycleConfiguration-9",
    ),
    "(rule listener-protocol-matches-load-balancer)": (
        "aws:lb:Listener-3",
        "aws:lb:TrustStore-1",
    ),
    "(rule load-balancer-spans-zones)": (
        "aws:lb:LoadBalancer-3",
        "aws:lb:LoadBalancer-4",
    ),
    "(rule log-destination-name)": (
        "aws:wafv2:WebAclLoggingConfiguration-1",
        "aws:wafv2:WebAclLoggingConfiguration-2",
    ),
    "(rule log-destinations-exist)": ("aws:elasticache:ReplicationGroup-5",),
    "(rule peered-vpc-exists)": ("mongodbatlas:index:ProjectIpAccessList-3",),
    "(rule peering-has-its-required-inputs)": ("mongodbatlas:index:NetworkPeering-1",),
    "(rule permission-function-exists)": (
        "aws:lambda:Permission-3",
        "aws:lambda:Permission-5",
    ),
    "(rule record-values-fit-the-type)": ("aws:route53:Record-1",),
    "(rule regions-are-in-atlas-form)": ("mongodbatlas:index:BackupCompliancePolicy-1",),
    "(rule replication-rule-is-complete)": ("aws:s3:BucketReplicationConfig-3",),
    "(rule restore-window-is-within-the-snapshots)": ("mongodbatlas:index:CloudBackupSchedule-1",),
    "(rule route-destination-is-a-cidr)": ("aws:ec2:Route-1",),
    "(rule ruleset-kind-fits-its-scope)": ("cloudflare:index:Ruleset-1",),
    "(rule scalable-resource-exists)": (
        "aws:appautoscaling:ScheduledAction-2",
        "aws:appautoscaling:Target-3",
        "aws:appautoscaling:Target-5",
    ),
    "(rule secret-exists)": (
        "aws:secretsmanager:SecretRotation-1",
        "aws:secretsmanager:SecretVersion-1",
        "aws:secretsmanager:SecretVersion-2",
    ),
    "(rule security-group-rule-cidrs)": ("aws:ec2:SecurityGroup-1",),
    "(rule service-deployment-settings)": (
        "aws:ecs:Service-2",
        "aws:ecs:Service-4",
        "aws:ecs:Service-6",
        "aws:ecs:Service-7",
        "aws:ecs:Service-8",
        "aws:ecs:Service-9",
    ),
    "(rule service-matches-task-definition)": ("aws:ecs:Service-3",),
    "(rule ttl-fits-the-proxy)": ("cloudflare:index:DnsRecord-1",),
    "(rule user-has-one-authentication)": ("aws:elasticache:User-3",),
    "(rule vpc-has-a-cidr)": ("aws:ec2:FlowLog-4",),
    "(rule zone-of-the-region)": (
        "aws:ec2:Instance-5",
        "aws:ec2:Subnet-3",
    ),
    "characters that are not allowed": (
        "aws:lb:Listener-1",
        "aws:lb:Listener-2",
        "aws:lb:Listener-4",
        "aws:lb:Listener-5",
        "aws:lb:Listener-6",
        "aws:lb:Listener-7",
    ),
    "exactly one of subnets": ("aws:lb:Listener-10",),
    "no matching ACM Certificate found": ("aws:cloudfront:Distribution-1",),
    "no matching ThirdPartyIntegration found": ("mongodbatlas:index:AlertConfiguration-4",),
    "the type is wrong": (
        "aws:cloudwatch:MetricAlarm-7",
        "aws:ecs:Service-10",
    ),
    "there is no input 'host'": ("cloudflare:index:LoadBalancerPool-1",),
    "value is not allowed": ("aws:ec2:VpcEndpoint-6",),
    "value is out of range": ("cloudflare:index:LoadBalancerMonitor-1",),
}

REJECTED: Mapping[str, str] = {name: part for part, names in _REJECTED.items() for name in names}
"""By example, a part of the expected rejection."""
