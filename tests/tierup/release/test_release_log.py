"""Releases are written to the stack's tags, whose values are short, and read back unchanged."""

from __future__ import annotations

from dataclasses import replace

from tierup.release.release_log import (
    KEPT,
    Release,
    ReleaseResult,
    decode,
    encode,
    next_release,
    release_before,
    running_release,
)

DIGEST = f"sha256:{'a' * 64}"
RELEASE = Release(
    number=7,
    service="backend",
    image=f"111122223333.dkr.ecr.eu-west-1.amazonaws.com/images-repository-1d05410@{DIGEST}",
    tag="v1",
    at="2026-11-28T08:00:00+00:00",
    by="ops@host",
    result=ReleaseResult.SUCCEEDED,
)


def test_a_release_is_read_as_it_was_written() -> None:
    releases = [
        RELEASE,
        replace(RELEASE, number=8, result=ReleaseResult.FAILED, reason="a task stopped", rollback_to=5),
    ]
    tags = {name: value for each in releases for name, value in encode(each).items()}
    assert decode({**tags, "tierup:switch": "{}", "pulumi:project": "tierup"}) == releases


def test_the_longest_release_fits_into_its_tags() -> None:
    longest = replace(
        RELEASE,
        number=99_999,
        service="s" * 63,
        image=f"111122223333.dkr.ecr.ap-southeast-1.amazonaws.com/{'r' * 130}@{DIGEST}",
        tag="t" * 128,
        by="u" * 60,
        reason="ü" * 500,
        result=ReleaseResult.ROLLED_BACK,
        rollback_to=99_998,
    )
    tags = encode(longest)
    assert len(tags) == 2
    assert max(len(value) for value in tags.values()) <= 256
    assert max(len(name) for name in tags) <= 40
    (read,) = decode(tags)
    assert (read.number, read.image, read.result) == (longest.number, longest.image, longest.result)


def test_the_newest_releases_are_kept() -> None:
    tags: dict[str, str] = {}
    for number in range(1, KEPT + 6):
        tags |= encode(replace(RELEASE, number=number))
    numbers = [each.number for each in decode(tags)]
    assert numbers == list(range(6, KEPT + 6))


def test_tags_that_contain_no_release_are_left_out() -> None:
    assert decode({"tierup:release.01": "{}", "tierup:release.02": "no JSON", "tierup:release.03.image": "a:1"}) == []


def test_the_next_release_counts_on() -> None:
    release = next_release([RELEASE], "reports", "app:v2")
    assert (release.number, release.service, release.result) == (8, "reports", ReleaseResult.RUNNING)
    assert release.by
    assert next_release([], "reports", "app:v2").number == 1


def test_a_failed_release_is_neither_running_nor_returned_to() -> None:
    first = replace(RELEASE, number=1, image="app:v1", result=ReleaseResult.BY_UP)
    second = replace(RELEASE, number=2, image="app:v2")
    broken = replace(RELEASE, number=3, image="app:v3", result=ReleaseResult.ROLLED_BACK)
    other = replace(RELEASE, number=4, service="reports", image="reports:v1")
    releases = [first, second, broken, other]
    assert running_release(releases, "backend") == second
    assert release_before(releases, "backend", "app:v2") == first
    assert release_before(releases, "reports", "reports:v1") is None
