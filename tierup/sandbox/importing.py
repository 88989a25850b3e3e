"""Import ids: what `pulumi import` and `.get()` take to read a resource that the state does not have.

For most types it is the id of the state. A provider reads other types by parts that it joins in a documented order, and
rejects an id of another format.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from .cloud import Cloud, CloudResource

ImportId = str | Callable[[CloudResource], str]
"""A template of outputs, "{cluster}/{name}", or a function of the resource. {id} is the id of the state."""


class ImportIdError(ValueError):
    """An import id has the wrong format."""


def _cluster_service(service: CloudResource) -> str:
    return f"{str(service.outputs.get('cluster')).rpartition('/')[2]}/{service.outputs.get('name')}"


def _event_target(target: CloudResource) -> str:
    """Return bus, rule and target id; the default bus is left out."""
    bus = str(target.outputs.get("eventBusName") or "default").rpartition("/")[2]
    name = f"{target.outputs.get('rule')}/{target.outputs.get('targetId')}"
    return name if bus == "default" else f"{bus}/{name}"


def _route(route: CloudResource) -> str:
    paths = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")
    destination = next((route.outputs[path] for path in paths if route.outputs.get(path)), "")
    return f"{route.outputs.get('routeTableId')}_{destination}"


def _table_association(association: CloudResource) -> str:
    attached = association.outputs.get("subnetId") or association.outputs.get("gatewayId")
    return f"{attached}/{association.outputs.get('routeTableId')}"


def _listed_rule(rule: CloudResource) -> str:
    values = rule.outputs
    protocol = {"-1": "all"}.get(str(values.get("protocol")), values.get("protocol"))
    parts = [values.get("securityGroupId"), values.get("type"), protocol, values.get("fromPort"), values.get("toPort")]
    if values.get("self") is True:
        parts.append("self")
    parts += [each for path in ("cidrBlocks", "ipv6CidrBlocks", "prefixListIds") for each in values.get(path) or ()]
    parts += [values["sourceSecurityGroupId"]] if values.get("sourceSecurityGroupId") else []
    return "_".join(map(str, parts))


def _ruleset(ruleset: CloudResource) -> str:
    zone = ruleset.outputs.get("zoneId")
    scope = f"zones/{zone}" if zone else f"accounts/{ruleset.outputs.get('accountId')}"
    return f"{scope}/{ruleset.id}"


def _entry(entry: CloudResource) -> str:
    values = entry.inputs
    what = values.get("cidrBlock") or values.get("ipAddress") or values.get("awsSecurityGroup")
    return f"{values.get('projectId')}-{what}"


_WAF = "{id}/{name}/{scope}"

_PATTERNS: dict[Callable[[CloudResource], str], str] = {
    _cluster_service: r"[^/]+/[^/]+",
    _event_target: r".+/.+",
    _route: r".+_.+",
    _table_association: r".+/.+",
    _listed_rule: r"sg-.+_(ingress|egress)_.+_.+_.+_.+",
    _ruleset: r"(zones|accounts)/[^/]+/[^/]+",
    _entry: r".+-.+",
}
"""The pattern of each format that is no template."""


def _state_id(pattern: str) -> Callable[[CloudResource], str]:
    """Return an import id that is the id of the state, which has several parts."""

    def import_id(resource: CloudResource) -> str:
        return resource.id

    _PATTERNS[import_id] = pattern
    return import_id


IMPORT_IDS: Mapping[str, tuple[str, ImportId]] = {
    "aws:appautoscaling/policy:Policy": (
        "SERVICE-NAMESPACE/RESOURCE-ID/SCALABLE-DIMENSION/POLICY-NAME",
        "{serviceNamespace}/{resourceId}/{scalableDimension}/{name}",
    ),
    "aws:appautoscaling/target:Target": (
        "SERVICE-NAMESPACE/RESOURCE-ID/SCALABLE-DIMENSION", _state_id(r"[^/]+/.+/[^/]+:[^/]+:[^/]+"),
    ),
    "aws:backup/restoreTestingSelection:RestoreTestingSelection": (
        "SELECTION-NAME:PLAN-NAME", _state_id(r"[^:]+:[^:]+"),
    ),
    "aws:backup/selection:Selection": ("PLAN-ID|SELECTION-ID", "{planId}|{id}"),
    "aws:budgets/budget:Budget": ("ACCOUNT-ID:BUDGET-NAME", _state_id(r"\d{12}:.+")),
    "aws:cloudwatch/eventTarget:EventTarget": ("[BUS/]RULE/TARGET-ID", _event_target),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": ("LOG-GROUP:FILTER", "{logGroupName}:{name}"),
    "aws:cloudwatch/logStream:LogStream": ("LOG-GROUP:STREAM", "{logGroupName}:{name}"),
    "aws:ec2/route:Route": ("ROUTE-TABLE-ID_DESTINATION", _route),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": (
        "SUBNET-ID/ROUTE-TABLE-ID or GATEWAY-ID/ROUTE-TABLE-ID", _table_association,
    ),
    "aws:ec2/securityGroupRule:SecurityGroupRule": (
        "SECURITY-GROUP-ID_TYPE_PROTOCOL_FROM-PORT_TO-PORT_SOURCE[_SOURCE...]", _listed_rule,
    ),
    "aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation": ("VPC-ID", "{vpcId}"),
    "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation": (
        "VPC-ENDPOINT-ID/ROUTE-TABLE-ID", "{vpcEndpointId}/{routeTableId}",
    ),
    "aws:ecs/cluster:Cluster": ("CLUSTER-NAME", "{name}"),
    "aws:ecs/service:Service": ("CLUSTER-NAME/SERVICE-NAME", _cluster_service),
    "aws:iam/rolePolicy:RolePolicy": ("ROLE-NAME:POLICY-NAME", _state_id(r"[^:]+:[^:]+")),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ("ROLE-NAME/POLICY-ARN", "{role}/{policyArn}"),
    "aws:lambda/permission:Permission": ("FUNCTION-NAME/STATEMENT-ID", _state_id(r".+/[^/]+")),
    "aws:lb/listenerCertificate:ListenerCertificate": ("LISTENER-ARN_CERTIFICATE-ARN", _state_id(r"arn:.+_arn:.+")),
    "aws:route53/record:Record": ("ZONE-ID_NAME_TYPE[_SET-IDENTIFIER]", _state_id(r"[^_]+_.*_[A-Z]+(_.+)?")),
    "aws:scheduler/schedule:Schedule": ("GROUP-NAME/SCHEDULE-NAME", _state_id(r"[^/]+/[^/]+")),
    "aws:secretsmanager/secretVersion:SecretVersion": ("SECRET-ARN|VERSION-ID", _state_id(r"arn:.+\|.+")),
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": ("NAMESPACE-ID:VPC-ID", "{id}:{vpc}"),
    "aws:wafv2/ipSet:IpSet": ("ID/NAME/SCOPE", _WAF),
    "aws:wafv2/regexPatternSet:RegexPatternSet": ("ID/NAME/SCOPE", _WAF),
    "aws:wafv2/ruleGroup:RuleGroup": ("ID/NAME/SCOPE", _WAF),
    "aws:wafv2/webAcl:WebAcl": ("ID/NAME/SCOPE", _WAF),
    "aws:wafv2/webAclAssociation:WebAclAssociation": ("WEB-ACL-ARN,RESOURCE-ARN", _state_id(r"arn:.+,arn:.+")),
    "cloudflare:index/authenticatedOriginPulls:AuthenticatedOriginPulls": ("ZONE-ID/HOST-NAME", _state_id(r".+/.*")),
    "cloudflare:index/authenticatedOriginPullsCertificate:AuthenticatedOriginPullsCertificate": (
        "ZONE-ID/CERTIFICATE-ID", "{zoneId}/{id}",
    ),
    "cloudflare:index/authenticatedOriginPullsHostnameCertificate:AuthenticatedOriginPullsHostnameCertificate": (
        "ZONE-ID/CERTIFICATE-ID", "{zoneId}/{id}",
    ),
    "cloudflare:index/certificatePack:CertificatePack": ("ZONE-ID/CERTIFICATE-PACK-ID", "{zoneId}/{id}"),
    "cloudflare:index/dnsRecord:DnsRecord": ("ZONE-ID/DNS-RECORD-ID", "{zoneId}/{id}"),
    "cloudflare:index/healthcheck:Healthcheck": ("ZONE-ID/HEALTHCHECK-ID", "{zoneId}/{id}"),
    "cloudflare:index/loadBalancer:LoadBalancer": ("ZONE-ID/LOAD-BALANCER-ID", "{zoneId}/{id}"),
    "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor": ("ACCOUNT-ID/MONITOR-ID", "{accountId}/{id}"),
    "cloudflare:index/loadBalancerPool:LoadBalancerPool": ("ACCOUNT-ID/POOL-ID", "{accountId}/{id}"),
    "cloudflare:index/ruleset:Ruleset": ("zones/ZONE-ID/RULESET-ID or accounts/ACCOUNT-ID/RULESET-ID", _ruleset),
    "mongodbatlas:index/advancedCluster:AdvancedCluster": ("PROJECTID-CLUSTERNAME", "{projectId}-{name}"),
    "mongodbatlas:index/alertConfiguration:AlertConfiguration": (
        "PROJECTID-ALERTCONFIGURATIONID", "{projectId}-{alertConfigurationId}",
    ),
    "mongodbatlas:index/backupCompliancePolicy:BackupCompliancePolicy": ("PROJECTID", "{projectId}"),
    "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule": (
        "PROJECTID-CLUSTERNAME", "{projectId}-{clusterName}",
    ),
    "mongodbatlas:index/cloudProviderAccessSetup:CloudProviderAccessSetup": (
        "PROJECTID-PROVIDERNAME-ROLEID", "{projectId}-{providerName}-{roleId}",
    ),
    "mongodbatlas:index/databaseUser:DatabaseUser": (
        "PROJECTID/USERNAME/AUTHDATABASENAME", "{projectId}/{username}/{authDatabaseName}",
    ),
    "mongodbatlas:index/networkContainer:NetworkContainer": ("PROJECTID-CONTAINERID", "{projectId}-{containerId}"),
    "mongodbatlas:index/networkPeering:NetworkPeering": (
        "PROJECTID-PEERID-PROVIDERNAME", "{projectId}-{peerId}-{providerName}",
    ),
    "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint": (
        "PROJECTID-PRIVATELINKID-PROVIDERNAME-REGION", "{projectId}-{privateLinkId}-{providerName}-{region}",
    ),
    "mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService": (
        "PROJECTID--PRIVATELINKID--ENDPOINTSERVICEID--PROVIDERNAME",
        "{projectId}--{privateLinkId}--{endpointServiceId}--{providerName}",
    ),
    "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList": ("PROJECTID-ENTRY", _entry),
    "mongodbatlas:index/searchIndex:SearchIndex": (
        "PROJECTID--CLUSTERNAME--INDEXID", "{projectId}--{clusterName}--{indexId}",
    ),
}  # fmt: skip
"""The types whose import id has several parts or is not the id of the state: the format, and the id of a resource.

