"""Web services, their environment variables and their domains."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Name, Reference, Rejection, Stage, assumed, documented, rule

SERVICE = "render:services:WebService"
VARIABLES = "render:services:EnvVarsForService"
DOMAIN = "render:services:CustomDomain"

_PROVIDER = documented(
    "https://github.com/cloudy-sky-software/pulumi-render at ae7c79f, provider/pkg/provider/{provider,request}.go,"
    " and servicePATCH and webServiceDetailsPATCH of provider/cmd/pulumi-gen-render/openapi.yml",
    read="2026-11-28",
)
_SCHEMA = documented(
    "Render's API description in provider/cmd/pulumi-gen-render/openapi.yml of that repository", read="2026-11-28"
)
_ERRORS = assumed("Render's API answers 400 and 409 without codes; page to check: https://api-docs.render.com/")
_VERIFICATION = assumed(
    "a domain is unverified until its DNS record points at the service; page to check:"
    " https://render.com/docs/custom-domains"
)


@rule("exactly-one-source", Stage.PLAN, source=_SCHEMA)
def _source(call: Call) -> Iterator[Rejection]:
    runtime = call.get("serviceDetails.runtime")
    has_image, has_repository = call.get("image") is not None, call.get("repo") is not None
    if has_image == has_repository:
        yield Rejection("image", "exactly one of image and repo is required.", "400")
    elif runtime is not UNKNOWN and (runtime == "image") != has_image:
        yield Rejection("serviceDetails.runtime", f"it does not fit the source (got '{runtime}').", "400")


@rule("health-check-path-is-a-path", Stage.PLAN, source=_SCHEMA)
def _health_check(call: Call) -> Iterator[Rejection]:
    path = call.get("serviceDetails.healthCheckPath")
    if isinstance(path, str) and not path.startswith("/"):
        yield Rejection("serviceDetails.healthCheckPath", f"not a path (got '{path}'). Begin it with /.", "400")


@rule("owner-is-a-workspace", Stage.PLAN, source=_SCHEMA)
def _owner(call: Call) -> Iterator[Rejection]:
    owner = call.get("ownerId")
    if isinstance(owner, str) and not re.fullmatch(r"(tea|usr)-[a-z0-9]+", owner):
        yield Rejection("ownerId", f"not the id of a workspace (got '{owner}'). It begins with tea-.", "400")


@rule("details-without-update", Stage.UPDATE, source=_PROVIDER)
def _fixed_details(call: Call) -> Iterator[Rejection]:
    """Reject changes that Render's update call does not accept, and that the provider does not replace for."""
    old = (call.old or {}).get("serviceDetails") or {}
    for key in ("region", "numInstances"):
        if old.get(key) != call.get(f"serviceDetails.{key}"):
            yield Rejection(
                f"serviceDetails.{key}",
                f"the update call does not accept it (got {call.get(f'serviceDetails.{key}')}). Replace the service for"
                " another region; scale it with ScaleService.",
                "400",
            )


@rule("variables-are-set-once", Stage.CREATE, source=_SCHEMA)
def _one_list(call: Call) -> Iterator[Rejection]:
    for other in call.cloud.find(VARIABLES, serviceId=call.get("serviceId")):
        if other.urn != call.urn:
            yield Rejection("serviceId", f"'{other.name}' sets all variables of this service.", "409")


@rule("keys-are-names", Stage.PLAN, source=_SCHEMA)
def _keys(call: Call) -> Iterator[Rejection]:
    variables = call.get("envVars")
    for number in range(len(variables)) if isinstance(variables, list) else ():
        key = call.get(f"envVars[{number}].key")
        if isinstance(key, str) and not re.fullmatch(r"[A-Za-z_][\w.-]*", key):
            yield Rejection(f"envVars[{number}].key", f"not the name of a variable (got '{key}').", "400")


@rule("domain-has-one-service", Stage.CREATE, source=_ERRORS)
def _one_service(call: Call) -> Iterator[Rejection]:
    for other in call.cloud.find(DOMAIN, name=call.get("name")):
        if other.urn != call.urn:
            yield Rejection("name", f"the domain is in use by another service: '{other.name}'.", "409")


def _slug(call: Call) -> str:
    return f"{call.get('name')}-{call.hex(4)}" if _taken(call) else str(call.get("name"))


def _taken(call: Call) -> bool:
    """Return whether another service has the name: Render then appends characters to the slug."""
    return any(other.urn != call.urn for other in call.cloud.find(SERVICE, name=call.get("name")))


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=SERVICE,
        source=_SCHEMA,
        id="srv-{hex20}",
        name=Name(
            longest=63,
            pattern=r"[A-Za-z0-9][\w -]*",
            allowed="letters, digits, hyphens and spaces",
            automatic=False,
            unique="ownerId",
            taken="409",
            source=_ERRORS,
        ),
        outputs={
            "slug": _slug,
            "createdAt": "2026-11-28T00:00:00Z",
            "dashboardUrl": "https://dashboard.render.com/web/{id}",
            "suspended": "not_suspended",
            "suspenders": (),
            "notifyOnFail": "default",
        },
        derived={"updatedAt": "2026-11-28T00:00:00Z"},
        # What the PATCH call does not accept at the top level replaces the service.
        replaces=frozenset({"ownerId", "type", "envVars", "secretFiles", "environmentId", "queryParams"}),
        replace_source=_PROVIDER,
        enums={
            "serviceDetails.region": ("frankfurt", "oregon", "ohio", "singapore", "virginia"),
            "serviceDetails.plan": (
                "starter", "starter_plus", "standard", "standard_plus", "pro", "pro_plus", "pro_max", "pro_ultra",
                "free", "custom",
            ),
            "autoDeploy": ("yes", "no"),
        },
        secrets=frozenset({"envVars"}),
        rules=(_source, _health_check, _owner, _fixed_details, _keys),
        regional=False,
    ),
    Behaviour(
        type=VARIABLES,
        source=_PROVIDER,
        id="{hex64}",
        replaces=frozenset({"serviceId"}),
        references=(Reference(path="serviceId", to=SERVICE, code="404", holds=False, source=_SCHEMA),),
        secrets=frozenset({"envVars"}),
        rules=(_one_list, _keys),
        regional=False,
    ),
    Behaviour(
        type=DOMAIN,
        source=_SCHEMA,
        id="cdm-{hex20}",
        replaces=frozenset({"serviceId", "name"}),
        replace_source=_PROVIDER,
        references=(Reference(path="serviceId", to=SERVICE, code="404", holds=False, source=_VERIFICATION),),
        rules=(_one_service,),
        regional=False,
    ),
)  # fmt: skip
