"""Sentry's teams, projects and client keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from ..behaviour import Behaviour, Call, Reference, Rejection, Stage, located, rule
from . import sources

TEAM: Final = "sentry:index/sentryTeam:SentryTeam"
PROJECT: Final = "sentry:index/sentryProject:SentryProject"
INVALID: Final = "400 Bad Request"

_SLUG: Final = re.compile(r"(?![0-9]+$)[a-z0-9_-]+")
_LONGEST: Final = 50


def slug_of(call: Call) -> str:
    """Return the slug that the program gives, or that Sentry makes of the name."""
    return str(call.get("slug") or re.sub(r"[^a-z0-9_]+", "-", str(call.get("name")).lower()).strip("-"))


def number(call: Call) -> str:
    """Return the number of an object, which Sentry counts over all organizations."""
    return str(4_500_000_000_000_000 + int(call.hex(10), 16))


@rule("slugs-have-their-form", Stage.PLAN, source=sources.SLUGS)
def slugs(call: Call) -> Iterator[Rejection]:
    """Reject a slug that Sentry does not accept."""
    for path in ("organization", "project", "slug", "teams[*]"):
        for at, value in located(call.inputs, path):
            if isinstance(value, str) and (not _SLUG.fullmatch(value) or len(value) > _LONGEST):
                yield Rejection(
                    at,
                    f"Enter a valid slug consisting of lowercase letters, numbers, underscores or hyphens (got"
                    f" '{value}'). It cannot be entirely numeric, and has {_LONGEST} characters at most.",
                    INVALID,
                )


@rule("slug-is-free", Stage.CREATE, source=sources.UNIQUE_SLUGS)
def _free(call: Call) -> Iterator[Rejection]:
    for other in call.cloud.find(call.type, organization=call.get("organization")):
        if other.outputs.get("slug") == slug_of(call):
            yield Rejection("slug", f"the slug '{slug_of(call)}' is in use", "409 Conflict")


@rule("project-has-a-team", Stage.PLAN, source=sources.provider("internal/provider/resource_project.go"))
def _team(call: Call) -> Iterator[Rejection]:
    if call.inputs.get("team") is None and call.inputs.get("teams") in (None, []):
        yield Rejection("teams", "it is missing. A project requires one team or more.", INVALID)


def _dsn(call: Call, *, secret: bool = False) -> str:
    key = call.hex(32, "public") + (f":{call.hex(32, 'secret')}" if secret else "")
    return f"https://{key}@o1.ingest.sentry.io/{_project_number(call)}"


def _project_number(call: Call) -> Any:
    project = call.get("project")
    found = next((each for each in call.cloud.find(PROJECT) if each.outputs.get("slug") == project), None)
    return found.outputs["internalId"] if found is not None else number(call)


_TEAM = sources.provider("sentry/resource_sentry_team.go")
_PROJECT = sources.provider("internal/provider/resource_project.go")
_KEY = sources.provider("internal/provider/resource_client_key.go")


def of_project() -> Reference:
    """Return the reference to a project by its slug."""
    return Reference(path="project", to=PROJECT, by="slug", code="404 Not Found", holds=False, source=_KEY)


BEHAVIOURS = (
    Behaviour(
        type=TEAM,
        source=_TEAM,
        id=slug_of,
        outputs={
            "name": "{name}",
            "slug": slug_of,
            "internalId": number,
            "teamId": lambda call: call.outputs["internalId"],
            "hasAccess": True,
            "isMember": False,
            "isPending": False,
        },
        replaces=frozenset({"organization"}),
        replace_source=sources.REPLACED,
        keeps=frozenset({"slug"}),
        rules=(slugs, _free),
        regional=False,
    ),
    Behaviour(
        type=PROJECT,
        source=_PROJECT,
        id=slug_of,
        outputs={
            "name": "{name}",
            "slug": slug_of,
            "internalId": number,
            "projectId": lambda call: call.outputs["internalId"],
            "digestsMaxDelay": 1_800,
            "digestsMinDelay": 300,
            "resolveAge": 0,
            "color": "#3fbf7f",
            "features": [],
            "isBookmarked": False,
            "isPublic": False,
            "status": "active",
        },
        replaces=frozenset({"organization"}),
        replace_source=sources.REPLACED,
        keeps=frozenset({"slug", "digestsMaxDelay", "digestsMinDelay", "resolveAge"}),
        conflicts=(("team", "teams"),),
        references=(
            Reference(path="teams[*]", to=TEAM, by="slug", code="404 Not Found", holds=False, source=_PROJECT),
        ),
        rules=(slugs, _free, _team),
        regional=False,
    ),
    Behaviour(
        type="sentry:index/sentryKey:SentryKey",
        source=_KEY,
        id="{hex32}",
        outputs={
            "name": "{name}",
            "projectId": lambda call: int(_project_number(call)),
            "isActive": True,
            "public": lambda call: call.hex(32, "public"),
            "secret": lambda call: call.hex(32, "secret"),
            "dsnPublic": _dsn,
            "dsnSecret": lambda call: _dsn(call, secret=True),
            "dsnCsp": lambda call: f"https://o1.ingest.sentry.io/api/{_project_number(call)}/csp-report/",
        },
        replaces=frozenset({"organization", "project"}),
        replace_source=sources.REPLACED,
        keeps=frozenset({"rateLimitCount", "rateLimitWindow"}),
        requires={"rateLimitCount": ("rateLimitWindow",), "rateLimitWindow": ("rateLimitCount",)},
        secrets=frozenset({"secret", "dsnSecret"}),
        references=(of_project(),),
        rules=(slugs,),
        regional=False,
    ),
)
