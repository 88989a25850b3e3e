"""The site's bucket: access settings, policies, lifecycle and the placeholder page."""

from __future__ import annotations

from dataclasses import replace

import pulumi_aws as aws
import pytest

from components.s3.site_bucket import SiteBucket, SiteBucketArgs
from tests.components.policy_documents import statements
from tests.engine_recorder import Recording, record

DISTRIBUTION = "arn:aws:cloudfront::111122223333:distribution/E1"
ARGS = SiteBucketArgs(index_html="<p>soon</p>", tags={"Stack": "dev"})


def build() -> SiteBucket:
    site = SiteBucket("site", ARGS)
    site.allow_reads_from(DISTRIBUTION)
    return site


@pytest.fixture(scope="module")
def recording() -> Recording[SiteBucket]:
    return record(build)


def test_creates_exactly_these_resources(recording: Recording[SiteBucket]) -> None:
    parts = ("bucket", "public-access", "ownership", "encryption", "versioning", "lifecycle", "index", "policy")

    assert recording.tree() == {"site": None, **{f"site-{part}": "site" for part in parts}}


def test_acls_and_public_policies_are_blocked(recording: Recording[SiteBucket]) -> None:
    block = recording.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs
    ownership = recording.one("aws:s3/bucketOwnershipControls:BucketOwnershipControls").inputs

    assert all(
        block[switch]
        for switch in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    )
    assert ownership["rule"] == {"objectOwnership": "BucketOwnerEnforced"}


def test_policy_allows_reads_by_the_distribution_over_tls_only(recording: Recording[SiteBucket]) -> None:
    policy = recording.one("aws:s3/bucketPolicy:BucketPolicy")
    allowed = [statement for statement in statements(policy) if statement["Effect"] == "Allow"]
    denied = [statement for statement in statements(policy) if statement["Effect"] == "Deny"]

    assert {statement["Action"] for statement in allowed} == {"s3:GetObject", "s3:ListBucket"}
    for statement in allowed:
        assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        assert statement["Condition"] == {"StringEquals": {"AWS:SourceArn": DISTRIBUTION}}
    assert denied[0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert policy.opts.depends_on >= {"site-public-access"}


@pytest.mark.parametrize("allow", ["distribution", "addresses"])
def test_the_cdn_cannot_read_the_objects_that_describe_releases(allow: str) -> None:
    policy = record(build if allow == "distribution" else through_addresses).one("aws:s3/bucketPolicy:BucketPolicy")
    allowed = next(
        each for each in statements(policy) if each["Action"] == "s3:GetObject" and each["Effect"] == "Allow"
    )
    (denied,) = [each for each in statements(policy) if each["Sid"].endswith("ReadsNoReleases")]

    assert denied["Effect"] == "Deny"
    assert denied["Resource"].endswith("/.releases/*")
    assert {key: denied[key] for key in ("Principal", "Action", "Condition")} == {
        key: allowed[key] for key in ("Principal", "Action", "Condition")
    }


def test_bucket_does_not_depend_on_a_distribution() -> None:
    """A dependency would be circular, because the distribution's origin is the bucket."""
    alone = record(lambda: SiteBucket("site", ARGS))

    assert "site-policy" not in alone.tree()
    assert alone.value(alone.result.bucket_arn)


def test_placeholder_ignores_changes_by_deployments(recording: Recording[SiteBucket]) -> None:
    page = recording.one("aws:s3/bucketObjectv2:BucketObjectv2")

    assert page.inputs["key"] == "index.html"
    assert page.inputs["content"] == "<p>soon</p>"
    assert page.inputs["contentType"].startswith("text/html")
    assert {"content", "contentType", "cacheControl", "etag"} <= set(page.opts.ignore_changes)


def test_old_versions_expire_after_the_given_days() -> None:
    recording = record(lambda: SiteBucket("site", replace(ARGS, old_version_days=9)))
    rules = {
        rule["id"]: rule
        for rule in recording.one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs["rules"]
    }
    versioning = recording.one("aws:s3/bucketVersioning:BucketVersioning").inputs

    assert versioning["versioningConfiguration"] == {"status": "Enabled"}
    assert rules["old-versions"]["noncurrentVersionExpiration"] == {"noncurrentDays": 9}
    assert rules["aborted-uploads"]["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}
    assert all(rule["status"] == "Enabled" for rule in rules.values())


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"index_html": " "}, r"^index_html: must not be empty"),
        ({"old_version_days": 0}, r"^old_version_days: .*\(got 0\)\. Give 1 or more"),
    ],
)
def test_invalid_arguments_are_rejected(wrong: dict[str, str | int], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(ARGS, **wrong)  # pyright: ignore[reportArgumentType]  # wrong on purpose


def through_addresses() -> SiteBucket:
    site = SiteBucket("site", replace(ARGS, region="eu-central-1"))
    site.allow_reads_through(addresses=["173.245.48.0/20"], user_agent="a-key")
    return site


def test_policy_allows_reads_from_addresses_with_the_secret_header() -> None:
    policy = record(through_addresses).one("aws:s3/bucketPolicy:BucketPolicy")
    (allowed,) = [statement for statement in statements(policy) if statement["Effect"] == "Allow"]

    assert allowed["Action"] == "s3:GetObject", "ListBucket would allow a listing by query string"
    assert allowed["Condition"] == {
        "IpAddress": {"aws:SourceIp": ["173.245.48.0/20"]},
        "StringEquals": {"aws:UserAgent": "a-key"},
    }
    assert policy.secret_inputs == {"policy"}
    assert policy.name == "site-policy", "another CDN updates the policy in place"


def test_resources_are_in_the_given_region() -> None:
    resources = [each for each in record(through_addresses).resources if each.custom]

    assert {each.inputs.get("region") for each in resources} == {"eu-central-1"}


def test_arn_depends_on_versioning() -> None:
    def build() -> aws.s3.BucketReplicationConfig:
        site = SiteBucket("site", ARGS)
        return aws.s3.BucketReplicationConfig("rule", bucket=site.bucket_name, role=site.bucket_arn, rules=[])

    replication = record(build).one("aws:s3/bucketReplicationConfig:BucketReplicationConfig")

    assert replication.opts.depends_on >= {"site-versioning"}
