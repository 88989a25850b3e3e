"""The private S3 bucket of the built frontend.

Creates the bucket, its public access block, ownership controls, encryption, versioning, lifecycle, a placeholder
index.html and, once the CDN exists, the bucket's policy. A deployment uploads builds; site_replication.py copies them.
Checklist: HTTPS enforced (the policy denies plain HTTP), deployment rollback (versions of every file).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.s3.private_bucket import PrivateBucket, tls_only

RELEASES = ".releases/"
"""The prefix of the objects with which a deployment describes its releases. The CDN cannot read them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteBucketArgs:
    """Arguments of SiteBucket."""

    index_html: str | None
    """HTML of the placeholder page until the first build is uploaded. Later updates never restore it. None creates no
    page, for a bucket that receives its files by replication."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""
    old_version_days: int = 30
    """Days that a replaced or deleted file can be restored; 1 or more."""
    force_destroy: bool = False
    """Whether a destroy may delete a bucket that holds a build."""
    region: str | None = None
    """Region of the bucket; None is the provider's region. A failover bucket is in another region."""

    def __post_init__(self) -> None:
        if self.index_html is not None and not self.index_html.strip():
            raise ValueError(
                f"index_html: must not be empty (got {self.index_html!r}). Give the HTML of a placeholder page; "
                "without one the site returns 404."
            )
        if self.old_version_days < 1:
            raise ValueError(
                f"old_version_days: must be positive (got {self.old_version_days}). Give 1 or more, because a rollback "
                "needs the files of the previous build."
            )


