"""The copy of the site: made by a role that can touch these two buckets alone."""

from __future__ import annotations

import json

import pytest

from components.s3.site_replication import SiteReplication, SiteReplicationArgs
from tests.engine_recorder import Recording, record

ARGS = SiteReplicationArgs(
    bucket_name="site", bucket_arn="arn:aws:s3:::site", copy_arn="arn:aws:s3:::copy", tags={"Stack": "dev"}
)


@pytest.fixture(scope="module")
def recording() -> Recording[SiteReplication]:
    return record(lambda: SiteReplication("site-copy", ARGS))


def test_child_resources(recording: Recording[SiteReplication]) -> None:
    assert recording.tree() == {
        "site-copy": None,
        **{f"site-copy-{part}": "site-copy" for part in ("role", "copies", "rule")},
    }


def test_the_role_reads_the_one_and_writes_the_other(recording: Recording[SiteReplication]) -> None:
    document = json.loads(recording.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])
    reached = {statement["Sid"]: statement["Resource"] for statement in document["Statement"]}

    assert reached == {
        "SeesWhatToCopy": "arn:aws:s3:::site",
        "ReadsFiles": "arn:aws:s3:::site/*",
        "WritesCopies": "arn:aws:s3:::copy/*",
    }


def test_deletions_are_copied_and_rights_stand_first(recording: Recording[SiteReplication]) -> None:
    config = recording.one("aws:s3/bucketReplicationConfig:BucketReplicationConfig")
    (rule,) = config.inputs["rules"]

    assert rule["deleteMarkerReplication"] == {"status": "Enabled"}
    assert rule["destination"]["bucket"] == "arn:aws:s3:::copy"
    assert config.opts.depends_on >= {"site-copy-copies"}
