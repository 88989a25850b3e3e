"""Projects, their domains and their environment variables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Name, Reference, Rejection, Stage, assumed, documented, rule

PROJECT = "vercel:index/project:Project"
DOMAIN = "vercel:index/projectDomain:ProjectDomain"
VARIABLE = "vercel:index/projectEnvironmentVariable:ProjectEnvironmentVariable"


def _provider(file: str) -> str:
    return f"https://github.com/vercel/terraform-provider-vercel at c8a6711, vercel/{file}"


_PROJECT = documented(_provider("resource_project.go"), read="2026-11-28")
_DOMAIN = documented(_provider("resource_project_domain.go"), read="2026-11-28")
_VARIABLE = documented(_provider("resource_project_environment_variable.go"), read="2026-11-28")
_API = assumed("Vercel's API answers 409 for a name in use; page to check: https://vercel.com/docs/rest-api/errors")
_REGIONS = (
    "arn1", "bom1", "cdg1", "cle1", "cpt1", "dub1", "dxb1", "fra1", "gru1", "hkg1", "hnd1", "iad1", "icn1", "kix1",
    "lhr1", "pdx1", "sfo1", "sin1", "syd1",
)  # fmt: skip
_KNOWN_REGIONS = assumed("the regions of functions; page to check: https://vercel.com/docs/regions")


@rule("repository-is-owner-and-name", Stage.PLAN, source=_PROJECT)
def _repository(call: Call) -> Iterator[Rejection]:
    found = call.get("gitRepository.repo")
    if isinstance(found, str) and not re.fullmatch(r"[\w.-]+/[\w.-]+", found):
        yield Rejection("gitRepository.repo", f"not a repository (got '{found}'). Write owner/name.", "bad_request")


@rule("region-exists", Stage.PLAN, source=_KNOWN_REGIONS)
def _region(call: Call) -> Iterator[Rejection]:
    found = call.get("serverlessFunctionRegion")
    if isinstance(found, str) and found not in _REGIONS:
        yield Rejection(
            "serverlessFunctionRegion",
            f"no such region (got '{found}'). Regions: {', '.join(_REGIONS)}.",
            "bad_request",
        )


@rule("domain-is-a-host-name", Stage.PLAN, source=_DOMAIN)
def _host_name(call: Call) -> Iterator[Rejection]:
    found = call.get("domain")
    if isinstance(found, str) and not re.fullmatch(r"(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", found):
        yield Rejection("domain", f"not a host name (got '{found}'). Write it in lower case.", "invalid_domain")


@rule("domain-has-one-project", Stage.CREATE, source=_API)
def _one_project(call: Call) -> Iterator[Rejection]:
    for other in call.cloud.find(DOMAIN, domain=call.get("domain")):
        if other.urn != call.urn:
            yield Rejection(
                "domain",
                f"the domain is in use by another project: '{other.name}'. Remove it there first.",
                "domain_already_in_use",
            )


@rule("development-variables-are-not-sensitive", Stage.PLAN, source=_VARIABLE)
def _sensitive(call: Call) -> Iterator[Rejection]:
    targets = call.get("targets")
    if isinstance(targets, list) and "development" in targets and call.get("sensitive") is True:
        yield Rejection(
            "sensitive", "variables that target development must set sensitive to false (got true).", "bad_request"
        )
    for each in targets if isinstance(targets, list) else ():
        if each is not UNKNOWN and each not in ("production", "preview", "development"):
            yield Rejection(
                "targets", f"no such target (got '{each}'). Targets: production, preview, development.", "bad_request"
            )
    if not targets and not call.get("customEnvironmentIds"):
        yield Rejection("targets", "targets or customEnvironmentIds must be set (got neither).", "bad_request")


@rule("variable-is-set-once", Stage.CREATE, source=_API)
def _once(call: Call) -> Iterator[Rejection]:
    for other in call.cloud.find(VARIABLE, projectId=call.get("projectId"), key=call.get("key")):
        shared = set(other.inputs.get("targets") or ()) & set(call.get("targets") or ())
        if other.urn != call.urn and shared:
            yield Rejection(
                "key",
                f"a variable {call.get('key')} with the target {sorted(shared)[0]} already exists: '{other.name}'.",
                "ENV_ALREADY_EXISTS",
            )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=PROJECT,
        source=_PROJECT,
        id="prj_{hex24}",
        name=Name(
            longest=52,
            pattern=r"[a-z0-9-]+",
            allowed="lower-case letters, digits and hyphens",
            unique="teamId",
            taken="conflict",
            source=_PROJECT,
        ),
        outputs={"autoAssignCustomDomains": True, "nodeVersion": "24.x"},
        replaces=frozenset({"teamId"}),
        rules=(_repository, _region),
        regional=False,
    ),
    Behaviour(
        type=DOMAIN,
        source=_DOMAIN,
        id="{domain}",
        outputs={"verified": True, "misconfigured": False},
        replaces=frozenset({"projectId", "teamId", "domain"}),
        references=(Reference(path="projectId", to=PROJECT, code="not_found", holds=False, source=_API),),
        rules=(_host_name, _one_project),
        regional=False,
    ),
    Behaviour(
        type=VARIABLE,
        source=_VARIABLE,
        id="{hex16}",
        replaces=frozenset({"projectId", "teamId", "key", "sensitive", "customEnvironmentIds"}),
        references=(Reference(path="projectId", to=PROJECT, code="not_found", holds=False, source=_API),),
        secrets=frozenset({"value"}),
        rules=(_sensitive, _once),
        regional=False,
    ),
)
