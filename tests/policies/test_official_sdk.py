"""The contract of the adapter: both servers, the pack's own and that of Pulumi's policy SDK, reach the same verdicts.

Both run in their own process, and receive the same requests over gRPC.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, cast

import pulumi
import pytest
from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import EnforcementLevel
from pulumi_policy.deserialize import serialize_properties
from pulumi_policy.policy import (
    _PolicyAnalyzerServicer,  # pyright: ignore[reportPrivateUsage] - the SDK's server has no public name
)

from policies.exceptions import Exceptions
from policies.official_sdk import INPUTS, as_policies
from policies.registry import RULES
from policies.rule import (
    ChecklistItem,
    Finding,
    Parameter,
    Parameters,
    RegisteredOptions,
    Resource,
    ResourceRule,
    Rule,
    Severity,
    Stack,
    StackRule,
)
from policies.server import Pack as Servicer
from policies.state import read
from policies.values import UnknownValue
from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier
from tests.policies.evaluation import UNKNOWN, recorded, resource, resources_of, urn
from tests.policies.own_stacks import Cell, resources_of_stack
from tests.policies.test_outside import resources_of_example
from tests.policies.test_server import PACK, Pack, running
from tests.policies.test_violations import BY_ID, COMPLIANT, SAMPLE, fails, mutated
from tests.policies.test_violations import stack as stack_of_program
from tests.policies.violations import violations

OFFICIAL = """
import sys

sys.path[0] = {checkout!r}

from pulumi_policy import PolicyPack

from policies.official_sdk import as_policies
from policies.registry import RULES

