"""The private S3 bucket of the built frontend.

Makes: the bucket, its public access block, ownership, encryption, versioning, lifecycle, a first index.html and, once
the CDN is known, the bucket's one policy. Not here: the CDN, uploads of new builds, copies (site_replication.py).
Checklist: HTTPS enforced (the policy refuses plain HTTP), deployment rollback (versions of every file).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.s3.private_bucket import PrivateBucket, tls_only


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteBucketArgs:
    """What the site's bucket needs."""

    index_html: str
    """The page that answers until the first build is uploaded; later builds overwrite it and this one never returns."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    old_version_days: int = 30
    """How long a replaced or deleted file can still be brought back, in days."""
    force_destroy: bool = False
    """Whether a destroy may delete a bucket that still holds a build."""
    region: str | None = None
    """Where the bucket is; None is the provider's region. A stand-in for failover is in another."""

    def __post_init__(self) -> None:
        if not self.index_html.strip():
            raise ValueError("index_html is empty; give the HTML of a first page: without one the site answers 404")
        if self.old_version_days < 1:
            raise ValueError(
                f"old_version_days is {self.old_version_days}; allowed is 1 or more, "
                "because a rollback of the site needs the files of the build before"
            )


class SiteBucket(ComponentResource):
    """A bucket nobody can read until `allow_reads_from` or `allow_reads_through` names the CDN that may."""

    bucket_name: Output[str]
    """What `aws s3 sync` takes."""
    bucket_arn: Output[str]
    """Known once versions are kept: S3 refuses to replicate from or to a bucket that keeps none."""
    regional_domain_name: Output[str]
    """Host name in the bucket's own region, for the origin: the global one redirects for hours after creation."""

    def __init__(self, name: str, args: SiteBucketArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:SiteBucket", name, None, opts)
        self._logical_name = name
        self._region = args.region
        self._kept = PrivateBucket(
            name,
            region=args.region,
            force_destroy=args.force_destroy,
            tags=args.tags,
            child=ResourceOptions(parent=self),
        )
        self._bucket = self._kept.bucket
        self._expire(args.old_version_days)
        self._first_page(args)

        self.bucket_name = self._bucket.bucket
        self.bucket_arn = Output.all(self._bucket.arn, self._kept.versioning.id).apply(lambda both: str(both[0]))
        self.regional_domain_name = self._bucket.bucket_regional_domain_name
        self.register_outputs(
            {
                "bucket_name": self.bucket_name,
                "bucket_arn": self.bucket_arn,
                "regional_domain_name": self.regional_domain_name,
            }
        )

    def allow_reads_from(self, distribution_arn: Input[str]) -> aws.s3.BucketPolicy:
        """Write the bucket's policy: TLS only, and reads by that one distribution.

        A method and no argument, because the distribution's origin is this bucket: given to the constructor, the two
        would each have to be made before the other. A bucket has one policy, so a second call is refused by Pulumi.
        """
        return self._policy(_reads_by_distribution(self._bucket.arn, distribution_arn))

    def allow_reads_through(self, *, addresses: Sequence[str], referer: Input[str]) -> aws.s3.BucketPolicy:
        """Write the bucket's policy: TLS only, and reads from `addresses` that carry the secret `referer`.

        For a CDN that cannot sign requests (Cloudflare). `addresses` are IPv4 ranges: S3's ordinary host names have
        no IPv6 address. They are fixed and none is wide, so S3 does not take the policy for a public one. In place of
        `allow_reads_from`: changing the CDN changes the policy in place.
        """
        return self._policy(_reads_from_addresses(self._bucket.arn, addresses, Output.secret(referer)))

    def _policy(self, reads: Sequence[Mapping[str, object]]) -> aws.s3.BucketPolicy:
        document = {"Version": "2012-10-17", "Statement": [tls_only(self._bucket.arn), *reads]}
        return aws.s3.BucketPolicy(
            f"{self._logical_name}-policy",
            bucket=self._bucket.bucket,
            policy=Output.json_dumps(document),
            region=self._region,
            # S3 answers 409 to two changes of one bucket's access at once.
            opts=ResourceOptions(parent=self, depends_on=[self._kept.public_access]),
        )

    def _expire(self, old_version_days: int) -> None:
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
            opts=ResourceOptions(parent=self, depends_on=[self._kept.versioning]),
        )

    def _first_page(self, args: SiteBucketArgs) -> None:
        aws.s3.BucketObjectv2(
            f"{self._logical_name}-index",
            region=self._region,
            bucket=self._bucket.bucket,
            key="index.html",
            content=args.index_html,
            content_type="text/html; charset=utf-8",
            cache_control="no-cache",
            tags={**args.tags, "Name": f"{self._logical_name}-index"},
            # From the first upload on, the file belongs to the deployment.
            opts=ResourceOptions(
                parent=self,
                depends_on=[self._kept.versioning],
                ignore_changes=["content", "contentType", "cacheControl", "etag", "metadata", "tags"],
            ),
        )


def _reads_by_distribution(bucket_arn: Output[str], distribution_arn: Input[str]) -> list[Mapping[str, object]]:
    # ListBucket turns S3's answer for a file that is not there from 403 into 404; the distribution has a default root
    # object and forwards no query string, so nobody can list through it.
    reader = {"Service": "cloudfront.amazonaws.com"}
    only_ours = {"StringEquals": {"AWS:SourceArn": distribution_arn}}
    return [
        {
            "Sid": "DistributionReadsFiles",
            "Effect": "Allow",
            "Principal": reader,
            "Action": "s3:GetObject",
            "Resource": Output.concat(bucket_arn, "/*"),
            "Condition": only_ours,
        },
        {
            "Sid": "DistributionSeesWhatIsMissing",
            "Effect": "Allow",
            "Principal": reader,
            "Action": "s3:ListBucket",
            "Resource": bucket_arn,
            "Condition": only_ours,
        },
    ]


def _reads_from_addresses(
    bucket_arn: Output[str], addresses: Sequence[str], referer: Output[str]
) -> list[Mapping[str, object]]:
    # No ListBucket here: query strings come through, and with them a listing.
    return [
        {
            "Sid": "CdnReadsFiles",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": Output.concat(bucket_arn, "/*"),
            "Condition": {"IpAddress": {"aws:SourceIp": list(addresses)}, "StringEquals": {"aws:Referer": referer}},
        }
    ]
