"""The Administration API of MongoDB Atlas for one cluster: snapshots, restores, and short-lived database users.

https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/ (paths and fields in its OpenAPI
description, which mongodb/terraform-provider-mongodbatlas contains, read 2026-11-28)
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

import requests
from requests.auth import HTTPDigestAuth

from tierup.deployment.checkpoint import Checkpoint
from tierup.deployment.errors import CommandError, ExitCode
from tierup.http_session import TIMEOUT_SECONDS, open_session

_BASE_URL: Final = "https://cloud.mongodb.com"
_MEDIA_TYPE: Final = "application/vnd.atlas.2023-01-01+json"
_PAGE: Final = 100  # itemsPerPage has at most 500
_CLUSTER: Final = "mongodbatlas:index/advancedCluster:AdvancedCluster"

LONGEST_USER: Final = timedelta(days=7)
"""The longest time to `deleteAfterDate` that Atlas accepts.
https://www.mongodb.com/docs/atlas/security-add-mongodb-users/ (read 2026-11-28)"""

ROLES: Final[Mapping[str, Sequence[tuple[str, str]]]] = {
    "read-only": (("read", ""),),
    "application": (("readWrite", ""),),
    "migration": (("readWrite", ""), ("dbAdmin", "")),
    "admin": (("atlasAdmin", "admin"),),
}
"""Access → roles with their database; "" is that of the application."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasClusterId:
    """The cluster of a stack."""

    project_id: str
    name: str
    host: str
    protected: bool
    """Whether the stack protects it from deletion."""
    sharded: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """A snapshot of a cluster from which Atlas can restore it."""

    id: str
    created: str
    """Time in ISO 8601."""
    kind: str
    """scheduled or onDemand."""
    expires: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TemporaryUser:
    """A database user that Atlas deletes."""

    name: str
    password: str
    deleted: datetime


def cluster_of(state: Checkpoint) -> AtlasClusterId:
    """Return the cluster in a stack's state. Raises CommandError if there is none."""
    for each in state.resources:
        if each["type"] != _CLUSTER or each.get("delete"):
            continue
        outputs: Mapping[str, Any] = each.get("outputs") or {}
        strings: Mapping[str, Any] = outputs.get("connectionStrings") or {}
        return AtlasClusterId(
            project_id=str(outputs.get("projectId")),
            name=str(outputs.get("name")),
            host=str(strings.get("standardSrv") or "").partition("//")[2],
            protected=bool(each.get("protect")) or outputs.get("terminationProtectionEnabled") is True,
            sharded=str(outputs.get("clusterType") or "") in ("SHARDED", "GEOSHARDED"),
        )
    raise CommandError(
        "--stack: the stack has no database (got a stack that is not deployed). Run `tierup up` first.",
        ExitCode.SETTINGS,
    )


