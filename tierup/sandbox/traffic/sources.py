"""The sources of the hops, each under a short name.

A page that was not read for this model is `assumed`, with its address to check.
"""

from __future__ import annotations

from tierup.sandbox.behaviour import Source, assumed, documented

_READ = "2026-11-28"
_AWS = "https://docs.aws.amazon.com"


def _page(url: str) -> Source:
    return assumed(f"from memory; page to check: {url}")


def _read(url: str) -> Source:
    """Return the source of a page that was read, in the vendor's public repository or in a stored copy."""
    return documented(url, read=_READ)


ALIAS_TTL = documented(
    "https://dev.classmethod.jp/articles/amazon-route-53-alias-ttl/, which quotes the ELB guide (60 s) and measures"
    " CloudFront (60 s)",
    read=_READ,
)
ALIAS_RECORD = _read(f"{_AWS}/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html")
WEIGHTED_RECORDS = _read(f"{_AWS}/Route53/latest/DeveloperGuide/routing-policy-weighted.html")
CLOUDFLARE_TTL = _read("https://developers.cloudflare.com/dns/manage-dns-records/reference/ttl/")
DELEGATION = _read("https://developers.cloudflare.com/dns/zone-setups/full-setup/setup/")
CERTIFICATE_NAMES = _read(f"{_AWS}/acm/latest/userguide/acm-certificate.html")
CERTIFICATE_VALIDATION = _read(f"{_AWS}/acm/latest/userguide/dns-validation.html")
CLOUDFRONT_CERTIFICATE = documented(
    "https://www.tech-reader.blog/2026/01/aws-cloudfront-error-tls-acm-and.html (certificates of viewers are in"
    " us-east-1 and cover the alias)",
    read=_READ,
)
CLOUDFRONT_BEHAVIOR = _read(f"{_AWS}/AmazonCloudFront/latest/DeveloperGuide/distribution-web-values-specify.html")
CLOUDFRONT_ALIAS = _read(f"{_AWS}/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html")
CLOUDFRONT_OAC = _read(f"{_AWS}/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html")
CLOUDFRONT_POLICIES = _read(f"{_AWS}/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html")
TLS_VERSIONS = _read(
    f"{_AWS}/elasticloadbalancing/latest/application/describe-ssl-policies.html as moto's elbv2/ssl_policies.py has it"
)
CONTENT_SECURITY_POLICY = _read(
    "https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy/connect-src"
)
CORS = _read("https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Access-Control-Allow-Origin")
UNIVERSAL_SSL = _read("https://developers.cloudflare.com/ssl/edge-certificates/universal-ssl/limitations/")
CLOUDFLARE_PROXY = _read("https://developers.cloudflare.com/dns/proxy-status/")
CLOUDFLARE_RULES = _read("https://developers.cloudflare.com/ruleset-engine/rules-language/operators/")
CLOUDFLARE_CONNECTOR = _read("https://developers.cloudflare.com/rules/cloud-connector/")
CLOUDFLARE_WEBSOCKETS = _read("https://developers.cloudflare.com/network/websockets/")
WAF_EVALUATION = _read(f"{_AWS}/waf/latest/developerguide/web-acl-processing-order.html")
SECURITY_GROUPS = _read(f"{_AWS}/vpc/latest/userguide/security-group-rules.html")
NETWORK_ACLS = _read(f"{_AWS}/vpc/latest/userguide/vpc-network-acls.html")
VPC_DNS = _read(f"{_AWS}/vpc/latest/userguide/vpc-dns.html")
ROUTES = _read(f"{_AWS}/vpc/latest/userguide/VPC_Route_Tables.html")
NAT = _read(f"{_AWS}/vpc/latest/userguide/vpc-nat-gateway.html")
INTERNET_GATEWAY = _read(f"{_AWS}/vpc/latest/userguide/VPC_Internet_Gateway.html")
ENDPOINTS = _read(f"{_AWS}/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html")
PEERING = _read(f"{_AWS}/vpc/latest/peering/vpc-peering-routing.html")
LISTENER_RULES = _read(f"{_AWS}/elasticloadbalancing/latest/application/listener-rules.html")
TARGET_HEALTH = _read(f"{_AWS}/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html")
HEALTH_CHECKS = _read(f"{_AWS}/Route53/latest/DeveloperGuide/health-checks-creating-values.html")
MUTUAL_TLS = _read(f"{_AWS}/elasticloadbalancing/latest/application/configuring-mtls-with-elb.html")
PODS = _read("https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/")
NODES = _read(f"{_AWS}/eks/latest/userguide/create-node-pool.html")
NETWORK_POLICIES = _read("https://kubernetes.io/docs/concepts/services-networking/network-policies/")
POD_SECRETS = _read(f"{_AWS}/secretsmanager/latest/userguide/integrating_csi_driver.html")
POD_IDENTITY = _read(f"{_AWS}/eks/latest/userguide/pod-id-how-it-works.html")
KUBERNETES_API = _read(f"{_AWS}/eks/latest/userguide/cluster-endpoint.html")
TARGET_GROUP_BINDING = documented(
    f"{_AWS}/aws-managed-policy/latest/reference/AmazonEKSLoadBalancingPolicy.html (the controller registers targets"
    " only in groups with the tag eks:eks-cluster-name)",
    read=_READ,
)
ECS_SERVICE = _read(f"{_AWS}/AmazonECS/latest/developerguide/ecs_services.html")
ECS_TASK_START = _read(f"{_AWS}/AmazonECS/latest/developerguide/fargate-task-networking.html")
ECS_EXEC = _read(f"{_AWS}/AmazonECS/latest/developerguide/ecs-exec.html")
ECS_SECRETS = _read(f"{_AWS}/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html")
SERVICE_CONNECT = documented(f"{_AWS}/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html", read=_READ)
ROTATION = _read(f"{_AWS}/secretsmanager/latest/userguide/troubleshoot_rotation.html")
SCHEDULER = _read(f"{_AWS}/scheduler/latest/APIReference/API_EcsParameters.html")
S3_ENCRYPTION = _read(f"{_AWS}/AmazonS3/latest/userguide/UsingKMSEncryption.html")
KMS_KEYS = _read(f"{_AWS}/kms/latest/developerguide/key-state.html")
S3_PUBLIC_ACCESS = _read(f"{_AWS}/AmazonS3/latest/userguide/access-control-block-public-access.html")
ATLAS_ACCESS_LIST = _read("https://www.mongodb.com/docs/atlas/security/ip-access-list/")
ATLAS_USERS = _read("https://www.mongodb.com/docs/atlas/security-add-mongodb-users/")
ATLAS_PEERING = _read("https://www.mongodb.com/docs/atlas/security-vpc-peering/")
ATLAS_PRIVATE_ENDPOINT = _read("https://www.mongodb.com/docs/atlas/security-private-endpoint/")
ATLAS_ENDPOINT_REGIONS = documented(
    "https://www.mongodb.com/docs/atlas/security-manage-private-endpoint/ (a multi-region cluster needs a private"
    " endpoint for each region with a node)",
    read=_READ,
)
ATLAS_CLUSTER = _read("https://www.mongodb.com/docs/atlas/reference/faq/connection-changes/")
HOST_DOMAINS = _page("https://render.com/docs/custom-domains, https://vercel.com/docs/domains and those of the others")
GLOBAL_DATASTORE = documented(
    f"{_AWS}/AmazonElastiCache/latest/dg/Redis-Global-Datastore.html (a secondary cluster only accepts reads)",
    read=_READ,
)
CACHE_AUTH = _read(f"{_AWS}/AmazonElastiCache/latest/dg/auth.html")
CACHE_USERS = _read(f"{_AWS}/AmazonElastiCache/latest/dg/Clusters.RBAC.html")
EFS_MOUNT = _page(f"{_AWS}/AmazonECS/latest/developerguide/tutorial-efs-volumes.html")
CACHE_TLS = _read(f"{_AWS}/AmazonElastiCache/latest/dg/in-transit-encryption.html")
CACHE_ACCESS = _read(f"{_AWS}/AmazonElastiCache/latest/dg/elasticache-vpc-accessing.html")
