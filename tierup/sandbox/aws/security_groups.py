"""Security groups of VPCs and their rules, in each of the provider's three forms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tierup.sandbox.behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Name,
    Plain,
    Quota,
    Rejection,
    Stage,
    digest,
    located,
    rule,
)

from .network import (
    APPLY,
    PEERING,
    SECURITY_GROUP,
    VPC,
    cidr_violations,
    ec2_arn,
    network_of,
    to_security_group,
    to_vpc,
    vpc_of_group,
)
from .same_scope import known, others_in_region, output_of
from .security_group_quotas import EGRESS_RULE, INGRESS_RULE, RULES_PER_GROUP, SECURITY_GROUP_RULE
from .sources import EC2_ERRORS, RECORDED, VPC_QUOTAS, api, created_only, provider, sdk

DEFAULT_SECURITY_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"

# ---------------------------------------------------------------------------------------------------------------
# Security groups
# ---------------------------------------------------------------------------------------------------------------

PROTOCOLS = {
    **{"tcp": "tcp", "6": "tcp", "udp": "udp", "17": "udp", "-1": "-1", "all": "-1"},
    **{"icmp": "icmp", "1": "icmp", "icmpv6": "icmpv6", "58": "icmpv6"},
}
"""The accepted names of a protocol, each with EC2's name for it."""
SINGLE_SOURCES = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
LISTED_SOURCES = ("cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "sourceSecurityGroupId", "self")


def port_violations(at: str, protocol: Plain, low: Plain, high: Plain) -> Iterator[Rejection]:
    """Yield what is wrong with the protocol and ports of a rule; `at` prefixes the paths ("ingress[0].")."""
    if protocol is UNKNOWN or low is UNKNOWN or high is UNKNOWN:
        return
    name = PROTOCOLS.get(str(protocol).lower())
    if name is None and not (str(protocol).isdigit() and int(protocol) <= 255):
        yield Rejection(
            f"{at}protocol",
            f"unknown protocol (got '{protocol}'). Allowed are tcp, udp, icmp, icmpv6, -1 or a number up to 255.",
            "InvalidParameterValue",
        )
    if name not in ("tcp", "udp"):
        return
    if low is None or high is None:
        yield Rejection(f"{at}fromPort", f"{name} requires fromPort and toPort", "MissingParameter")
    elif not 0 <= low <= high <= 65535:
        yield Rejection(
            f"{at}fromPort",
            f"invalid port range (got {low} to {high}). Allowed are 0 to 65535, fromPort not above toPort.",
            "InvalidParameterValue",
        )


@rule("security-group-rule-ports", Stage.PLAN, source=sdk("vpc/securitygroupingressrule"))
def single_rule_ports(call: Call) -> Iterator[Rejection]:
    protocol, low, high = call.get("ipProtocol"), call.get("fromPort"), call.get("toPort")
    for refusal in port_violations("", protocol, low, high):
        yield Rejection(refusal.path.replace("protocol", "ipProtocol"), refusal.message, refusal.code)
    if protocol is not UNKNOWN and str(protocol) == "-1" and not low is high is None:
        yield Rejection(
            "fromPort", "ipProtocol -1 means all ports. Omit fromPort and toPort.", "InvalidParameterCombination"
        )


@rule("security-group-rule-cidrs", Stage.PLAN, source=sdk("vpc/securitygroupingressrule"))
def single_rule_cidrs(call: Call) -> Iterator[Rejection]:
    for path, version in (("cidrIpv4", 4), ("cidrIpv6", 6)):
        value = known(call, path)
        yield from cidr_violations(path, value)
        network = network_of(value)
        if network and network.version != version:
            yield Rejection(
                path, f"wrong IP version (got {value}). {path} requires IPv{version}.", "InvalidParameterValue"
            )


@rule("security-group-rule-ports", Stage.PLAN, source=sdk("ec2/securitygrouprule"))
def listed_rule_ports(call: Call) -> Iterator[Rejection]:
    yield from port_violations("", call.get("protocol"), call.get("fromPort"), call.get("toPort"))


@rule("security-group-rule-source", Stage.PLAN, source=sdk("ec2/securitygrouprule"))
def listed_rule_source(call: Call) -> Iterator[Rejection]:
    given = [path for path in LISTED_SOURCES if call.get(path) not in (None, False, [])]
    if not given:
        yield Rejection(
            "cidrBlocks", f"the rule has no source. Set one of {', '.join(LISTED_SOURCES)}.", "MissingParameter"
        )
    for exclusive in ("sourceSecurityGroupId", "self"):
        if exclusive in given and set(given) & {"cidrBlocks", "ipv6CidrBlocks", "sourceSecurityGroupId", "self"} != {
            exclusive
        }:
            yield Rejection(
                exclusive,
                f"{exclusive} conflicts with {', '.join(set(given) - {exclusive})}",
                "InvalidParameterCombination",
            )
            return
    for path in ("cidrBlocks[*]", "ipv6CidrBlocks[*]"):
        for at, value in located(call.inputs, path):
            yield from cidr_violations(at, value)


@rule("security-group-inline-rules", Stage.PLAN, source=sdk("ec2/securitygroup"))
def inline_rules(call: Call) -> Iterator[Rejection]:
    for direction in ("ingress", "egress"):
        for at, entry in located(call.inputs, f"{direction}[*]"):
            if entry is UNKNOWN:
                continue
            yield from port_violations(f"{at}.", entry.get("protocol"), entry.get("fromPort"), entry.get("toPort"))
            ports = [entry.get("fromPort"), entry.get("toPort")]
            if str(entry.get("protocol")) in ("-1", "all") and any(port not in (None, 0, UNKNOWN) for port in ports):
                yield Rejection(
                    f"{at}.fromPort",
                    f"fromPort ({ports[0]}) and toPort ({ports[1]}) must both be 0 to use the 'ALL' \"-1\" protocol.",
                    "InvalidParameterValue",
                )
            for path in ("cidrBlocks[*]", "ipv6CidrBlocks[*]"):
                for inner, value in located(entry, path):
                    yield from cidr_violations(f"{at}.{inner}", value)


@rule("security-group-name", Stage.PLAN, source=api("ec2", "CreateSecurityGroup"))
def group_name(call: Call) -> Iterator[Rejection]:
    name = str(known(call, "name", ""))
    if name.startswith("sg-"):
        yield Rejection(
            "name",
            f"the name must not start with sg-, which is reserved for ids (got '{name}')",
            "InvalidParameterValue",
        )
    if name == "default":
        yield Rejection(
            "name",
            "the name 'default' is reserved. Manage the default group with DefaultSecurityGroup.",
            "InvalidParameterValue",
        )
    if call.get("description") == "":
        yield Rejection("description", "the description is empty. Omit it or set a text.", "MissingParameter")


def _ports(inputs: Any) -> tuple[Plain, ...]:
    protocol = str(inputs.get("ipProtocol"))
    return (PROTOCOLS.get(protocol.lower(), protocol), inputs.get("fromPort"), inputs.get("toPort"))


@rule("security-group-rule-is-new", *APPLY, source=EC2_ERRORS)
def rule_is_new(call: Call) -> Iterator[Rejection]:
    group = call.get("securityGroupId")
    for other in others_in_region(call, call.type, securityGroupId=group):
        same_source = all(other.inputs.get(path) == call.get(path) for path in SINGLE_SOURCES)
        if same_source and _ports(other.inputs) == _ports(call.inputs):
            source = next((call.get(path) for path in SINGLE_SOURCES if call.get(path)), "")
            protocol, low, high = _ports(call.inputs)
            yield Rejection(
                "",
                f"{group} already has this rule ({other.name}): {protocol} ports {low} to {high}, {source}",
                "InvalidPermission.Duplicate",
            )


@rule("listed-security-group-rule-is-new", Stage.CREATE, source=EC2_ERRORS)
def listed_rule_is_new(call: Call) -> Iterator[Rejection]:
    compared = ("type", "protocol", "fromPort", "toPort", *LISTED_SOURCES)
    for other in others_in_region(call, SECURITY_GROUP_RULE, securityGroupId=call.get("securityGroupId")):
        if all(other.inputs.get(path) == call.get(path) for path in compared):
            yield Rejection("", f"the group already has this rule ({other.name})", "InvalidPermission.Duplicate")


@rule("security-groups-in-one-vpc", *APPLY, source=EC2_ERRORS)
def referenced_group_vpc(call: Call) -> Iterator[Rejection]:
    mine = vpc_of_group(call, call.get("securityGroupId"))
    for path in ("referencedSecurityGroupId", "sourceSecurityGroupId"):
        other_vpc = vpc_of_group(call, call.get(path))
        if mine and other_vpc and mine != other_vpc and not _peered(call, mine, other_vpc):
            yield Rejection(
                path,
                f"{call.get(path)} belongs to {other_vpc}, the rule's group belongs to {mine}. The VPCs are not"
                " peered.",
                "InvalidGroup.NotFound",
            )


def _peered(call: Call, one: str, other: str) -> bool:
    return any(
        {found.outputs.get("vpcId"), found.outputs.get("peerVpcId")} == {one, other}
        for found in call.cloud.find(PEERING)
    )


def _default_vpc(call: Call) -> str:
    """Return the id of the account's default VPC in the region, which the sandbox does not create."""
    return f"vpc-{digest(f'{call.account}/{call.region}', 17)}"


def _source_kind_changed(call: Call) -> Iterator[str]:
    """A change of the kind of source (CIDR block, prefix list, security group) replaces."""
    old = call.old or {}
    if {path for path in SINGLE_SOURCES if old.get(path) is not None} != {
        path for path in SINGLE_SOURCES if call.inputs.get(path) is not None
    }:
        yield from SINGLE_SOURCES


def _single_rule(type: str, page: str) -> Behaviour:
    return Behaviour(
        type=type,
        source=sdk(page),
        id="sgr-{hex17}",
        outputs={"securityGroupRuleId": "{id}", "arn": ec2_arn("security-group-rule")},
        replaces=frozenset({"securityGroupId"}),
        replaces_when=_source_kind_changed,
        replace_source=provider("ec2/vpc_security_group_ingress_rule.go (ModifyPlan)"),
        exactly_one=(SINGLE_SOURCES,),
        references=(
            to_security_group("securityGroupId", holds=False),  # deleting a group deletes its rules
            to_security_group("referencedSecurityGroupId"),
        ),
        quotas=(RULES_PER_GROUP,),
        rules=(single_rule_ports, single_rule_cidrs, rule_is_new, referenced_group_vpc),
    )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=SECURITY_GROUP,
        source=sdk("ec2/securitygroup"),
        id="sg-{hex17}",
        outputs={
            "arn": ec2_arn("security-group"),
            "ownerId": "{account}",
            "vpcId": _default_vpc,
            "description": "Managed by Pulumi",
            "namePrefix": "",
            "ingress": [],
            "egress": [],  # the provider deletes the allow-all egress rule that EC2 adds to each new group
            "revokeRulesOnDelete": False,
        },
        replaces=frozenset({"name", "namePrefix", "description", "vpcId"}),
        replace_source=created_only("AWS::EC2::SecurityGroup"),
        name=Name(
            longest=255,
            pattern=r"[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]*",
            allowed="letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*",
            unique="vpcId",
            taken="InvalidGroup.Duplicate",
            source=api("ec2", "CreateSecurityGroup"),
        ),
        references=(to_vpc(),),
        quotas=(
            Quota(
                limit=2500,
                per="region",
                what="VPC security groups per Region",
                code="SecurityGroupLimitExceeded",
                source=VPC_QUOTAS,
            ),
            RULES_PER_GROUP,
        ),
        rules=(group_name, inline_rules),
    ),
    Behaviour(
        type=DEFAULT_SECURITY_GROUP,
        # The group exists since its VPC was created: create adopts it, and delete only forgets it.
        source=sdk("ec2/defaultsecuritygroup"),
        id=lambda call: output_of(call, VPC, call.get("vpcId"), "defaultSecurityGroupId") or f"sg-{call.hex(17)}",
        outputs={
            "arn": ec2_arn("security-group"),
            "ownerId": "{account}",
            "vpcId": _default_vpc,
            "name": "default",
            "namePrefix": "",
            "description": "default VPC security group",
            "ingress": [],
            "egress": [],
            "revokeRulesOnDelete": False,
        },
        replaces=frozenset({"vpcId"}),
        replace_source=RECORDED,
        references=(to_vpc(holds=False),),
        rules=(inline_rules,),
    ),
    Behaviour(
        type=SECURITY_GROUP_RULE,
        source=sdk("ec2/securitygrouprule"),
        id="sgrule-{hex8}",
        outputs={"securityGroupRuleId": "sgr-{hex17}", "sourceSecurityGroupId": "", "self": False},
        replaces=frozenset({"type", "protocol", "fromPort", "toPort", "securityGroupId", *LISTED_SOURCES}),
        replace_source=RECORDED,
        enums={"type": ("ingress", "egress")},
        references=(to_security_group("securityGroupId", holds=False), to_security_group("sourceSecurityGroupId")),
        quotas=(RULES_PER_GROUP,),
        rules=(listed_rule_ports, listed_rule_source, listed_rule_is_new, referenced_group_vpc),
    ),
    _single_rule(INGRESS_RULE, "vpc/securitygroupingressrule"),
    _single_rule(EGRESS_RULE, "vpc/securitygroupegressrule"),
)
