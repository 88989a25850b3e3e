"""VPC endpoints: gateway endpoints for S3 and DynamoDB, interface endpoints for PrivateLink services."""

from __future__ import annotations

import difflib
import zlib
from collections.abc import Iterable, Iterator

from tierup.sandbox.behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Plain,
    Quota,
    Rejection,
    Stage,
    assumed,
    documented,
    located,
    rule,
)

from .network import (
    APPLY,
    VPC,
    VPC_ENDPOINT,
    ec2_arn,
    refers,
    subnets_in_own_zones,
    subnets_in_vpc,
    to_route_table,
    to_security_group,
    to_subnet,
    to_vpc,
    vpc_of_group,
    vpc_of_table,
)
from .policy_documents import policy_document
from .same_scope import known, others_in_region, output_of
from .security_group_quotas import groups_per_interface
from .sources import EC2_ERRORS, RECORDED, VPC_QUOTAS, api, created_only, sdk

ENDPOINT_ROUTE_TABLE = "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation"


def endpoint_type(call: Call) -> str:
    """Return the endpoint's type: Gateway, Interface, GatewayLoadBalancer, Resource or ServiceNetwork."""
    return known(call, "vpcEndpointType", "Gateway")


@rule("endpoint-inputs-match-type", Stage.PLAN, source=sdk("ec2/vpcendpoint"))
def endpoint_inputs(call: Call) -> Iterator[Rejection]:
    service, type = known(call, "serviceName", ""), endpoint_type(call)
    if call.get("vpcEndpointType") is UNKNOWN:
        return
    if type == "Gateway":
        if service and not service.endswith((".s3", ".dynamodb", ".s3express")):
            yield Rejection(
                "vpcEndpointType",
                f"{service} has no Gateway endpoint. Only S3 and DynamoDB have one. Use Interface.",
                "InvalidParameter",
            )
        for path in ("subnetIds", "securityGroupIds", "privateDnsEnabled"):
            if call.get(path) not in (None, False, []):
                yield Rejection(path, f"{path} is not supported for Gateway endpoints", "InvalidParameter")
    elif call.get("routeTableIds") not in (None, []):
        yield Rejection("routeTableIds", f"routeTableIds is not supported for {type} endpoints", "InvalidParameter")
    region = known(call, "serviceRegion", call.region)
    if service.startswith("com.amazonaws.") and "vpce-svc-" not in service and f".{region}." not in service:
        yield Rejection(
            "serviceName",
            f"the service {service} is not in {region}. Service names start with com.amazonaws.{region}.",
            "InvalidServiceName",
        )


@rule(
    "endpoint-private-dns-requires-vpc-dns",
    *APPLY,
    source=api("ec2", "CreateVpcEndpointRequest"),
)
def endpoint_private_dns(call: Call) -> Iterator[Rejection]:
    vpc = call.cloud.get(VPC, call.get("vpcId"))
    if not call.get("privateDnsEnabled") or vpc is None:
        return
    missing = [name for name in ("enableDnsSupport", "enableDnsHostnames") if not vpc.outputs.get(name)]
    if missing:
        yield Rejection(
            "privateDnsEnabled", f"private DNS requires {' and '.join(missing)} on {vpc.id}", "InvalidParameter"
        )


