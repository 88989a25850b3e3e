"""The cache of the CDN: it drops published pages, so that browsers get the new ones at once.

Files with a hashed name are never dropped, because a new content has a new name.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import quote

import botocore.exceptions
import requests

from tierup.counting import counted
from tierup.deployment.errors import CommandError, ExitCode
from tierup.http_session import open_session
from tierup.site.files import INDEX
from tierup.site.object_store import publication_error

# An account may invalidate 1,000 paths a month without a charge
# (https://aws.amazon.com/cloudfront/pricing/, from memory), and a distribution 3,000 at a time
# (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/InvalidationLimits.html, read 2026-11-28).
_MAX_PATHS: Final = 1_000
# https://developers.cloudflare.com/cache/how-to/purge-cache/purge-by-single-file/ (read 2026-11-28): 30 URLs in a
# request on the plans Free, Pro and Business.
_URLS_A_REQUEST: Final = 30
_CLOUDFLARE: Final = "https://api.cloudflare.com/client/v4"
_NO_CACHE: Final = "The sandbox has no cache to invalidate."
_SAFE: Final = "/-_.~$@!*'()+,;=:&"  # what a path of a URL may contain without an escape


class EdgeCache(Protocol):
    """The cache of a CDN."""

    def paths(self, keys: Sequence[str]) -> Sequence[str]:
        """Return the paths or URLs to drop for changed objects."""
        ...

    def drop(self, keys: Sequence[str], *, reference: str, wait: bool) -> str:
        """Drop the paths of changed objects, and return one sentence about it.

        Args:
            keys: the keys of the objects; one or more.
            reference: a text that is unique to the publication.
            wait: whether to wait until all edge locations have dropped them.

        Raises:
            CommandError: the CDN reports an error.
        """
        ...

    def drop_tags(self, tags: Sequence[str], *, reference: str, wait: bool) -> str:
        """Drop all files with one of the cache tags, and return one sentence about it. It raises as `drop` does."""
        ...


def page_paths(keys: Sequence[str]) -> list[str]:
    """Return the URL paths of objects. A folder's page also has the path of the folder."""
    paths: list[str] = []
    for key in keys:
        paths.append("/" + quote(key, safe=_SAFE))
        if key == INDEX or key.endswith(f"/{INDEX}"):
            paths.append("/" + quote(key.removesuffix(INDEX), safe=_SAFE))
    return paths


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudFrontCache:
    """A distribution. Routes of a single-page application are cached as /index.html, because a function rewrites them
    before the cache."""

    client: Callable[[], Any]
    """Returns boto3's client of CloudFront."""
    distribution_id: str

    def paths(self, keys: Sequence[str]) -> Sequence[str]:
        """Return the paths to invalidate: one for each page, or all if there are too many."""
        paths = page_paths(keys)
        return paths if len(paths) <= _MAX_PATHS else ["/*"]

    def drop(self, keys: Sequence[str], *, reference: str, wait: bool) -> str:
        """Create an invalidation, which takes about a minute."""
        return self._invalidate(self.paths(keys), "path", reference=reference, wait=wait)

    def drop_tags(self, tags: Sequence[str], *, reference: str, wait: bool) -> str:
        """Create an invalidation of tags. Each one is charged as a path.

        https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-tags.html and
        https://aws.amazon.com/about-aws/whats-new/2026/04/cloudfront-invalidation-cache-tag/ (read 2026-11-28)
        """
        return self._invalidate([f"#{tag}" for tag in tags], "tag", reference=reference, wait=wait)

    def _invalidate(self, paths: Sequence[str], what: str, *, reference: str, wait: bool) -> str:
        try:
            client = self.client()
            made = client.create_invalidation(
                DistributionId=self.distribution_id,
                InvalidationBatch={
                    "Paths": {"Quantity": len(paths), "Items": list(paths)},
                    "CallerReference": reference,
                },
            )["Invalidation"]["Id"]
            if wait:
                waiter = client.get_waiter("invalidation_completed")
                waiter.wait(DistributionId=self.distribution_id, Id=made, WaiterConfig={"Delay": 5, "MaxAttempts": 120})
        except botocore.exceptions.WaiterError as error:
            raise CommandError(
                f"{self.distribution_id}: the invalidation is not complete after 10 minutes. It continues; the site is "
                "published."
            ) from error
        except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError) as error:
            raise publication_error(self.distribution_id, error) from error
        done = "is complete" if wait else "is in progress"
        return f"Invalidation {made} of {counted(len(paths), what)} {done}."


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudflareCache:
    """A zone. A route of a single-page application is cached under its own URL, so the CDN keeps it until its TTL ends,
    which is 60 s for pages."""

    zone_id: str
    hosts: Sequence[str]
    """The host names of the site."""
    credentials: Mapping[str, str]
    """The headers that authenticate requests to the API."""
    base_url: str = _CLOUDFLARE

    def paths(self, keys: Sequence[str]) -> Sequence[str]:
        """Return the URLs to purge."""
        return [f"https://{host}{path}" for host in self.hosts for path in page_paths(keys)]

    def drop(self, keys: Sequence[str], *, reference: str, wait: bool) -> str:
        """Purge the URLs, which takes effect at once."""
        del reference, wait
        urls = self.paths(keys)
        self._purge_all("files", urls)
        return f"Cloudflare dropped {counted(len(urls), 'URL')}."

    def drop_tags(self, tags: Sequence[str], *, reference: str, wait: bool) -> str:
        """Purge the tags, which takes effect at once.

        https://developers.cloudflare.com/cache/how-to/purge-cache/ (read 2026-11-28); that every plan has it: from
        memory of its page on availability.
        """
        del reference, wait
        self._purge_all("tags", tags)
        return f"Cloudflare dropped {counted(len(tags), 'tag')}."

    def _purge_all(self, kind: str, items: Sequence[str]) -> None:
        if not self.credentials:
            raise CommandError(
                "CLOUDFLARE_API_TOKEN: must be set to purge the cache (got nothing). Create a token with the "
                "permission Cache Purge, export it, and run the command again; the site is published.",
                ExitCode.CREDENTIALS,
            )
        with open_session(repeats=("POST",)) as session:  # a purge can be repeated
            session.headers.update(self.credentials)
            for batch in _batches(items):
                self._purge(session, kind, batch)

    def _purge(self, session: requests.Session, kind: str, items: Sequence[str]) -> None:
        address = f"{self.base_url.rstrip('/')}/zones/{self.zone_id}/purge_cache"
        try:
            answer = session.post(address, json={kind: list(items)}, timeout=(5, 30))
        except requests.RequestException as error:
            raise CommandError(
                f"Cloudflare could not be reached (got {type(error).__name__}). The site is published; run the command "
                "again to purge the cache."
            ) from error
        if answer.ok:
            return
        if answer.status_code in (401, 403):
            raise CommandError(
                f"Cloudflare denied the purge (got status {answer.status_code}). Give the token the permission Cache "
                "Purge, and run the command again; the site is published.",
                ExitCode.CREDENTIALS,
            )
        raise CommandError(
            f"Cloudflare did not purge the cache (got status {answer.status_code}). The site is published; run the "
            "command again to purge the cache."
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class EveryCache:
    """The caches of both CDNs, which serve the site while `tierup:cdn` changes."""

    caches: Sequence[EdgeCache]

    def paths(self, keys: Sequence[str]) -> Sequence[str]:
        """Return the paths and the URLs to drop."""
        return [path for cache in self.caches for path in cache.paths(keys)]

    def drop(self, keys: Sequence[str], *, reference: str, wait: bool) -> str:
        """Drop the changed objects from each cache."""
        return " ".join(cache.drop(keys, reference=reference, wait=wait) for cache in self.caches)

    def drop_tags(self, tags: Sequence[str], *, reference: str, wait: bool) -> str:
        """Drop the tags from each cache."""
        return " ".join(cache.drop_tags(tags, reference=reference, wait=wait) for cache in self.caches)


class NoCache:
    """The sandbox, whose CDN caches nothing."""

    def paths(self, keys: Sequence[str]) -> Sequence[str]:
        """Return the URL paths of the changed objects."""
        return page_paths(keys)

    def drop(self, keys: Sequence[str], *, reference: str, wait: bool) -> str:
        """Do nothing."""
        del keys, reference, wait
        return _NO_CACHE

    def drop_tags(self, tags: Sequence[str], *, reference: str, wait: bool) -> str:
        """Do nothing."""
        del tags, reference, wait
        return _NO_CACHE


def cloudflare_credentials(config: Mapping[str, str], secret_keys: frozenset[str]) -> Mapping[str, str]:
    """Return the headers that authenticate to Cloudflare's API; empty without credentials.

    The provider's settings come first, unless they are encrypted, then its environment variables.
    """

    def value(key: str, variable: str) -> str | None:
        if key in config and key not in secret_keys:
            return config[key]
        return os.environ.get(variable) or None

    token = value("cloudflare:apiToken", "CLOUDFLARE_API_TOKEN")
    if token:
        return {"Authorization": f"Bearer {token}"}
    key, email = value("cloudflare:apiKey", "CLOUDFLARE_API_KEY"), value("cloudflare:email", "CLOUDFLARE_EMAIL")
    return {"X-Auth-Key": key, "X-Auth-Email": email} if key and email else {}


def publication_reference(release: int | str) -> str:
    """Return a text that is unique to a publication of a release, or to a purge."""
    return f"tierup-{release}-{time.time_ns()}"


def _batches(urls: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(urls), _URLS_A_REQUEST):
        yield urls[start : start + _URLS_A_REQUEST]
