"""Datadog's synthetic tests."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, Stage, located, rule
from . import sources
from .monitors import BAD_REQUEST, numeric_id

_PROVIDER = sources.provider("resource_datadog_synthetics_test_.go")

LOCATIONS = frozenset(
    {
        *("aws:af-south-1", "aws:ap-east-1", "aws:ap-northeast-1", "aws:ap-northeast-2", "aws:ap-northeast-3"),
        *("aws:ap-south-1", "aws:ap-southeast-1", "aws:ap-southeast-2", "aws:ap-southeast-3", "aws:ca-central-1"),
        *("aws:eu-central-1", "aws:eu-north-1", "aws:eu-south-1", "aws:eu-west-1", "aws:eu-west-2", "aws:eu-west-3"),
        *("aws:me-south-1", "aws:sa-east-1", "aws:us-east-1", "aws:us-east-2", "aws:us-west-1", "aws:us-west-2"),
        *("azure:eastus", "gcp:asia-northeast1", "gcp:europe-west3", "gcp:us-east4", "gcp:us-south1", "gcp:us-west1"),
        "gcp:us-west2",
    }
)


@rule("test-has-locations", Stage.PLAN, source=_PROVIDER)
def _locations(call: Call) -> Iterator[Rejection]:
    if call.get("type") in ("api", "browser") and call.get("locations") == []:
        yield Rejection("locations", "locations must not be empty for synthetics API and browser tests", BAD_REQUEST)


@rule("test-locations-exist", Stage.CREATE, Stage.UPDATE, source=sources.LOCATIONS)
def _known_locations(call: Call) -> Iterator[Rejection]:
    for at, location in located(call.inputs, "locations[*]"):
        if isinstance(location, str) and location not in LOCATIONS and not location.startswith("pl:"):
            yield Rejection(at, f"Invalid location (got {location}).", BAD_REQUEST)


@rule("http-test-has-a-request-and-an-assertion", Stage.PLAN, source=sources.api("synthetics"))
def _request(call: Call) -> Iterator[Rejection]:
    if call.get("type") != "api" or call.get("subtype", "http") != "http":
        return
    if call.inputs.get("requestDefinition") is None:
        yield Rejection("requestDefinition", "it is missing. An API test requires it.", BAD_REQUEST)
    if not call.inputs.get("assertions"):
        yield Rejection("assertions", "the list is empty. An HTTP test requires one or more.", BAD_REQUEST)
    url = call.get("requestDefinition.url")
    if isinstance(url, str) and not url.startswith(("http://", "https://", "{{")):
        yield Rejection("requestDefinition.url", f"the URL is invalid (got {url}).", BAD_REQUEST)


@rule("options-have-an-interval", Stage.PLAN, source=_PROVIDER)
def _interval(call: Call) -> Iterator[Rejection]:
    every = call.get("optionsList.tickEvery")
    if call.get("type") == "browser" and isinstance(every, (int, float)) and every < 60:
        yield Rejection(
            "optionsList.tickEvery", f"a browser test runs every 60 s at most (got {every:g}).", BAD_REQUEST
        )


def _public_id(call: Call) -> str:
    digits = call.hex(9)
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"


BEHAVIOURS = (
    Behaviour(
        type="datadog:index/syntheticsTest:SyntheticsTest",
        source=_PROVIDER,
        id=_public_id,
        outputs={"monitorId": lambda call: int(numeric_id(call))},
        replace_source=_PROVIDER,
        defaults={
            "message": "",
            "subtype": "http",
            "optionsList.minLocationFailed": 1,
        },
        empty_is_absent=True,
        enums={
            "type": ("api", "browser", "mobile", "network"),
            "subtype": ("http", "ssl", "tcp", "dns", "multi", "icmp", "udp", "websocket", "grpc"),
            "status": ("live", "paused"),
        },
        ranges={"optionsList.tickEvery": (30, 604_800), "optionsList.monitorPriority": (1, 5)},
        rules=(_locations, _known_locations, _request, _interval),
        regional=False,
    ),
)
