"""Deployment and rollback of a site, in an order in which every page finds the files that it names.

1. Write the manifest of the release.
2. Upload new assets, and a copy of each new page below `.releases/`. No page changes.
3. Publish the pages by copies within the bucket, index.html last.
4. Record the publication, and drop the changed pages from the cache of the CDN.
5. Delete files that no kept release contains.

An interrupted run leaves the old pages and the files that they name. The next run of the same folder continues.
"""

from __future__ import annotations

import json
import os
import socket
import uuid
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tierup.deployment.errors import CommandError, ExitCode
from tierup.site.edge_cache import EdgeCache, publication_reference
from tierup.site.files import INDEX, RELEASES, FileEntry, Headers, SiteFile
from tierup.site.object_store import ObjectStore
from tierup.site.releases import PublishedSite, Release, SiteState, digest_of, read_state, write_published

_THREADS: Final = 10  # botocore's pool of connections
_LOCK: Final = f"{RELEASES}lock.json"
_LOCK_MINUTES: Final = 60

OnProgress = Callable[[str, int, int], None]
"""Called with the current step, the number of objects done, and their total."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicationPlan:
    """What a deployment or a rollback changes."""

    release: Release
    is_new: bool
    """Whether the bucket has no manifest of the release."""
    assets: Sequence[str] = ()
    """Keys to upload that no published page names."""
    copies: Sequence[str] = ()
    """Keys whose copy below `.releases/` is to be uploaded."""
    pages: Sequence[str] = ()
    """Keys to publish, in this order."""
    stale: Sequence[str] = ()
    """Keys to drop from the cache of the CDN."""
    overwritten: Sequence[str] = ()
    """Keys whose content changes although browsers never request them again."""
    deleted: Sequence[str] = ()
    """Keys that no kept release contains."""
    pruned: Sequence[int] = ()
    """Releases that are no longer kept."""
    publishes: bool = True
    """Whether another release becomes the published one."""

    @property
    def uploads(self) -> int:
        """The number of files to upload."""
        return len(set(self.assets) | set(self.copies))

    @property
    def changes_nothing(self) -> bool:
        """Whether the bucket and the CDN are as they should be."""
        return not (self.assets or self.copies or self.pages or self.stale or self.deleted or self.publishes)


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicationResult:
    """What a deployment or a rollback did."""

    plan: PublicationPlan
    cache: str
    """One sentence about the cache of the CDN; "" if nothing had to be dropped."""


def read_deployment_state(store: ObjectStore, files: Sequence[SiteFile]) -> SiteState:
    """Return what the bucket contains, with the headers of objects that an interrupted run or another tool wrote.

    Raises CommandError.
    """
    state = read_state(store)
    current = state.current.files if state.current else {}
    unsure = [
        file.key
        for file in files
        if state.objects.get(file.key) == file.entry.md5 and current.get(file.key) != file.entry
    ]
    headers: dict[str, Headers] = {}

    def read(key: str) -> None:
        headers[key] = store.headers(key)

    _each(unsure, read, lambda _: None)
    return replace(state, headers=headers)


def plan_deployment(state: SiteState, files: Sequence[SiteFile], *, keep: int, message: str = "") -> PublicationPlan:
    """Return what a deployment of `files` changes. `keep` is the number of releases to keep, 1 or more."""
    entries = {file.key: file.entry for file in files}
    digest = digest_of(entries)
    known = next((each for each in reversed(list(state.releases.values())) if each.digest == digest), None)
    changed = [key for key, entry in entries.items() if _differs(state, key, entry)]
    overwritten = [
        key
        for key in changed
        if entries[key].immutable and state.objects.get(key, entries[key].md5) != entries[key].md5
    ]
    # A file that is overwritten is published with the pages, and a rollback needs a copy of it.
    before = set(known.copied if known else ())
    copied = sorted({key for key, entry in entries.items() if not entry.immutable} | set(overwritten) | before)
    release = known or Release(
        number=max(state.releases, default=0) + 1,
        created=_now(),
        message=message,
        files=entries,
        copied=tuple(copied),
    )
    if set(copied) != set(release.copied):
        release = release.model_copy(update={"copied": tuple(copied)})
    pages = _in_order(key for key in changed if key in copied)
    pruned = _pruned(state, release.number, keep)
    return PublicationPlan(
        release=release,
        is_new=state.releases.get(release.number) != release,
        assets=[key for key in changed if key not in copied],
        copies=[key for key in copied if entries[key].copy_key not in state.objects],
        pages=pages,
        stale=_stale(state, release, pages),
        overwritten=overwritten,
        deleted=_unreferenced(state, release, pruned),
        pruned=pruned,
        publishes=state.published.release != release.number,
    )


def plan_rollback(state: SiteState, to: int | None) -> PublicationPlan:
    """Return what the publication of an earlier release changes. None is the release published before the current one.

    Raises:
        CommandError: there is no such release, or the bucket lacks one of its files.
    """
    number = state.published.previous if to is None else to
    if number is None:
        raise CommandError(
            "--to: no earlier release was published. `tierup site releases` lists the releases.", ExitCode.SETTINGS
        )
    release = state.releases.get(number)
    if release is None:
        raise CommandError(
            f"--to: the bucket has no such release (got {number}). `tierup site releases` lists the releases.",
            ExitCode.SETTINGS,
        )
    missing = [key for key, entry in release.files.items() if not _is_stored(state, release, key, entry)]
    if missing:
        raise CommandError(
            f"--to: release {number} is not complete (the bucket lacks {len(missing)} of its files, such as "
            f"{missing[0]}). Build it again, and deploy it with `tierup site deploy`."
        )
    pages = _in_order(key for key in release.copied if _differs(state, key, release.files[key]))
    return PublicationPlan(
        release=release,
        is_new=False,
        pages=pages,
        stale=_stale(state, release, pages),
        publishes=state.published.release != number,
    )


def deploy(
    store: ObjectStore,
    cache: EdgeCache,
    files: Sequence[SiteFile],
    *,
    keep: int,
    message: str = "",
    wait: bool = False,
    on_progress: OnProgress,
) -> PublicationResult:
    """Deploy a built site, and return what was changed. Raises CommandError."""
    with _locked(store):
        state = read_deployment_state(store, files)
        plan = plan_deployment(state, files, keep=keep, message=message)
        if plan.is_new:
            store.write(plan.release.key, plan.release.text())
        _keep_overwritten(store, state, plan.overwritten)
        by_key = {file.key: file for file in files}
        uploads = [*((key, key) for key in plan.assets), *((key, by_key[key].entry.copy_key) for key in plan.copies)]

        def upload(pair: tuple[str, str]) -> None:
            source, key = pair
            store.write(key, by_key[source].body(), by_key[source].entry)

        _each(uploads, upload, lambda done: on_progress("Uploading", done, len(uploads)))
        return _publish(store, cache, state.published, plan, wait=wait, on_progress=on_progress)


def roll_back(
    store: ObjectStore, cache: EdgeCache, to: int | None, *, wait: bool = False, on_progress: OnProgress
) -> PublicationResult:
    """Publish an earlier release again, and return what was changed. Raises CommandError."""
    with _locked(store):
        state = read_state(store)
        return _publish(store, cache, state.published, plan_rollback(state, to), wait=wait, on_progress=on_progress)


def _publish(
    store: ObjectStore,
    cache: EdgeCache,
    published: PublishedSite,
    plan: PublicationPlan,
    *,
    wait: bool,
    on_progress: OnProgress,
) -> PublicationResult:
    release = plan.release

    def publish(key: str) -> None:
        store.copy(release.files[key].copy_key, key, release.files[key])

    # Pages may name each other, but the entry page comes last.
    *others, last = plan.pages or [None]
    total = len(plan.pages)
    _each([key for key in others if key is not None], publish, lambda done: on_progress("Publishing", done, total))
    if last is not None:
        publish(last)
        on_progress("Publishing", total, total)
    if plan.publishes or plan.stale:
        published = published.publishing(release.number, _now(), plan.stale)
        write_published(store, published)
    sentence = ""
    if plan.stale:
        sentence = cache.drop(plan.stale, reference=publication_reference(release.number), wait=wait)
        write_published(store, published.publishing(release.number, _now(), ()))
    if plan.deleted:
        # A manifest is deleted after its files, so that an interrupted run finds them again.
        manifests = {key for key in plan.deleted if key.endswith(".json") and key.startswith(RELEASES)}
        store.delete(set(plan.deleted) - manifests)
        store.delete(manifests)
    return PublicationResult(plan=plan, cache=sentence)


def _differs(state: SiteState, key: str, entry: FileEntry) -> bool:
    """Return whether an object is missing or has another content, or headers that are not known to be right."""
    if state.objects.get(key) != entry.md5:
        return True
    current = state.current.files.get(key) if state.current else None
    return current != entry and state.headers.get(key) != entry.headers


def _is_stored(state: SiteState, release: Release, key: str, entry: FileEntry) -> bool:
    return entry.copy_key in state.objects if key in release.copied else state.objects.get(key) == entry.md5


def _keep_overwritten(store: ObjectStore, state: SiteState, keys: Sequence[str]) -> None:
    """Copy objects that a deployment overwrites, for a rollback to the releases that contain them."""
    for release in state.releases.values():
        lost = [
            key
            for key in keys
            if key in release.files and key not in release.copied and release.files[key].md5 == state.objects.get(key)
        ]
        for key in lost:
            store.copy(key, release.files[key].copy_key, release.files[key])
        if lost:
            kept = release.model_copy(update={"copied": tuple(sorted({*release.copied, *lost}))})
            store.write(kept.key, kept.text())


def _stale(state: SiteState, release: Release, pages: Sequence[str]) -> list[str]:
    """Return the keys that the CDN may serve in an older version: published now, or different from the current
    release, or left by an interrupted run."""
    current = state.current.files if state.current else {}
    changed = {key for key in release.copied if key in current and current[key] != release.files[key]}
    left = set(state.published.stale_paths) & release.files.keys()
    # The CDN may have cached the placeholder page or a page of another tool.
    return sorted(changed | left | {key for key in pages if key in state.objects})


def _in_order(keys: Iterable[str]) -> list[str]:
    return sorted(keys, key=lambda key: (key == INDEX, key))


def _pruned(state: SiteState, number: int, keep: int) -> list[int]:
    others = sorted(set(state.releases) - {number}, reverse=True)
    # A rollback by mistake must be reversible: the release that is replaced stays unless only one is kept.
    if keep > 1 and state.published.release in others:
        others.remove(state.published.release)
        others.insert(0, state.published.release)
    return sorted(others[keep - 1 :])


def _unreferenced(state: SiteState, release: Release, pruned: Sequence[int]) -> list[str]:
    """Return the objects that only pruned releases contain. Objects of other tools are never deleted."""
    kept = [each for number, each in state.releases.items() if number not in pruned and number != release.number]
    needed = {key for each in (*kept, release) for key in _objects_of(each)}
    listed = {key for number in pruned for key in (*_objects_of(state.releases[number]), state.releases[number].key)}
    return sorted((listed - needed) & set(state.objects))


def _objects_of(release: Release) -> set[str]:
    return {*release.files, *(release.files[key].copy_key for key in release.copied), release.key}


def _each(items: Sequence[Any], act: Callable[[Any], None], on_done: Callable[[int], None]) -> None:
    """Act on all items in several threads. The first error stops the rest."""
    if not items:
        return
    with ThreadPoolExecutor(_THREADS) as pool:
        running = [pool.submit(act, item) for item in items]
        try:
            for done, finished in enumerate(as_completed(running), start=1):
                finished.result()
                on_done(done)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def _locked(store: ObjectStore) -> Generator[None]:
    """Hold the lock of the site, so that two deployments do not mix their pages. Raises CommandError."""
    mine = json.dumps(
        {
            "id": uuid.uuid4().hex,
            "holder": f"{socket.gethostname()}, process {os.getpid()}",
            "expires": (_time() + timedelta(minutes=_LOCK_MINUTES)).isoformat(),
        }
    ).encode()
    if not store.create(_LOCK, mine):
        content = store.read(_LOCK)
        held: Mapping[str, str] = json.loads(content) if content else {}
        if held and datetime.fromisoformat(held["expires"]) > _time():
            raise CommandError(
                f"{_LOCK}: another run deploys the site (got {held['holder']}). Wait for it; if it no longer runs, "
                f"delete this object, or wait until {held['expires'][:16]} UTC.",
                ExitCode.LOCKED,
            )
        store.write(_LOCK, mine)
    try:
        yield
    finally:
        if store.read(_LOCK) == mine:
            store.delete([_LOCK])


def _time() -> datetime:
    return datetime.now(UTC)


def _now() -> str:
    return _time().isoformat(timespec="seconds")