PolicyPack("official", policies=as_policies(*RULES))
"""
LISTENER = "aws:lb/listener:Listener"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
NOT_REPORTED_BY_THE_SDK = {"exceptions-accounted-for", "exceptions-in-force"}


@dataclass(frozen=True)
class Verdicts:
    """What a server reported on one stack."""

    violations: frozenset[tuple[str, str, int, str]]
    """Policy, URN, enforcement level, message."""
    indeterminate: frozenset[str]
    """The policies that could not evaluate some resource."""


@dataclass
class MutatedCopy:
    """A copy of a program with the violations of several rules."""

    program: Cell | str
    rules: set[str]
    changes: dict[str, Resource | None]

    @property
    def resources(self) -> tuple[Resource, ...]:
        unchanged = {each.urn: each for each in stack_of_program(self.program)[1]({})}
        return tuple(each for each in {**unchanged, **self.changes}.values() if each is not None)

    def absorbs(self, other: MutatedCopy) -> bool:
        """Take over the changes of another copy, if they are on other resources and all rules still fail."""
        if self.program != other.program or self.changes.keys() & other.changes.keys():
            return False
        together = MutatedCopy(self.program, self.rules | other.rules, {**self.changes, **other.changes})
        if not all(fails(BY_ID[rule], together.resources, {}) for rule in together.rules):
            return False
        self.rules, self.changes = together.rules, together.changes
        return True


def mutated_copy(rule: str) -> MutatedCopy | None:
    """Return the first program that can have the violation of a rule, with that violation."""
    for program in (COMPLIANT, *SAMPLE):
        unchanged = {each.urn: each for each in stack_of_program(program)[1]({})}
        for resources in mutated(program, violations()[rule]):
            if fails(BY_ID[rule], resources, {}):
                after = {each.urn: each for each in resources}
                urns = unchanged.keys() | after.keys()
                changes = {urn: after.get(urn) for urn in urns if after.get(urn) is not unchanged.get(urn)}
                return MutatedCopy(program, {rule}, changes)
    return None


@cache
def violated_stacks() -> tuple[tuple[Resource, ...], ...]:
    """Return as few mutated copies as have a violation of each rule."""
    copies: list[MutatedCopy] = []
    for rule in violations():
        if (new := mutated_copy(rule)) and not any(each.absorbs(new) for each in copies):
            copies.append(new)
    return tuple(each.resources for each in copies)


def stack_with_unknown_values() -> tuple[Resource, ...]:
    """Return the compliant program with one unknown input of each resource, as a preview has them."""
    changes = {name: {**inputs, min(inputs): UNKNOWN} for name, (_, inputs) in recorded().items() if inputs}
    return tuple(resources_of(changes))


STACKS = {
    "unknown": lambda: (stack_with_unknown_values(),),
    "violated": violated_stacks,
    "faulty": lambda: (resources_of_example("faulty"),),
    "small": lambda: (tuple(resources_of_stack((Phase.MVP, Tier.SMALL, "cloudfront"))),),
}
NOT_VIOLATED = {"COST-002"}
"""The rules on resources that none of the stacks violates: its default parameters allow every region."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create a Pulumi project with a Dockerfile that has a violation."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", encoding="utf-8")
    (folder / "Dockerfile").write_text("FROM node:24\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[Pack]:
    """Serve all rules with the SDK's server."""
    pack = tmp_path_factory.mktemp("official")
    (pack / "__main__.py").write_text(OFFICIAL.format(checkout=str(PACK.parent)), encoding="utf-8")
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {"PROJECT": "shop", "STACK": "dev", "DRY_RUN": "true"}.items():
            environment.setenv(f"PULUMI_{name}", value)  # as the engine does
        with running(pack, folder) as started:
            yield started


@pytest.fixture(scope="module")
def own_server(folder: Path) -> Iterator[Pack]:
    """Serve all rules with the pack's own server."""
    with running(PACK, folder) as started:
        started.configure_stack({})
        yield started


def verdicts(pack: Pack, resources: Iterable[Resource]) -> Verdicts:
    """Have a server evaluate a stack, first each resource and then all of them, as the engine does."""
    resources = tuple(resources)
    diagnostics = [
        *(each for resource in resources for each in pack.analyze_request(request(resource)).diagnostics),
        *pack.analyze_stack_request(*(stack_request(resource) for resource in resources)).diagnostics,
    ]
    indeterminate = re.compile(r"could not be evaluated on|can't run policy")
    return Verdicts(
        frozenset(
            (each.policyName, each.urn, each.enforcementLevel, each.message.removeprefix(f"{each.description}\n"))
            for each in diagnostics
            if not indeterminate.search(each.message) and each.policyName not in NOT_REPORTED_BY_THE_SDK
        ),
        frozenset(each.policyName for each in diagnostics if indeterminate.search(each.message)),
    )


def plain(value: Any) -> Any:
    """Return a value in the engine's encoding."""
    if isinstance(value, Mapping):
        return {key: element(value, key) for key in value}
    if isinstance(value, (str, bool, int, float)) or value is None:
        return value
    if isinstance(value, (pulumi.Asset, pulumi.Archive)):
        return serialize_properties({"value": value})["value"]
    return [element(value, index) for index in range(len(value))]


def element(container: Any, key: Any) -> Any:
    try:
        return plain(container[key])
    except UnknownValue:
        return UNKNOWN


def struct(properties: Mapping[str, Any]) -> Struct:
    return json_format.ParseDict(plain(properties), Struct())


def request(resource: Resource) -> Any:
    return analyzer_pb2.AnalyzeRequest(
        type=resource.type, name=resource.name, urn=resource.urn, properties=struct(resource.properties)
    )


def stack_request(resource: Resource) -> Any:
    found = analyzer_pb2.AnalyzerResource(
        type=resource.type, name=resource.name, urn=resource.urn, properties=struct(resource.outputs)
    )
    for key, sources in resource.references.items():
        found.propertyDependencies[key].urns.extend(sources)
    return found


@pytest.mark.parametrize(
    # A violation of each rule, in many stacks, is most of the time that this file takes.
    "name",
    [pytest.param(each, marks=pytest.mark.exhaustive) if each == "violated" else each for each in STACKS],
)
def test_both_servers_reach_the_same_verdicts(official: Pack, own_server: Pack, name: str) -> None:
    stacks = STACKS[name]()
    found = [verdicts(official, each) for each in stacks]
    assert found == [verdicts(own_server, each) for each in stacks]
    assert all(each.violations or each.indeterminate for each in found)


@pytest.mark.exhaustive
def test_the_stacks_violate_every_rule_on_resources(own_server: Pack) -> None:
    """Otherwise the comparison would not show that the servers agree on violations."""
    found = {
        violation[0]
        for name in STACKS
        for each in STACKS[name]()
        for violation in verdicts(own_server, each).violations
    }
    expected = {rule.name for rule in BY_ID.values() if rule.id not in NOT_VIOLATED}
    assert expected <= found
    assert {"dockerfile", "pipeline"} <= found


def test_a_policy_has_the_metadata_and_the_level_of_its_rule(official: Pack, own_server: Pack) -> None:
    of_official = {each.name: each for each in official.info().policies}
    assert set(of_official) == {INPUTS, *(rule.name for rule in RULES)}
    expected = {each.name: each for each in own_server.info().policies if each.name not in NOT_REPORTED_BY_THE_SDK}
    assert {name: each for name, each in of_official.items() if name != INPUTS} == expected


def example_rule(check: Any, remedy: Any = None) -> ResourceRule:
    """Return a rule on listeners."""
    return ResourceRule(
        id="T-001",
        name="test",
        title="A listener complies.",
        item=ChecklistItem.BASELINE,
        severity=Severity.LOW,
        applies_to=(LISTENER,),
        check=check,
        remedy=remedy,
        remediation="Change it.",
        example="Listener()",
        source="https://example.com",
        read=date(2026, 11, 28),
        parameters=(Parameter("limit", {"type": "integer"}, 3),),
    )


OPTIONS = RegisteredOptions(
    protect=True,
    parent=urn(LISTENER, "parent"),
    ignore_changes=("port",),
    delete_before_replace=True,
    aliases=("urn:old",),
    additional_secret_outputs=("arn",),
    create_timeout=60,
    update_timeout=120,
    delete_timeout=180,
)


TIMEOUTS = analyzer_pb2.AnalyzerResourceOptions.CustomTimeouts


def options_request() -> Any:
    """Return a request with OPTIONS and a provider."""
    found = request(resource(LISTENER, {"port": 80.0}, "http"))
    found.options.MergeFrom(
        analyzer_pb2.AnalyzerResourceOptions(
            protect=True,
            parent=OPTIONS.parent,
            ignoreChanges=["port"],
            deleteBeforeReplace=True,
            deleteBeforeReplaceDefined=True,
            aliases=["urn:old"],
            additionalSecretOutputs=["arn"],
            customTimeouts=TIMEOUTS(create=60, update=120, delete=180),
        )
    )
    found.provider.MergeFrom(
        analyzer_pb2.AnalyzerProviderResource(
            type="pulumi:providers:aws",
            name="default",
            urn="urn:provider",
            properties=struct({"region": "eu-west-1"}),
        )
    )
    return found


def seen_by(serve: Callable[[ResourceRule, Any], None]) -> Resource:
    """Return the resource that a rule receives for `options_request` from a server."""
    received: list[Resource] = []

    def check(resource: Resource, _parameters: Parameters) -> Iterator[Finding]:
        received.append(resource)
        yield from ()

    serve(example_rule(check), options_request())
    (found,) = received
    return found


def on_our_server(rule: ResourceRule, given: Any) -> None:
    Servicer([rule], Exceptions((), date(2026, 11, 28))).Analyze(given, cast(Any, None))


def on_official_server(rule: ResourceRule, given: Any) -> None:
    policies = as_policies(rule)
    servicer = _PolicyAnalyzerServicer("test", "0.0.1", policies, EnforcementLevel.ADVISORY)
    servicer.Analyze(given, None)


@pytest.mark.parametrize("serve", [on_our_server, on_official_server])
def test_a_rule_reads_the_options_and_the_provider_of_a_resource(serve: Callable[[ResourceRule, Any], None]) -> None:
    found = seen_by(serve)
    assert found.options == OPTIONS
    assert found.parent == OPTIONS.parent
    assert found.provider is not None
    assert (found.provider.type, found.provider.name, found.provider.urn) == (
        "pulumi:providers:aws",
        "default",
        "urn:provider",
    )
    assert found.provider.properties["region"] == "eu-west-1"


def test_a_stack_rule_reads_the_options_that_the_resource_was_registered_with() -> None:
    """The engine gives a stack policy no option but `protect`; the server adds what it saw before."""
    received: list[Resource] = []

    def check(subject: Resource, _stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
        received.append(subject)
        yield from ()

    resource_rule = example_rule(None)
    fields = {f.name: getattr(resource_rule, f.name) for f in dataclasses.fields(Rule)}
    servicer = Servicer([StackRule(**fields, check=check)], Exceptions((), date(2026, 11, 28)))
    servicer.Analyze(options_request(), cast(Any, None))
    late = stack_request(resource(LISTENER, {"port": 80.0}, "http"))
    servicer.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=[late]), cast(Any, None))
    (found,) = received
    assert found.options == OPTIONS


