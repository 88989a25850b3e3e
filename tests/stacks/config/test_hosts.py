"""The settings of managed hosts: those that each host requires, and those that it does not support."""

from __future__ import annotations

import json

import pytest

from stacks.config.transitions import transition_errors
from tests.stacks.config.test_reading import read, refused

HOSTS = {"repository": "you/app", "netlifyTeam": "you", "renderOwner": "tea-0", "railwayWorkspace": "w1"}
GIVEN = json.dumps(HOSTS)


def without(key: str) -> str:
    return json.dumps({name: value for name, value in HOSTS.items() if name != key})


def test_a_stack_uses_no_host_by_default() -> None:
    settings = read()
    assert not settings.uses_hosts
    assert (settings.frontend_hosts, settings.backend_hosts) == ({"aws"}, {"aws"})


@pytest.mark.parametrize("frontend", ["vercel", "netlify", "aws"])
@pytest.mark.parametrize("backend", ["render", "railway"])
def test_every_pair_of_hosts_is_accepted_in_phase_mvp(frontend: str, backend: str) -> None:
    assert read(frontendHost=frontend, backendHost=backend, hosts=GIVEN).uses_hosts


@pytest.mark.parametrize("phase", ["optimization", "scale", "enterprise"])
def test_other_phases_refuse_a_host_with_the_reason(phase: str) -> None:
    error = refused(frontendHost="vercel", backendHost="render", hosts=GIVEN, phase=phase, tier="medium")
    assert f"the host has none of what phase {phase} adds" in str(error)
    assert {"tierup:frontendHost", "tierup:backendHost"} <= {each.key for each in error.errors}


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"frontendHost": "netlify", "hosts": without("netlifyTeam")}, "tierup:hosts.netlifyTeam"),
        ({"backendHost": "render", "hosts": without("renderOwner")}, "tierup:hosts.renderOwner"),
        ({"backendHost": "railway", "hosts": without("railwayWorkspace")}, "tierup:hosts.railwayWorkspace"),
        ({"frontendHost": "vercel", "hosts": without("repository")}, "tierup:hosts.repository"),
        ({"backendHost": "render", "hosts": GIVEN, "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:v1"},
         "tierup:image"),
        ({"backendHost": "render", "hosts": GIVEN, "databaseAuth": "iam"}, "tierup:databaseAuth"),
        ({"backendHost": "render", "hosts": GIVEN, "ipv6": "true"}, "tierup:ipv6"),
        ({"backendHost": "render", "hosts": GIVEN, "existingCluster": "shared"}, "tierup:existingCluster"),
        ({"backendHost": "render", "hosts": GIVEN, "backend": '{"command": ["node"]}'}, "tierup:backend"),
        ({"frontendHost": "vercel", "hosts": GIVEN, "siteRedirects": '["www.example.com"]'}, "tierup:siteRedirects"),
        ({"backendHost": "render", "hosts": GIVEN, "backendStandby": "railway"}, "tierup:backendStandby"),
        ({"backendHost": "render", "hosts": GIVEN, "backendStandby": "render"}, "tierup:backendStandby"),
    ],
)  # fmt: skip
def test_settings_that_a_host_does_not_support_are_refused(changes: dict[str, str], key: str) -> None:
    assert [each.key for each in refused(**changes).errors] == [key]


def test_an_image_needs_no_repository_for_the_backend() -> None:
    hosts = without("repository")
    assert read(backendHost="render", hosts=hosts, image="ghcr.io/you/app:v1").image == "ghcr.io/you/app:v1"


def test_the_open_internet_needs_an_acknowledgement() -> None:
    opened = {**HOSTS, "databaseAddresses": ["0.0.0.0/0"]}
    assert "opens the database to the internet" in str(refused(backendHost="railway", hosts=json.dumps(opened)))
    known = {**opened, "acknowledgeOpenDatabase": True}
    assert read(backendHost="railway", hosts=json.dumps(known)).hosts.database_addresses == ("0.0.0.0/0",)


def test_a_part_moves_only_to_a_host_that_is_on_standby() -> None:
    before = read(backendHost="railway", hosts=GIVEN)
    prepared = read(backendHost="railway", backendStandby="aws", hosts=GIVEN)
    moved = read(backendHost="aws", backendStandby="railway", hosts=GIVEN)
    assert [each.key for each in transition_errors(before, read(hosts=GIVEN))] == ["tierup:backendHost"]
    for first, second in ((before, prepared), (prepared, moved), (moved, prepared), (moved, read(hosts=GIVEN))):
        assert list(transition_errors(first, second)) == []
