"""Calls of the Atlas Administration API with the credentials of the environment: a service account or an API key."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Final

from requests.auth import HTTPDigestAuth

from tierup.deployment.errors import CommandError, ExitCode
from tierup.http_session import open_session
from tierup.preflight.check import CheckNotPossibleError
from tierup.preflight.http_client import HttpAnswer, send

_BASE_URL: Final = "https://cloud.mongodb.com"
_MEDIA_TYPE: Final = "application/vnd.atlas.2024-08-05+json"


class AtlasClient:
    """The API below /api/atlas/v2."""

    def __init__(self, config: Mapping[str, str], environment: Mapping[str, str] | None = None) -> None:
        """Log in with the provider's settings of `config`, else those of the environment. Raises CommandError."""
        given = os.environ if environment is None else environment

        def setting(key: str, variable: str) -> str | None:
            return config.get(f"mongodbatlas:{key}") or given.get(variable)

        self._base = (setting("baseUrl", "MONGODB_ATLAS_BASE_URL") or _BASE_URL).rstrip("/")
        # A priority may be set twice without harm.
        self._session = open_session(repeats=("GET", "PATCH", "POST"))
        self._session.headers["Accept"] = _MEDIA_TYPE
        client, secret = (
            setting("clientId", "MONGODB_ATLAS_CLIENT_ID"),
            setting("clientSecret", "MONGODB_ATLAS_CLIENT_SECRET"),
        )
        public, private = (
            setting("publicKey", "MONGODB_ATLAS_PUBLIC_KEY"),
            setting("privateKey", "MONGODB_ATLAS_PRIVATE_KEY"),
        )
        if client and secret:
            self._log_in(client, secret)
        elif public and private:
            self._session.auth = HTTPDigestAuth(public, private)
        else:
            raise CommandError(
                "MONGODB_ATLAS_CLIENT_ID, MONGODB_ATLAS_CLIENT_SECRET: must be set to change the database (got "
                "neither). Export the credentials of a service account with the role Project Cluster Manager.",
                ExitCode.CREDENTIALS,
            )

    def _log_in(self, client: str, secret: str) -> None:
        answer = self._send(
            "POST",
            f"{self._base}/api/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=(client, secret),
            headers={"Accept": "application/json"},
        )
        token = answer.document.get("access_token")
        if answer.status != 200 or not isinstance(token, str):
            raise CommandError(
                f"Atlas: the service account is rejected (got status {answer.status}). Correct its credentials.",
                ExitCode.CREDENTIALS,
            )
        self._session.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str) -> dict[str, Any]:
        """Return the document at a path. Raises CommandError."""
        return self._checked("GET", path, self._send("GET", f"{self._base}/api/atlas/v2{path}"))

    def patch(self, path: str, document: Mapping[str, Any]) -> None:
        """Change the document at a path. Raises CommandError."""
        answer = self._send(
            "PATCH", f"{self._base}/api/atlas/v2{path}", json=document, headers={"Content-Type": _MEDIA_TYPE}
        )
        self._checked("PATCH", path, answer)

    @staticmethod
    def _checked(method: str, path: str, answer: HttpAnswer) -> dict[str, Any]:
        if answer.status != 200:
            code = answer.document.get("errorCode") or "no code"
            raise CommandError(
                f"Atlas: {method} {path} failed (got status {answer.status}, {code}). Check the role of the "
                "credentials and the API access list.",
                ExitCode.CREDENTIALS if answer.status in (401, 403) else ExitCode.FAILED,
            )
        return answer.document

    def _send(self, method: str, url: str, **arguments: Any) -> HttpAnswer:
        try:
            return send(self._session, method, url, **arguments)
        except CheckNotPossibleError as error:
            raise CommandError(f"Atlas: {error} Run the command again.") from error