_SERVICES = frozenset(
    [
        "access-analyzer",
        "account",
        "acm",
        "acm-pca",
        "airflow.api",
        "airflow.env",
        "amplify",
        "apigateway",
        "appconfig",
        "appconfigdata",
        "application-autoscaling",
        "appmesh-envoy-management",
        "apprunner",
        "appsync",
        "appsync-api",
        "athena",
        "auditmanager",
        "autoscaling",
        "autoscaling-plans",
        "backup",
        "backup-gateway",
        "batch",
        "bedrock",
        "bedrock-agent",
        "bedrock-agent-runtime",
        "bedrock-runtime",
        "billing",
        "ce",
        "cloudcontrolapi",
        "clouddirectory",
        "cloudformation",
        "cloudfront",
        "cloudhsmv2",
        "cloudtrail",
        "codeartifact.api",
        "codeartifact.repositories",
        "codebuild",
        "codecommit",
        "codeconnections.api",
        "codedeploy",
        "codedeploy-commands-secure",
        "codepipeline",
        "codestar-connections.api",
        "cognito-idp",
        "comprehend",
        "config",
        "connect-campaigns",
        "console",
        "databrew",
        "dataexchange",
        "datasync",
        "datazone",
        "deadline.management",
        "devops-guru",
        "dms",
        "ds",
        "dynamodb",
        "dynamodb-streams",
        "ebs",
        "ec2",
        "ec2messages",
        "ecr.api",
        "ecr.dkr",
        "ecs",
        "ecs-agent",
        "ecs-telemetry",
        "eks",
        "eks-auth",
        "elasticache",
        "elasticache-serverless",
        "elasticbeanstalk",
        "elasticbeanstalk-health",
        "elasticfilesystem",
        "elasticloadbalancing",
        "elasticmapreduce",
        "email-smtp",
        "emr-containers",
        "emr-serverless",
        "es",
        "events",
        "evidently",
        "execute-api",
        "fis",
        "firehose",
        "kinesis-firehose",
        "fsx",
        "git-codecommit",
        "glue",
        "grafana",
        "greengrass",
        "guardduty",
        "guardduty-data",
        "iam",
        "identitystore",
        "imagebuilder",
        "inspector2",
        "iot.credentials",
        "iot.data",
        "iotsitewise.api",
        "iotsitewise.data",
        "kafka",
        "kendra",
        "kinesis-streams",
        "kinesisvideo",
        "kms",
        "lakeformation",
        "lambda",
        "license-manager",
        "logs",
        "macie2",
        "mediaconnect",
        "memory-db",
        "monitoring",
        "mq",
        "network-firewall",
        "notebook",
        "organizations",
        "pinpoint",
        "pipes",
        "pipes-data",
        "polly",
        "qldb.session",
        "rds",
        "rds-data",
        "redshift",
        "redshift-data",
        "redshift-serverless",
        "rekognition",
        "resource-groups",
        "rolesanywhere",
        "route53resolver",
        "rum",
        "s3",
        "s3-global.accesspoint",
        "s3-outposts",
        "s3express",
        "sagemaker.api",
        "sagemaker.runtime",
        "scheduler",
        "schemas",
        "secretsmanager",
        "securityhub",
        "servicecatalog",
        "servicediscovery",
        "servicequotas",
        "sms-voice",
        "snow-device-management",
        "sns",
        "sqs",
        "ssm",
        "ssm-contacts",
        "ssm-incidents",
        "ssmmessages",
        "states",
        "storagegateway",
        "sts",
        "support",
        "swf",
        "sync-states",
        "synthetics",
        "tagging",
        "textract",
        "timestream-influxdb",
        "transcribe",
        "transfer",
        "translate",
        "trustedadvisor",
        "verifiedpermissions",
        "vpc-lattice",
        "wafv2",
        "workspaces",
        "xray",
    ]
)
"""Services with VPC endpoints, as the last part of their names. The list is not complete."""


@rule(
    "endpoint-service-exists",
    *APPLY,
    source=assumed(
        "services from memory, so that only a name close to one of them is rejected; page to check:"
        " https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html"
    ),
)
def endpoint_service(call: Call) -> Iterator[Rejection]:
    prefix = f"com.amazonaws.{call.get('serviceRegion') or call.region}."
    name = str(call.get("serviceName") or "").removeprefix(prefix)
    if name == call.get("serviceName") or name in _SERVICES:
        return
    if near := difflib.get_close_matches(name, _SERVICES, n=1, cutoff=0.75):
        yield Rejection(
            "serviceName",
            f"The Vpc Endpoint Service '{prefix}{name}' does not exist. Did you mean {prefix}{near[0]}?",
            "InvalidServiceName",
        )


@rule(
    "one-private-dns-name-per-vpc",
    *APPLY,
    source=documented(
        "github.com/hashicorp/terraform-provider-aws/issues/17535: 'private-dns-enabled cannot be set because there is"
        " already a conflicting DNS domain for ... in the VPC'",
        read="2026-11-28",
    ),
)
def one_private_dns(call: Call) -> Iterator[Rejection]:
    if call.get("privateDnsEnabled") is not True:
        return
    wanted = {"vpcId": call.get("vpcId"), "serviceName": call.get("serviceName")}
    for other in others_in_region(call, VPC_ENDPOINT, **wanted):
        if other.outputs.get("privateDnsEnabled") is True:
            yield Rejection(
                "privateDnsEnabled",
                "private-dns-enabled cannot be set because there is already a conflicting DNS domain for"
                f" {call.get('serviceName')} in the VPC {call.get('vpcId')} (endpoint '{other.name}')",
                "InvalidParameter",
            )


@rule("endpoint-in-its-vpc", *APPLY, source=EC2_ERRORS)
def endpoint_same_vpc(call: Call) -> Iterator[Rejection]:
    vpc, subnets = call.get("vpcId"), list(located(call.inputs, "subnetIds[*]"))
    yield from subnets_in_vpc(call, subnets, vpc, owner="the endpoint", code="InvalidParameter")
    yield from subnets_in_own_zones(call, subnets, hint="Set one subnet per zone.", code="DuplicateSubnetsInSameZone")
    for path, owner in (("securityGroupIds[*]", vpc_of_group), ("routeTableIds[*]", vpc_of_table)):
        for at, value in located(call.inputs, path):
            other_vpc = owner(call, value)
            if other_vpc and other_vpc != vpc:
                yield Rejection(
                    at, f"{value} belongs to {other_vpc}, the endpoint belongs to {vpc}", "InvalidParameter"
                )


