"""The progress of an operation after the engine's events."""

from __future__ import annotations

from typing import Any

from tierup.deployment.progress import Progress, name_of, plain, type_of

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "[secret]"}
STACK = "urn:pulumi:dev::trial::pulumi:pulumi:Stack::trial-dev"
TOPIC = "urn:pulumi:dev::trial::tierup:aws:Pair$aws:sns/topic:Topic::pair-first"


def metadata(op: str, urn: str = TOPIC, **more: Any) -> dict[str, Any]:
    return {"metadata": {"op": op, "urn": urn, "type": type_of(urn), "detailedDiff": None, **more}}


def fed(*events: dict[str, Any]) -> Progress:
    progress = Progress()
    for event in events:
        progress.take(event)
    return progress


def test_name_and_type_are_read_from_a_urn() -> None:
    assert (name_of(TOPIC), type_of(TOPIC)) == ("pair-first", "aws:sns/topic:Topic")


def test_a_step_runs_from_its_first_event_to_its_second() -> None:
    progress = fed({"resourcePreEvent": metadata("create")})
    assert [step.name for step in progress.running.values()] == ["pair-first"]
    progress.take({"resOutputsEvent": metadata("create")})
    assert not progress.running
    assert progress.counts() == {"create": 1}


def test_unchanged_resources_are_counted_but_are_no_steps() -> None:
    progress = fed({"resourcePreEvent": metadata("same")}, {"resOutputsEvent": metadata("same")})
    assert (progress.seen, progress.steps) == (1, [])


def test_a_replacement_counts_as_a_creation_and_a_deletion() -> None:
    events = [
        {key: metadata(op)}
        for op in ("create-replacement", "replace", "delete-replaced")
        for key in ("resourcePreEvent", "resOutputsEvent")
    ]
    assert fed(*events).counts() == {"create-replacement": 1, "delete-replaced": 1}


def test_a_failed_step_is_not_a_change() -> None:
    progress = fed({"resourcePreEvent": metadata("create")}, {"resOpFailedEvent": metadata("create")})
    assert progress.changed == 0
    assert [step.failed for step in progress.steps] == [True]


def test_a_refresh_that_finds_a_change_ends_as_that_change() -> None:
    progress = fed(
        {"resourcePreEvent": metadata("refresh")},
        {"resOutputsEvent": metadata("update", detailedDiff={"displayName": {"diffKind": "update"}})},
    )
    assert progress.counts() == {"update": 1}
    assert progress.steps[0].changed == ("displayName",)
    assert not progress.running


def test_secrets_in_outputs_are_hidden() -> None:
    outputs = {"url": "https://x", "password": SECRET, "deep": [{"key": SECRET}]}
    progress = fed({"resOutputsEvent": metadata("same", STACK, new={"outputs": outputs})})
    assert progress.outputs == {"url": "https://x", "password": "[secret]", "deep": [{"key": "[secret]"}]}


def test_an_asset_is_named_not_printed() -> None:
    assert plain({SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "hash": "ab"}) == "[asset]"


def test_boilerplate_and_repeated_messages_are_dropped() -> None:
    error = {"diagnosticEvent": {"severity": "error", "urn": TOPIC, "message": "quota exceeded\n"}}
    repeated = [
        {"diagnosticEvent": {"severity": "error", "message": "update failed"}},
        {"diagnosticEvent": {"severity": "error", "urn": STACK, "message": "failed to run policy: context canceled"}},
    ]
    progress = fed(error, error, *repeated)
    assert [(each.severity, each.message) for each in progress.diagnostics] == [("error", "quota exceeded")]


def test_only_mandatory_violations_are_mandatory() -> None:
    def violation(level: str) -> dict[str, Any]:
        return {"policyEvent": {"policyName": f"{level}-rule", "enforcementLevel": level, "resourceUrn": TOPIC}}

    progress = fed(violation("advisory"), violation("mandatory"))
    assert len(progress.violations) == 2
    assert [each.policy for each in progress.mandatory] == ["mandatory-rule"]


def test_steps_of_the_preview_before_an_operation_are_not_counted() -> None:
    events = [{key: {**metadata("delete"), "planning": True}} for key in ("resourcePreEvent", "resOutputsEvent")]
    assert fed(*events).counts() == {}
    planned = Progress(previews=True)
    for event in events:
        planned.take(event)
    assert planned.counts() == {"delete": 1}


def test_values_known_after_up_are_shown_as_unknown() -> None:
    assert plain({"url": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}) == {"url": "[unknown]"}