class SiteBucket(ComponentResource):
    """A private bucket. `allow_reads_from` or `allow_reads_through` allows one CDN to read it."""

    bucket_name: Output[str]
    """Name of the bucket, for the deployment of builds."""
    bucket_arn: Output[str]
    """ARN of the bucket, available once versioning is on, because S3 replication requires it."""
    regional_domain_name: Output[str]
    """Regional host name for the origin. The global host name redirects for hours after the bucket's creation."""

    def __init__(self, name: str, args: SiteBucketArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:SiteBucket", name, None, opts)
        self._logical_name = name
        self._region = args.region
        self._private = PrivateBucket(
            name,
            region=args.region,
            force_destroy=args.force_destroy,
            tags=args.tags,
            child=ResourceOptions(parent=self),
        )
        self._bucket = self._private.bucket
        self._lifecycle(args.old_version_days)
        if args.index_html is not None:
            self._placeholder(args, args.index_html)

        self.bucket_name = self._bucket.bucket
        self.bucket_arn = Output.all(self._bucket.arn, self._private.versioning.id).apply(lambda both: str(both[0]))
        self.regional_domain_name = self._bucket.bucket_regional_domain_name
        self.register_outputs(
            {
                "bucket_name": self.bucket_name,
                "bucket_arn": self.bucket_arn,
                "regional_domain_name": self.regional_domain_name,
            }
        )

    def allow_reads_from(self, distribution_arn: Input[str]) -> aws.s3.BucketPolicy:
        """Create the bucket's policy: TLS only, and reads by the given distribution.

        This is a method, because the distribution's origin is this bucket: as an argument of the constructor it would
        be a circular dependency. A bucket has one policy, so Pulumi rejects a second call.
        """
        return self._policy(_reads_by_distribution(self._bucket.arn, distribution_arn))

    def allow_reads_through(
        self, *, addresses: Sequence[str], user_agent: Input[str], distribution_arn: Input[str] | None = None
    ) -> aws.s3.BucketPolicy:
        """Create the bucket's policy: TLS only, and reads from `addresses` with the secret `user_agent`.

        It serves a CDN that cannot sign requests (Cloudflare), instead of `allow_reads_from`; another CDN updates the
        policy in place. `addresses` are IPv4 ranges, because S3's standard host names have no IPv6 address. They are
        fixed and narrow, so S3 does not treat the policy as public. `distribution_arn` is a distribution that reads
        the bucket as well, while the CDN changes.
        """
        reads = _reads_from_addresses(self._bucket.arn, addresses, Output.secret(user_agent))
        if distribution_arn is None:
            return self._policy(reads)
        return self._policy(_reads_by_distribution(self._bucket.arn, distribution_arn), reads)

    def _policy(self, *readers: Sequence[Mapping[str, object]]) -> aws.s3.BucketPolicy:
        """Create the policy. Each reader is its statements, of which the first one allows the files."""
        statements = [tls_only(self._bucket.arn)]
        for reads in readers:
            statements += [*reads, _hides_releases(self._bucket.arn, reads[0])]
        document = {"Version": "2012-10-17", "Statement": statements}
        return aws.s3.BucketPolicy(
            f"{self._logical_name}-policy",
            bucket=self._bucket.bucket,
            policy=Output.json_dumps(document),
            region=self._region,
            # S3 returns 409 for concurrent changes of one bucket's access settings.
            opts=ResourceOptions(parent=self, depends_on=[self._private.public_access]),
        )

    def _lifecycle(self, old_version_days: int) -> None:
        aws.s3.BucketLifecycleConfiguration(
            f"{self._logical_name}-lifecycle",
            region=self._region,
            bucket=self._bucket.bucket,
            rules=[
                {
                    "id": "old-versions",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "noncurrent_version_expiration": {"noncurrent_days": old_version_days},
                    "expiration": {"expired_object_delete_marker": True},
                },
                {
                    "id": "aborted-uploads",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
                },
            ],
            opts=ResourceOptions(parent=self, depends_on=[self._private.versioning]),
        )

    def _placeholder(self, args: SiteBucketArgs, index_html: str) -> None:
        aws.s3.BucketObjectv2(
            f"{self._logical_name}-index",
            region=self._region,
            bucket=self._bucket.bucket,
            key="index.html",
            content=index_html,
            content_type="text/html; charset=utf-8",
            cache_control="no-cache",
            tags={**args.tags, "Name": f"{self._logical_name}-index"},
            # The first deployment overwrites the file, and updates must not restore the placeholder.
            opts=ResourceOptions(
                parent=self,
                depends_on=[self._private.versioning],
                ignore_changes=["content", "contentType", "cacheControl", "etag", "metadata", "tags"],
            ),
        )


def _hides_releases(bucket_arn: Output[str], reads: Mapping[str, object]) -> Mapping[str, object]:
    """Return the statement that denies the reader of `reads` the objects that describe releases."""
    return {
        **reads,
        "Sid": str(reads["Sid"]).replace("ReadsFiles", "ReadsNoReleases"),
        "Effect": "Deny",
        "Resource": Output.concat(bucket_arn, f"/{RELEASES}*"),
    }


def _reads_by_distribution(bucket_arn: Output[str], distribution_arn: Input[str]) -> list[Mapping[str, object]]:
    # With ListBucket, S3 returns 404 for a missing file instead of 403. The distribution has a default root object and
    # forwards no query string, so a viewer cannot list the bucket.
    reader = {"Service": "cloudfront.amazonaws.com"}
    from_distribution = {"StringEquals": {"AWS:SourceArn": distribution_arn}}
    return [
        {
            "Sid": "DistributionReadsFiles",
            "Effect": "Allow",
            "Principal": reader,
            "Action": "s3:GetObject",
            "Resource": Output.concat(bucket_arn, "/*"),
            "Condition": from_distribution,
        },
        {
            "Sid": "DistributionListsBucket",
            "Effect": "Allow",
            "Principal": reader,
            "Action": "s3:ListBucket",
            "Resource": bucket_arn,
            "Condition": from_distribution,
        },
    ]


def _reads_from_addresses(
    bucket_arn: Output[str], addresses: Sequence[str], user_agent: Output[str]
) -> list[Mapping[str, object]]:
    # ListBucket is omitted: Cloudflare forwards query strings, which can request a listing.
    return [
        {
            "Sid": "CdnReadsFiles",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": Output.concat(bucket_arn, "/*"),
            "Condition": {
                "IpAddress": {"aws:SourceIp": list(addresses)},
                "StringEquals": {"aws:UserAgent": user_agent},
            },
        }
    ]