Source: the import sections in the docstrings of pulumi-aws, pulumi-mongodbatlas and pulumi-cloudflare, which
https://www.pulumi.com/registry/ prints (read 2026-11-28); the database user's in its provider's documents.
"""
_FIELD = re.compile(r"\{(\w+)\}")


def import_id(resource: CloudResource) -> str:
    """Return the id by which a provider imports a resource."""
    if resource.type not in IMPORT_IDS:
        return resource.id
    template = IMPORT_IDS[resource.type][1]
    if callable(template):
        return template(resource)
    return _FIELD.sub(lambda found: str(resource.value(found.group(1))), template)


def check_import_id(type: str, id: str) -> None:
    """Raise ImportIdError if an id does not have the format of the type's import ids."""
    if type in IMPORT_IDS and not re.fullmatch(_pattern(IMPORT_IDS[type][1]), id):
        raise ImportIdError(f"unexpected format for the import ID (got '{id}'). Expected {IMPORT_IDS[type][0]}.")


def find_import(cloud: Cloud, type: str, id: str) -> CloudResource | None:
    """Return the resource of a type by its import id, or None. Raises ImportIdError for an id of another format."""
    resources = [found for found in cloud.find(type) if import_id(found) == id]
    if resources:
        return resources[0]
    check_import_id(type, id)
    return None


def _pattern(template: ImportId) -> str:
    if callable(template):
        return _PATTERNS[template]
    separators = [each for each in _FIELD.sub("\0", template).split("\0") if each]
    return ".+".join(["", *map(re.escape, separators), ""]) if separators else r"[^/|:]+"