@rule("one-gateway-endpoint-per-route-table", *APPLY, source=EC2_ERRORS)
def endpoint_routes_are_new(call: Call) -> Iterator[Rejection]:
    for at, table in located(call.inputs, "routeTableIds[*]"):
        for other in others_in_region(call, VPC_ENDPOINT, vpcId=call.get("vpcId"), serviceName=call.get("serviceName")):
            if table in (other.outputs.get("routeTableIds") or ()):
                yield Rejection(
                    at, f"{table} already routes {call.get('serviceName')} to {other.id}", "RouteAlreadyExists"
                )


FULL_ACCESS = '{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}],"Version":"2008-10-17"}'


def _endpoint_dns(call: Call) -> Plain:
    if endpoint_type(call) != "Interface":
        return []
    service = str(call.get("serviceName", "")).removeprefix(f"com.amazonaws.{call.region}.")
    host = f"{call.id}-{call.hex(8, 'dns')}.{service}.{call.region}.vpce.amazonaws.com"
    return [{"dnsName": host, "hostedZoneId": f"Z{call.hex(13, 'zone').upper()}"}]


def _endpoint_interfaces(call: Call) -> Plain:
    return [f"eni-{call.hex(17, subnet)}" for subnet in call.get("subnetIds") or ()]


def _prefix_list(call: Call) -> str | None:
    return f"pl-{call.hex(8, 'prefix-list')}" if endpoint_type(call) == "Gateway" else None


def _service_ranges(call: Call) -> list[str] | None:
    return [f"52.{int(call.hex(2, 'service'), 16)}.0.0/16"] if endpoint_type(call) == "Gateway" else None


def _private_dns_of_gateways(call: Call) -> Iterable[str]:
    """Changing privateDnsEnabled replaces an endpoint that is not an interface endpoint."""
    if endpoint_type(call) != "Interface" and bool(call.get("privateDnsEnabled")) != bool(
        (call.old or {}).get("privateDnsEnabled")
    ):
        yield "privateDnsEnabled"


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=VPC_ENDPOINT,
        source=sdk("ec2/vpcendpoint"),
        id="vpce-{hex17}",
        outputs={
            "arn": ec2_arn("vpc-endpoint"),
            "ownerId": "{account}",
            "state": "available",
            "requesterManaged": False,
            "vpcEndpointType": "Gateway",
            "policy": lambda _: FULL_ACCESS,
            "ipAddressType": "ipv4",
            "privateDnsEnabled": False,
            "serviceRegion": "{region}",
            "dnsOptions": {"dnsRecordIpType": "ipv4", "privateDnsOnlyForInboundResolverEndpoint": False},
            "prefixListId": _prefix_list,
            "cidrBlocks": _service_ranges,
            "routeTableIds": [],
            "subnetIds": [],
            "securityGroupIds": lambda call: (
                [output_of(call, VPC, call.get("vpcId"), "defaultSecurityGroupId")]
                if endpoint_type(call) == "Interface"
                else []
            ),
            "dnsEntries": _endpoint_dns,
        },
        derived={
            "networkInterfaceIds": _endpoint_interfaces,
            "subnetConfigurations": lambda call: [{"subnetId": subnet} for subnet in call.get("subnetIds") or ()],
        },
        replaces=frozenset(
            {
                "vpcId",
                "serviceName",
                "serviceRegion",
                "vpcEndpointType",
                "serviceNetworkArn",
                "resourceConfigurationArn",
            }
        ),
        replaces_when=_private_dns_of_gateways,
        replace_source=created_only("AWS::EC2::VPCEndpoint"),
        enums={
            "vpcEndpointType": ("Gateway", "GatewayLoadBalancer", "Interface", "Resource", "ServiceNetwork"),
            "ipAddressType": ("ipv4", "dualstack", "ipv6"),
        },
        exactly_one=(("serviceName", "serviceNetworkArn", "resourceConfigurationArn"),),
        references=(
            to_vpc(),
            to_subnet("subnetIds[*]"),
            to_security_group("securityGroupIds[*]"),
            to_route_table("routeTableIds[*]", holds=False),
        ),
        quotas=(
            Quota(
                limit=50,
                per="vpcId",
                what="interface endpoints per VPC (gateway endpoints count here too)",
                code="VpcEndpointLimitExceeded",
                source=VPC_QUOTAS,
            ),
            groups_per_interface("securityGroupIds"),
        ),
        rules=(
            endpoint_inputs,
            policy_document("policy", "resource", code="InvalidPolicyDocument"),
            endpoint_service,
            endpoint_private_dns,
            one_private_dns,
            endpoint_same_vpc,
            endpoint_routes_are_new,
        ),
    ),
    Behaviour(
        type=ENDPOINT_ROUTE_TABLE,
        source=sdk("ec2/vpcendpointroutetableassociation"),
        id=lambda call: f"a-{call.get('vpcEndpointId')}{zlib.crc32(call.get('routeTableId').encode())}",
        replaces=frozenset({"routeTableId", "vpcEndpointId"}),
        replace_source=RECORDED,
        references=(
            to_route_table(holds=False),
            refers("vpcEndpointId", VPC_ENDPOINT, "InvalidVpcEndpointId.NotFound", holds=False),
        ),
    ),
)
