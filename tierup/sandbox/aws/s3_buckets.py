"""S3: buckets."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from ..behaviour import (
    Behaviour,
    Call,
    Name,
    Quota,
    Rejection,
    Stage,
    documented,
    rule,
)
from .s3 import BUCKET, OBJECTS
from .same_scope import known
from .sources import created_only, sdk

_NAMES = documented("https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html", read="2026-11-24")

_ERRORS = documented("S3's error codes as moto's s3 and terraform-provider-aws have them", read="2026-11-28")

# Hosted zone ids of S3's website endpoints:
# https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/s3/hosted_zones.go (read 2026-11-24)
_WEBSITE_ZONES = {
    "us-east-1": "Z3AQBSTGFYJSTF",
    "us-east-2": "Z2O1EMRO9K5GLX",
    "us-west-1": "Z2F56UZL2M1ACD",
    "us-west-2": "Z3BJ6K6RIION7M",
    "ap-northeast-1": "Z2M4EHUR26P7ZW",
    "ap-south-1": "Z11RGJOFQNVJUP",
    "ap-southeast-1": "Z3O0J2DXBE1FTB",
    "ap-southeast-2": "Z1WCIGYICN2BYD",
    "ca-central-1": "Z1QDHH18159H29",
    "eu-central-1": "Z21DNDUVLTQW6Q",
    "eu-north-1": "Z3BAZG2TWCNX0D",
    "eu-west-1": "Z1BKCTXD74EZPE",
    "eu-west-2": "Z3GKZC51ZF0DB4",
    "eu-west-3": "Z3R1K369G5AVDG",
    "sa-east-1": "Z7KQH4QJS55SO",
}


@rule("bucket-is-empty", Stage.DELETE, source=_ERRORS)
def _empty(call: Call) -> Iterator[Rejection]:
    assert call.this is not None
    held = [held for held in call.cloud.find(OBJECTS, bucket=call.this.id) if held.account == call.account]
    if held and call.this.inputs.get("forceDestroy") is not True:
        yield Rejection(
            "",
            f"the bucket '{call.this.id}' you tried to delete is not empty: it contains {len(held)} objects"
            f" ('{held[0].outputs.get('key')}' ...). Empty it, or update it with forceDestroy: true before you delete"
            " it.",
            "BucketNotEmpty",
        )


@rule("bucket-name-is-not-an-ip-address", Stage.PLAN, source=_NAMES)
def _no_address(call: Call) -> Iterator[Rejection]:
    name = known(call, "bucket")
    try:
        ipaddress.IPv4Address(name)
    except ValueError:
        return
    yield Rejection("bucket", f"the bucket name must not look like an IP address (got '{name}')", "InvalidBucketName")


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=BUCKET,
        source=sdk("s3/bucket"),
        id="{bucket}",
        outputs={
            "arn": "arn:aws:s3:::{bucket}",
            "bucketDomainName": "{bucket}.s3.amazonaws.com",
            "bucketRegionalDomainName": "{bucket}.s3.{region}.amazonaws.com",
            "bucketRegion": "{region}",
            "hostedZoneId": lambda call: _WEBSITE_ZONES.get(call.region, ""),
            "websiteDomain": "",
            "websiteEndpoint": "",
            "accelerationStatus": "",
            "acl": "private",
            "bucketNamespace": "global",
            "bucketPrefix": "",
            "corsRules": (),
            "forceDestroy": False,
            "grants": (),
            "lifecycleRules": (),
            "objectLockEnabled": False,
            "policy": "",
            "requestPayer": "BucketOwner",
            "serverSideEncryptionConfiguration": {
                "rule": {
                    "applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"},
                    "bucketKeyEnabled": False,
                }
            },
            "versioning": {"enabled": False, "mfaDelete": False},
        },
        replaces=frozenset({"bucket", "bucketPrefix", "bucketNamespace", "objectLockEnabled"}),
        replace_source=created_only("AWS::S3::Bucket"),
        enums={
            "accelerationStatus": ("Enabled", "Suspended"),
            "bucketNamespace": ("account-regional", "global"),
            "requestPayer": ("BucketOwner", "Requester"),
            "acl": (
                "private", "public-read", "public-read-write", "aws-exec-read", "authenticated-read",
                "log-delivery-write",
            ),
        },
        conflicts=(("bucket", "bucketPrefix"), ("acl", "grants")),
        name=Name(
            property="bucket",
            shortest=3,
            longest=63,
            pattern=(
                r"(?!xn--|sthree-|amzn-s3-demo-)(?!.*(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)(?!.*\.\.)"
                r"[a-z0-9][a-z0-9.-]*[a-z0-9]"
            ),
            allowed=(
                "lower-case letters, digits, '-' and single '.', with a letter or digit at both ends, and without the"
                " reserved prefixes (xn--, sthree-, amzn-s3-demo-) and suffixes (-s3alias, --ol-s3, .mrap, --x-s3,"
                " --table-s3)"
            ),
            shape=str.lower,
            unique="global",
            taken="BucketAlreadyExists",
            source=_NAMES,
        ),
        quotas=(
            Quota(
                limit=10_000,
                per="account",
                what="general purpose buckets per account",
                code="TooManyBuckets",
                source=documented(
                    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/BucketRestrictions.html", read="2026-11-24"
                ),
            ),
        ),
        rules=(_empty, _no_address),
    ),
)  # fmt: skip
