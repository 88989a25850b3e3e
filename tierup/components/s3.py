"""S3: buckets of logs and of a site, and their replication."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.cdn.error_pages import ErrorPages
    from components.s3.error_pages import SiteErrorPages, SiteErrorPagesArgs
    from components.s3.log_bucket import LogBucket, LogBucketArgs
    from components.s3.site_bucket import SiteBucket, SiteBucketArgs
    from components.s3.site_replication import SiteReplication, SiteReplicationArgs

__all__ = [
    "ErrorPages",
    "LogBucket",
    "LogBucketArgs",
    "SiteBucket",
    "SiteBucketArgs",
    "SiteErrorPages",
    "SiteErrorPagesArgs",
    "SiteReplication",
    "SiteReplicationArgs",
]
