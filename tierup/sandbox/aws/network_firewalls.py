"""What Network Firewall and Global Accelerator check beyond their models."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, Stage, located, rule
from .arns import account_of, region_of
from .network import APPLY
from .service_references import token
from .sources import api, sdk, unread

_POLICY = "firewallPolicy"
_GROUPS = f"{_POLICY}.statefulRuleGroupReferences[*]"


@rule("order-of-stateful-groups", *APPLY, source=api("network-firewall", "StatefulEngineOptions: RuleOrder"))
def _order(call: Call) -> Iterator[Rejection]:
    strict = call.get(f"{_POLICY}.statefulEngineOptions.ruleOrder") == "STRICT_ORDER"
    for at, reference in located(call.inputs, _GROUPS):
        if not isinstance(reference, dict):
            continue
        group = next(call.nearby(token("networkfirewall.RuleGroup"), arn=reference.get("resourceArn")), None)
        orders = (
            [order for _, order in located(group.inputs, "ruleGroup.statefulRuleOptions.ruleOrder")] if group else []
        )
        if group and (orders == ["STRICT_ORDER"]) != strict:
            yield Rejection(
                f"{at}.resourceArn",
                f"the rule order of '{group.name}' is not that of the policy"
                f" ({'STRICT_ORDER' if strict else 'DEFAULT_ACTION_ORDER'}).",
                "InvalidRequestException",
            )
        if strict and reference.get("priority") is None:
            yield Rejection(f"{at}.priority", "it must be set with STRICT_ORDER (got none).", "InvalidRequestException")
        if not strict and reference.get("priority") is not None:
            yield Rejection(f"{at}.priority", "it must not be set without STRICT_ORDER.", "InvalidRequestException")


@rule("subnets-of-firewall", *APPLY, source=unread("network-firewall", "CreateFirewall: SubnetMappings"))
def _subnets(call: Call) -> Iterator[Rejection]:
    zones: dict[object, str] = {}
    for at, id in located(call.inputs, "subnetMappings[*].subnetId"):
        subnet = call.cloud.get("aws:ec2/subnet:Subnet", str(id))
        if subnet is None:
            continue
        if subnet.outputs.get("vpcId") != call.get("vpcId"):
            yield Rejection(at, f"the subnet {id} is not in the VPC {call.get('vpcId')}.", "InvalidRequestException")
        zone = subnet.outputs.get("availabilityZone")
        if zone in zones:
            yield Rejection(
                at, f"{id} is in the Availability Zone of {zones[zone]}. A firewall has one subnet a zone.",
                "InvalidRequestException",
            )  # fmt: skip
        zones[zone] = str(id)


_ENDPOINTS = ("aws:lb/loadBalancer:LoadBalancer", "aws:ec2/eip:Eip", "aws:ec2/instance:Instance")


@rule("endpoint-exists", *APPLY, source=api("globalaccelerator", "CreateEndpointGroup: EndpointId"))
def _endpoints(call: Call) -> Iterator[Rejection]:
    region = str(call.get("endpointGroupRegion") or call.region)
    for at, id in located(call.inputs, "endpointConfigurations[*].endpointId"):
        if not isinstance(id, str) or account_of(id) not in ("", call.account):
            continue
        found = [each for each in call.cloud.find(_ENDPOINTS) if id in (each.id, each.outputs.get("arn"))]
        if not found:
            yield Rejection(at, f"the endpoint '{id}' does not exist", "InvalidArgumentException")
        elif (region and region_of(id) not in ("", region)) or all(each.region not in ("", region) for each in found):
            yield Rejection(at, f"the endpoint '{id}' is not in the region {region} of the group.",
                            "InvalidArgumentException")  # fmt: skip


@rule("one-endpoint-group-a-region", Stage.CREATE, source=api("globalaccelerator", "CreateEndpointGroup: ListenerArn"))
def _one_for_each_region(call: Call) -> Iterator[Rejection]:
    region = call.get("endpointGroupRegion") or call.region
    for other in call.cloud.find(call.type):
        same = (other.inputs.get("endpointGroupRegion") or other.region or region) == region
        if other.urn != call.urn and same and other.inputs.get("listenerArn") == call.get("listenerArn"):
            yield Rejection(
                "endpointGroupRegion", f"'{other.name}' is the endpoint group of the listener in {region} already.",
                "EndpointGroupAlreadyExistsException",
            )  # fmt: skip


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=token("networkfirewall.FirewallPolicy"), source=sdk("networkfirewall/firewallpolicy"), rules=(_order,)
    ),
    Behaviour(type=token("networkfirewall.Firewall"), source=sdk("networkfirewall/firewall"), rules=(_subnets,)),
    Behaviour(
        type=token("globalaccelerator.EndpointGroup"), source=sdk("globalaccelerator/endpointgroup"),
        rules=(_endpoints, _one_for_each_region),
    ),
)  # fmt: skip