class AtlasAdmin:
    """Calls of the API with the credentials that Pulumi's provider uses: a service account or an API key."""

    def __init__(self, config: Mapping[str, str], secret_keys: Collection[str], environment: Mapping[str, str]) -> None:
        """Log in. Raises CommandError without credentials, or if Atlas rejects them."""

        def given(key: str, variable: str) -> str:
            setting = f"mongodbatlas:{key}"
            if setting in config and setting not in secret_keys:
                return config[setting]
            return environment.get(variable) or ""

        self._base = (given("baseUrl", "MONGODB_ATLAS_BASE_URL") or _BASE_URL).rstrip("/")
        self._session = open_session()  # repeats reads only: a second POST would start a second restore
        self._session.headers["Accept"] = _MEDIA_TYPE
        client, secret = (
            given("clientId", "MONGODB_ATLAS_CLIENT_ID"),
            given("clientSecret", "MONGODB_ATLAS_CLIENT_SECRET"),
        )
        public, private = (
            given("publicKey", "MONGODB_ATLAS_PUBLIC_KEY"),
            given("privateKey", "MONGODB_ATLAS_PRIVATE_KEY"),
        )
        if client and secret:
            answer = self._send(
                "POST", "/api/oauth/token", data={"grant_type": "client_credentials"}, auth=(client, secret),
                headers={"Accept": "application/json"},
            )  # fmt: skip
            self._session.headers["Authorization"] = f"Bearer {answer.get('access_token')}"
        elif public and private:
            self._session.auth = HTTPDigestAuth(public, private)
        else:
            raise CommandError(
                "MONGODB_ATLAS_CLIENT_ID: must be set with MONGODB_ATLAS_CLIENT_SECRET (got no credentials of Atlas). "
                "Export those of a service account; the command does not decrypt credentials in the settings file.",
                ExitCode.CREDENTIALS,
            )

    # --- snapshots and restores ---

    def snapshots(self, cluster: AtlasClusterId) -> list[Snapshot]:
        """Return the completed snapshots of a cluster, newest first."""
        kind = "/shardedClusters" if cluster.sharded else ""
        found = [
            Snapshot(
                id=str(each.get("id")),
                created=str(each.get("createdAt") or ""),
                kind=str(each.get("snapshotType") or ""),
                expires=str(each.get("expiresAt") or ""),
            )
            for each in self._pages(f"{_path(cluster)}/backup/snapshots{kind}")
            if each.get("status", "completed") == "completed"
        ]
        return sorted(found, key=lambda snapshot: snapshot.created, reverse=True)

    def start_restore(
        self, cluster: AtlasClusterId, *, target: str, snapshot: str | None = None, at: datetime | None = None
    ) -> str:
        """Start to restore a snapshot, or the state at a time, into the cluster `target` of the project.

        Return the id of the restore job. Raises CommandError for what Atlas refuses.
        """
        document: dict[str, Any] = {"targetClusterName": target, "targetGroupId": cluster.project_id}
        if at is not None:
            document |= {"deliveryType": "pointInTime", "pointInTimeUTCSeconds": int(at.timestamp())}
        else:
            document |= {"deliveryType": "automated", "snapshotId": snapshot}
        answer = self._send("POST", f"/api/atlas/v2{_path(cluster)}/backup/restoreJobs", json=document)
        return str(answer.get("id"))

    def wait_for_restore(self, cluster: AtlasClusterId, job: str, *, poll_seconds: float = 15.0) -> Iterator[str]:
        """Yield a line at each poll until the restore has finished. Raises CommandError if it failed."""
        started = time.monotonic()
        while True:
            found = self._send("GET", f"/api/atlas/v2{_path(cluster)}/backup/restoreJobs/{job}")
            if found.get("failed") or found.get("cancelled") or found.get("expired"):
                result = next(word for word in ("failed", "cancelled", "expired") if found.get(word))
                raise CommandError(
                    f"restore job {job}: the restore {result} (got it from Atlas). See the project's activity feed, "
                    "then start it again."
                )
            if found.get("finishedAt"):
                return
            yield f"Atlas restores the data ({int(time.monotonic() - started)} s)."
            time.sleep(poll_seconds)

    # --- users ---

    def create_user(
        self, cluster: AtlasClusterId, *, access: str, database: str, lifetime: timedelta, now: datetime | None = None
    ) -> TemporaryUser:
        """Create a database user of one cluster that Atlas deletes after `lifetime`. Raises CommandError."""
        user = TemporaryUser(
            name=f"tierup-{access}-{secrets.token_hex(4)}",
            password=secrets.token_urlsafe(24),
            deleted=(now or datetime.now(UTC)) + lifetime,
        )
        self._send(
            "POST",
            f"/api/atlas/v2/groups/{cluster.project_id}/databaseUsers",
            json={
                "databaseName": "admin",
                "username": user.name,
                "password": user.password,
                "deleteAfterDate": user.deleted.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "roles": [{"roleName": role, "databaseName": where or database} for role, where in ROLES[access]],
                "scopes": [{"name": cluster.name, "type": "CLUSTER"}],
            },
        )
        return user

    def wait_for_changes(self, cluster: AtlasClusterId, *, poll_seconds: float = 3.0, max_seconds: float = 180) -> None:
        """Wait until new users exist on the nodes of a cluster. Raises CommandError after `max_seconds`."""
        end = time.monotonic() + max_seconds
        while self._send("GET", f"/api/atlas/v2{_path(cluster)}/status").get("changeStatus") == "PENDING":
            if time.monotonic() > end:
                raise CommandError(
                    f"{cluster.name}: Atlas has not applied the change (got PENDING for {int(max_seconds)} s). Run "
                    "the command again."
                )
            time.sleep(poll_seconds)

    def delete_user(self, cluster: AtlasClusterId, user: TemporaryUser) -> None:
        """Delete a user before its end. Raises CommandError."""
        name = quote(user.name, safe="")
        self._send("DELETE", f"/api/atlas/v2/groups/{cluster.project_id}/databaseUsers/admin/{name}")

    def _pages(self, path: str) -> Iterator[dict[str, Any]]:
        number = 1
        while True:
            page = self._send("GET", f"/api/atlas/v2{path}", params={"pageNum": number, "itemsPerPage": _PAGE})
            results: list[dict[str, Any]] = page.get("results") or []
            yield from results
            if len(results) < _PAGE:
                return
            number += 1

    def _send(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        host = self._base.partition("//")[2]
        if "json" in arguments:
            arguments["headers"] = {"Content-Type": _MEDIA_TYPE}
        try:
            answer = self._session.request(method, f"{self._base}{path}", timeout=TIMEOUT_SECONDS, **arguments)
        except requests.RequestException as error:
            raise CommandError(
                f"{host}: could not be reached (got {type(error).__name__}). Check the network, then run the command "
                "again."
            ) from error
        try:
            document = answer.json()
        except ValueError:
            document = {}
        document = document if isinstance(document, dict) else {}
        if answer.status_code < 400:
            return document
        code = document.get("errorCode") or document.get("error") or "no error code"
        detail = str(document.get("detail") or document.get("error_description") or "no detail").rstrip(".")
        if answer.status_code in (401, 403):
            raise CommandError(
                f"Atlas denies {method} {path.partition('?')[0]} (got {answer.status_code} {code}: {detail}). Give the "
                "service account the role Project Owner of the project, and this machine's address access to the API.",
                ExitCode.CREDENTIALS,
            )
        raise CommandError(
            f"Atlas refuses {method} {path.partition('?')[0]} (got {answer.status_code} {code}: {detail}). Correct the "
            "options, or see the project in Atlas."
        )


def _path(cluster: AtlasClusterId) -> str:
    return f"/groups/{cluster.project_id}/clusters/{quote(cluster.name, safe='')}"
