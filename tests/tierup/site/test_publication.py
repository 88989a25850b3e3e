"""Deployments and rollbacks on moto's server: the order, interruptions, errors, what is kept and what is deleted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.tierup.site.conftest import BUCKET, IMMUTABLE, PAGE, Aws, Site, ignore
from tierup.deployment.errors import CommandError, ExitCode
from tierup.site import publication
from tierup.site.edge_cache import NoCache
from tierup.site.publication import read_deployment_state
from tierup.site.sandbox_bucket import SandboxBucket

FIRST = {"index.html": "<script src=/assets/a1.js>", "about.html": "about", "assets/a1.js": "one"}
SECOND = {"index.html": "<script src=/assets/b2.js>", "about.html": "about", "assets/b2.js": "two"}


def _headers(site: Site, key: str) -> tuple[str, str]:
    answer = site.s3.head_object(Bucket=BUCKET, Key=key)
    return answer["ContentType"], answer["CacheControl"]


def test_a_deployment_sets_the_headers_of_each_file(site: Site) -> None:
    site.deploy(FIRST)
    assert _headers(site, "index.html") == ("text/html; charset=utf-8", PAGE)
    assert _headers(site, "assets/a1.js") == ("text/javascript; charset=utf-8", IMMUTABLE)


def test_assets_are_written_before_pages_and_the_entry_page_last(site: Site, aws: Aws) -> None:
    site.deploy(FIRST)
    aws.calls.clear()
    site.deploy(SECOND | {"about.html": "new"})
    order = [key for key in aws.writes() if not key.startswith(".releases/")]
    assert order == ["assets/b2.js", "about.html", "index.html"]


def test_a_second_run_uploads_nothing_and_creates_no_release(site: Site, aws: Aws) -> None:
    site.deploy(FIRST)
    aws.calls.clear()
    result = site.deploy(FIRST)
    assert result.plan.changes_nothing
    assert aws.writes() == []
    assert list(site.state().releases) == [1]
    assert site.invalidated() == []


def test_only_changed_pages_are_invalidated(site: Site) -> None:
    site.deploy(FIRST)
    site.deploy(SECOND)
    assert site.invalidated() == [["/index.html", "/"]]


def test_the_placeholder_page_is_invalidated(site: Site) -> None:
    site.s3.put_object(Bucket=BUCKET, Key="index.html", Body=b"placeholder")
    site.deploy(FIRST)
    assert site.invalidated() == [["/index.html", "/"]]


def test_a_changed_cache_control_publishes_the_page_again(site: Site) -> None:
    files = site.build(FIRST)
    site.s3.put_object(Bucket=BUCKET, Key="index.html", Body=FIRST["index.html"].encode(), ContentType="text/plain")
    assert [file.key for file in files] == ["about.html", "assets/a1.js", "index.html"]
    site.deploy(FIRST)
    assert _headers(site, "index.html") == ("text/html; charset=utf-8", PAGE)


def test_files_of_earlier_releases_stay(site: Site) -> None:
    site.deploy(FIRST)
    site.deploy(SECOND)
    assert site.page("assets/a1.js") == "one"


def test_pruned_releases_lose_only_the_files_that_no_kept_release_contains(site: Site) -> None:
    site.s3.put_object(Bucket=BUCKET, Key="other-tool.txt", Body=b"x")
    site.deploy(FIRST)
    site.deploy(SECOND, keep=2)
    result = site.deploy(SECOND | {"index.html": "three"}, keep=2)
    assert result.plan.pruned == [1]
    assert sorted(key for key in site.state().objects if not key.startswith(".releases/")) == [
        "about.html",
        "assets/b2.js",
        "index.html",
        "other-tool.txt",
    ]
    assert sorted(site.state().releases) == [2, 3]


def test_a_rollback_publishes_the_previous_pages_and_invalidates_them(site: Site) -> None:
    site.deploy(FIRST)
    site.deploy(SECOND)
    result = site.roll_back()
    assert result.plan.release.number == 1
    assert site.page() == FIRST["index.html"]
    assert _headers(site, "index.html") == ("text/html; charset=utf-8", PAGE)
    assert site.invalidated()[-1] == ["/index.html", "/"]


def test_a_rollback_to_a_given_release_skips_those_between(site: Site) -> None:
    for number in range(3):
        site.deploy({"index.html": f"page {number}"})
    site.roll_back(1)
    assert site.page() == "page 0"
    assert site.state().published.release == 1
    site.roll_back()
    assert site.page() == "page 2"


def test_a_rollback_needs_no_old_versions_of_objects(site: Site) -> None:
    site.deploy(FIRST)
    site.deploy(SECOND)
    versions = site.s3.list_object_versions(Bucket=BUCKET, Prefix="index.html")["Versions"]
    old = [each for each in versions if not each["IsLatest"]]
    assert old
    for each in old:
        site.s3.delete_object(Bucket=BUCKET, Key="index.html", VersionId=each["VersionId"])
    site.roll_back()
    assert site.page() == FIRST["index.html"]


def test_a_deployment_after_a_rollback_publishes_the_same_release_again(site: Site) -> None:
    site.deploy(FIRST)
    site.deploy(SECOND)
    site.roll_back()
    assert site.deploy(SECOND).plan.release.number == 2
    assert site.page() == SECOND["index.html"]


def test_a_rollback_restores_a_file_that_was_overwritten_under_its_hashed_name(site: Site) -> None:
    site.deploy(FIRST)
    result = site.deploy(FIRST | {"assets/a1.js": "other content"})
    assert result.plan.overwritten == ["assets/a1.js"]
    assert site.page("assets/a1.js") == "other content"
    site.roll_back()
    assert site.page("assets/a1.js") == "one"


def test_a_rollback_without_an_earlier_release_is_rejected(site: Site) -> None:
    site.deploy(FIRST)
    with pytest.raises(CommandError, match="--to: no earlier release was published") as rejected:
        site.roll_back()
    assert rejected.value.code is ExitCode.SETTINGS
    with pytest.raises(CommandError, match=r"--to: the bucket has no such release \(got 7\)"):
        site.roll_back(7)


def test_a_rollback_to_a_release_whose_files_are_missing_changes_nothing(site: Site) -> None:
    site.deploy(FIRST)
    site.deploy(SECOND)
    site.s3.delete_object(Bucket=BUCKET, Key="assets/a1.js")
    with pytest.raises(CommandError, match=r"release 1 is not complete .*assets/a1.js"):
        site.roll_back()
    assert site.page() == SECOND["index.html"]


def test_an_interruption_between_assets_and_pages_leaves_the_old_site_whole(site: Site, aws: Aws) -> None:
    site.deploy(FIRST)
    aws.errors.append((f"PUT /{BUCKET}/(index|about).html", 403, "AccessDenied"))
    with pytest.raises(CommandError, match="may not call CopyObject"):
        site.deploy(SECOND)
    assert site.page() == FIRST["index.html"]
    assert site.page("assets/a1.js") == "one"
    assert site.page("assets/b2.js") == "two"
    assert site.state().published.release == 1

    aws.errors.clear()
    aws.calls.clear()
    assert site.deploy(SECOND).plan.release.number == 2
    assert [key for key in aws.writes() if not key.startswith(".releases/")] == ["index.html"]
    assert site.invalidated() == [["/index.html", "/"]]


def test_an_interruption_between_pages_continues_with_the_rest_and_invalidates_all(site: Site, aws: Aws) -> None:
    site.deploy(FIRST)
    aws.errors.append((f"PUT /{BUCKET}/index.html", 403, "AccessDenied"))
    with pytest.raises(CommandError):
        site.deploy(SECOND | {"about.html": "new"})
    aws.errors.clear()
    aws.calls.clear()
    site.deploy(SECOND | {"about.html": "new"})
    assert [key for key in aws.writes() if not key.startswith(".releases/")] == ["index.html"]
    assert site.invalidated() == [["/about.html", "/index.html", "/"]]


def test_a_failed_invalidation_is_made_by_the_next_run(site: Site, aws: Aws) -> None:
    site.deploy(FIRST)
    aws.errors.append((r"POST /2020-05-31/distribution/.*/invalidation", 403, "AccessDenied"))
    with pytest.raises(CommandError, match="Allow CreateInvalidation"):
        site.deploy(SECOND)
    assert site.state().published.stale_paths == ("index.html",)
    aws.errors.clear()
    assert not site.deploy(SECOND).plan.changes_nothing
    assert site.invalidated() == [["/index.html", "/"]]
    assert site.deploy(SECOND).plan.changes_nothing


def test_a_throttled_upload_is_sent_again(site: Site, aws: Aws) -> None:
    aws.errors.append((f"PUT /{BUCKET}/assets/a1.js", -503, "SlowDown"))
    site.deploy(FIRST)
    assert site.page("assets/a1.js") == "one"
    assert aws.calls.count(f"PUT /{BUCKET}/assets/a1.js") == 2


def test_a_missing_bucket_is_reported_with_the_command_that_creates_it(site: Site, aws: Aws) -> None:
    aws.errors.append((r"PUT .*", 404, "NoSuchBucket"))
    with pytest.raises(CommandError, match=r"the bucket does not exist\. Run `tierup up`"):
        site.deploy(FIRST)


def test_rejected_credentials_have_their_own_exit_code(site: Site, aws: Aws) -> None:
    aws.errors.append((r"PUT .*", 403, "InvalidAccessKeyId"))
    with pytest.raises(CommandError) as rejected:
        site.deploy(FIRST)
    assert rejected.value.code is ExitCode.CREDENTIALS


def test_all_pages_of_a_listing_are_read(site: Site, aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = site.s3.get_paginator("list_objects_v2").paginate

    class Paginator:
        def __init__(self, operation: str) -> None:
            assert operation == "list_objects_v2"

        def paginate(self, **arguments: Any) -> Any:
            return listing(**arguments, PaginationConfig={"PageSize": 2})

    site.deploy(FIRST)
    aws.calls.clear()
    monkeypatch.setattr(site.s3, "get_paginator", Paginator)
    assert site.deploy(FIRST).plan.changes_nothing
    assert aws.calls.count(f"GET /{BUCKET}") >= 3


def test_two_deployments_at_a_time_are_rejected(site: Site) -> None:
    lock = {"id": "1", "holder": "build-7", "expires": "2999-01-01T00:00:00+00:00"}
    site.store.write(".releases/lock.json", json.dumps(lock).encode())
    with pytest.raises(CommandError, match=r"another run deploys the site \(got build-7\)") as rejected:
        site.deploy(FIRST)
    assert rejected.value.code is ExitCode.LOCKED


def test_an_expired_lock_is_taken_over_and_removed(site: Site) -> None:
    lock = {"id": "1", "holder": "build-7", "expires": "2020-01-01T00:00:00+00:00"}
    site.store.write(".releases/lock.json", json.dumps(lock).encode())
    site.deploy(FIRST)
    assert ".releases/lock.json" not in site.state().objects


def test_the_sandbox_stores_objects_and_headers_as_files(site: Site, tmp_path: Path) -> None:
    bucket = SandboxBucket(tmp_path / "bucket")
    for build in (FIRST, SECOND):
        publication.deploy(bucket, NoCache(), site.build(build), keep=1, on_progress=ignore)
    assert bucket.read("index.html") == SECOND["index.html"].encode()
    assert bucket.headers("assets/b2.js") == ("text/javascript; charset=utf-8", IMMUTABLE, None, "")
    assert bucket.read("assets/a1.js") is None
    assert read_deployment_state(bucket, site.build(SECOND)).published.release == 2