def test_a_saved_state_has_the_options_and_the_provider_of_a_resource() -> None:
    provider = "urn:pulumi:dev::shop::pulumi:providers:aws::default"
    states = [
        {"urn": provider, "type": "pulumi:providers:aws", "id": "1", "inputs": {"region": "eu-west-1"}},
        {
            "urn": urn(LISTENER, "http"),
            "type": LISTENER,
            "id": "2",
            "provider": f"{provider}::1",
            "protect": True,
            "parent": OPTIONS.parent,
            "ignoreChanges": ["port"],
            "aliases": ["urn:old"],
            "additionalSecretOutputs": ["arn"],
            "customTimeouts": {"create": 60, "update": 120, "delete": 180},
        },
    ]
    found = read({"deployment": {"resources": states}}).resources[1]
    assert found.options == replace(OPTIONS, delete_before_replace=None)
    assert found.provider is not None
    assert found.provider.properties["region"] == "eu-west-1"


def test_a_remedy_works_on_the_official_server_and_keeps_secrets_secret() -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "web"}
    given = analyzer_pb2.AnalyzeRequest(
        type=LOG_GROUP,
        name="web",
        urn=urn(LOG_GROUP, "web"),
        properties=json_format.ParseDict({"name": secret, "kmsKeyId": UNKNOWN}, Struct()),
    )
    (rule,) = (rule for rule in RULES if rule.id == "LOG-001")
    servicer = _PolicyAnalyzerServicer("test", "0.0.1", as_policies(rule), EnforcementLevel.ADVISORY)
    level = analyzer_pb2.PolicyConfig(enforcementLevel=analyzer_pb2.REMEDIATE)
    servicer.Configure(analyzer_pb2.ConfigureAnalyzerRequest(policyConfig={rule.name: level}), None)
    (remediation,) = servicer.Remediate(given, None).remediations
    expected = {"name": secret, "kmsKeyId": UNKNOWN, "retentionInDays": 30.0}
    assert json_format.MessageToDict(remediation.properties) == expected


def test_parameters_of_a_policy_config_reach_the_rule_as_integers() -> None:
    received: list[Parameters] = []

    def check(_resource: Resource, parameters: Parameters) -> Iterator[Finding]:
        received.append(parameters)
        yield from ()

    servicer = _PolicyAnalyzerServicer("test", "0.0.1", as_policies(example_rule(check)), EnforcementLevel.ADVISORY)
    config = analyzer_pb2.PolicyConfig(enforcementLevel=analyzer_pb2.MANDATORY, properties=struct({"limit": 7}))
    servicer.Configure(analyzer_pb2.ConfigureAnalyzerRequest(policyConfig={"test": config}), None)
    servicer.Analyze(request(resource(LISTENER, {}, "http")), None)
    assert received == [{"limit": 7}]
    assert isinstance(received[0]["limit"], int)


def test_only_rules_on_stacks_need_the_policy_that_notes_inputs() -> None:
    names = {type(rule): [each.name for each in as_policies(rule)] for rule in RULES}
    assert len(names) == 3
    assert {type_ for type_, found in names.items() if INPUTS in found} == {StackRule}
