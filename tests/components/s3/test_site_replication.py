"""The replication of the site: its rule, and the permissions of its role."""

from __future__ import annotations

import json

import pytest

from components.s3.site_replication import SiteReplication, SiteReplicationArgs
from tests.engine_recorder import Recording, record

ARGS = SiteReplicationArgs(
    bucket_name="site", bucket_arn="arn:aws:s3:::site", destination_arn="arn:aws:s3:::copy", tags={"Stack": "dev"}
)


@pytest.fixture(scope="module")
def recording() -> Recording[SiteReplication]:
    return record(lambda: SiteReplication("site-copy", ARGS))


def test_creates_exactly_these_resources(recording: Recording[SiteReplication]) -> None:
    assert recording.tree() == {
        "site-copy": None,
        **{f"site-copy-{part}": "site-copy" for part in ("role", "policy", "rule")},
    }


def test_role_reads_the_source_and_writes_the_destination(recording: Recording[SiteReplication]) -> None:
    document = json.loads(recording.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])
    permissions = {statement["Sid"]: statement["Resource"] for statement in document["Statement"]}

    assert permissions == {
        "ReadsConfiguration": "arn:aws:s3:::site",
        "ReadsFiles": "arn:aws:s3:::site/*",
        "WritesReplicas": "arn:aws:s3:::copy/*",
    }


def test_delete_markers_are_replicated_and_the_rule_depends_on_the_policy(
    recording: Recording[SiteReplication],
) -> None:
    config = recording.one("aws:s3/bucketReplicationConfig:BucketReplicationConfig")
    (rule,) = config.inputs["rules"]

    assert rule["deleteMarkerReplication"] == {"status": "Enabled"}
    assert rule["destination"]["bucket"] == "arn:aws:s3:::copy"
    assert config.opts.depends_on >= {"site-copy-policy"}
