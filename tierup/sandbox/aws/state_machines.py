"""Step Functions: the definition of a state machine, which the provider has the API validate at plan."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import Behaviour, Call, Rejection, Stage, documented, located, rule
from .same_scope import known
from .sources import sdk, unread

_LANGUAGE = documented(
    "https://states-language.net/ (States Language), from memory of the specification", read="2026-11-28"
)
_LOGGING = documented(
    "AWS API model of stepfunctions (botocore 1.43), CloudWatchLogsLogGroup: the ARN must end with :*",
    read="2026-11-28",
)
_TYPES = ("Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map")
_TERMINAL = ("Succeed", "Fail", "Choice")


@rule("state-machine-definition", Stage.PLAN, source=_LANGUAGE)
def _definition(call: Call) -> Iterator[Rejection]:
    text = known(call, "definition")
    if not isinstance(text, str):
        return
    try:
        machine = json.loads(text)
    except ValueError as error:
        yield _invalid(f"the definition is not JSON: {error}")
        return
    yield from (_invalid(message) for message in _violations(machine, "the definition"))
    if known(call, "type") == "EXPRESS":
        for found in re.findall(r'"Resource"\s*:\s*"[^"]*(\.sync|\.waitForTaskToken|:activity:)', text):
            yield _invalid(f"Express state machine does not support '{found}' service integration")


def _invalid(message: str) -> Rejection:
    return Rejection("definition", message, "InvalidDefinition")


def _violations(machine: Any, where: str) -> Iterator[str]:
    """Yield what is wrong with a state machine, and with those that its states contain."""
    if not isinstance(machine, Mapping) or not isinstance(machine.get("States"), Mapping) or not machine["States"]:
        yield f"{where} has no States. Write an object of states by name."
        return
    states: Mapping[str, Any] = machine["States"]
    if machine.get("StartAt") not in states:
        yield f"{where}: StartAt names no state (got {machine.get('StartAt')!r}). States are {', '.join(states)}."
    elif lost := _unreachable(machine):
        yield f"{where}: MISSING_TRANSITION_TARGET: state '{lost[0]}' is not reachable."
    for name, state in states.items():
        if not isinstance(state, Mapping) or state.get("Type") not in _TYPES:
            got = state.get("Type") if isinstance(state, Mapping) else state
            yield f"{where}: invalid Type of state '{name}' (got {got!r}). Allowed are {', '.join(_TYPES)}."
            continue
        yield from _transitions(name, state, states, where)
        for branch in state.get("Branches") or ():
            yield from _violations(branch, f"a branch of state '{name}'")
        inner = state.get("ItemProcessor") or state.get("Iterator")
        if state["Type"] == "Map" and inner is None:
            yield f"{where}: state '{name}' of type Map has no ItemProcessor."
        if state["Type"] == "Parallel" and not state.get("Branches"):
            yield f"{where}: state '{name}' of type Parallel has no Branches."
        if state["Type"] == "Map" and inner is not None:
            yield from _violations(inner, f"the processor of state '{name}'")


def _unreachable(machine: Mapping[str, Any]) -> list[str]:
    """Return the states that no path from StartAt leads to."""
    states: Mapping[str, Any] = machine["States"]
    found, open = set[str](), [machine.get("StartAt")]
    while open:
        name = open.pop()
        state = states.get(str(name))
        if not isinstance(state, Mapping) or name in found:
            continue
        found.add(str(name))
        for key in ("Choices", "Catch"):
            open += [each.get("Next") for each in state.get(key) or () if isinstance(each, Mapping)]
        open += [state.get("Next"), state.get("Default")]
    return [name for name in states if name not in found]


def _transitions(name: str, state: Mapping[str, Any], states: Mapping[str, Any], where: str) -> Iterator[str]:
    targets = [state.get("Next"), state.get("Default")]
    for key in ("Choices", "Catch"):
        each = state.get(key)
        targets += [one.get("Next") for one in each if isinstance(one, Mapping)] if isinstance(each, list) else []
    for target in targets:
        if target is not None and target not in states:
            yield f"{where}: state '{name}' leads to a state that does not exist (got {target!r})."
    if state["Type"] not in _TERMINAL and ("Next" in state) == (state.get("End") is True):
        yield f"{where}: state '{name}' must have either Next or End."
    if state["Type"] in ("Succeed", "Fail") and ("Next" in state or "End" in state):
        yield f"{where}: state '{name}' of type {state['Type']} must have neither Next nor End."
    for choice in state.get("Choices") or () if state["Type"] == "Choice" else ():
        if isinstance(choice, Mapping) and "Next" not in choice:
            yield f"{where}: a choice of state '{name}' has no Next."
    for key in ("Retry", "Catch"):
        for each in state.get(key) or ():
            if isinstance(each, Mapping) and not each.get("ErrorEquals"):
                yield f"{where}: {key} of state '{name}' has no ErrorEquals."
    for key in ("InputPath", "OutputPath", "ResultPath"):
        if isinstance(state.get(key), str) and not state[key].startswith("$"):
            yield f"{where}: {key} of state '{name}' is no path (got {state[key]!r})."
    resource = state.get("Resource")
    if state["Type"] == "Task" and isinstance(resource, str) and not resource.startswith(("arn:", "${", "$")):
        yield f"{where}: Resource of state '{name}' is not an ARN (got {resource!r})."
    if state["Type"] == "Task" and "Resource" not in state:
        yield f"{where}: state '{name}' of type Task has no Resource."
    if state["Type"] == "Wait" and not {"Seconds", "Timestamp", "SecondsPath", "TimestampPath"} & set(state):
        yield f"{where}: state '{name}' of type Wait has no Seconds, Timestamp, SecondsPath or TimestampPath."
    if state["Type"] == "Choice" and not state.get("Choices"):
        yield f"{where}: state '{name}' of type Choice has no Choices."


@rule("weights-of-alias", Stage.PLAN, source=unread("stepfunctions", "CreateStateMachineAlias"))
def _weights(call: Call) -> Iterator[Rejection]:
    weights = [weight for _, weight in located(call.inputs, "routingConfigurations[*].weight")]
    if weights and all(isinstance(each, (int, float)) for each in weights) and sum(weights) != 100:
        yield Rejection(
            "routingConfigurations", f"The sum of the weights must be 100 (got {sum(weights):g}).",
            "ValidationException",
        )  # fmt: skip


@rule("log-destination-ends-with-star", Stage.PLAN, source=_LOGGING)
def _log_destination(call: Call) -> Iterator[Rejection]:
    arn = known(call, "loggingConfiguration.logDestination")
    if isinstance(arn, str) and not arn.endswith(":*"):
        yield Rejection(
            "loggingConfiguration.logDestination",
            f"The ARN of a log group must end with ':*' (got '{arn}').",
            "InvalidLoggingConfiguration",
        )


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type="aws:sfn/alias:Alias", source=sdk("sfn/alias"), rules=(_weights,)),
    Behaviour(
        type="aws:sfn/stateMachine:StateMachine", source=sdk("sfn/statemachine"), rules=(_definition, _log_destination)
    ),
)
