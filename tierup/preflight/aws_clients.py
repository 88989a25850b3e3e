"""Clients of AWS for the checks, with the stack's credentials, and one sentence for each error of a call.

Retries are botocore's standard ones, which also cover throttling
(https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html, from memory).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

import boto3
import botocore.exceptions
from botocore.config import Config

from tierup.deployment.errors import CommandError, ExitCode
from tierup.preflight.check import CheckNotPossibleError

_CONFIG: Final = Config(
    connect_timeout=5,
    read_timeout=15,
    retries={"mode": "standard", "total_max_attempts": 5},
    user_agent_extra="tierup",
)
GLOBAL_REGION: Final = "us-east-1"
"""The region whose endpoints serve IAM, CloudFront and Route 53, and in which Service Quotas lists global quotas."""

_DENIED: Final = ("AccessDenied", "UnauthorizedOperation", "AuthorizationError", "NotAuthorized", "403")
"""Beginnings of the codes. An answer to a HEAD request has no body, so that its code is the status
(https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html, from memory)."""
_INVALID: Final = (
    *("ExpiredToken", "InvalidClientTokenId", "UnrecognizedClient", "InvalidToken", "SignatureDoesNotMatch"),
    *("AuthFailure", "InvalidAccessKeyId", "InvalidSignature", "TokenRefreshRequired"),
)
_THROTTLED: Final = ("Throttl", "TooManyRequests", "RequestLimitExceeded", "SlowDown")


class AwsClients:
    """Creates clients, one for each service and region."""

    def __init__(self, config: Mapping[str, str], region: str | None, *, hidden: Collection[str] = ()) -> None:
        """`config` is the stack's configuration, whose `aws:` settings the Pulumi provider reads as well.

        `hidden` are the keys whose values are encrypted, and so are not in `config`.
        """
        self.region = region
        self._config = {key: value for key, value in config.items() if key not in hidden}
        self._lock = threading.RLock()
        self._clients: dict[tuple[str, str | None], Any] = {}
        self._session: boto3.Session | None = None

    def client(self, service: str, region: str | None = None) -> Any:
        """Return the client of a service, in the stack's region or another one. Raises CheckNotPossibleError."""
        place = region or self.region or GLOBAL_REGION
        with self._lock:  # sessions are not safe for threads; clients are
            try:
                if (service, place) not in self._clients:
                    self._clients[service, place] = self._opened().client(service, region_name=place, config=_CONFIG)
            except botocore.exceptions.BotoCoreError as error:
                raise CheckNotPossibleError(sentence(error)) from error
            return self._clients[service, place]

    def _opened(self) -> boto3.Session:
        if self._session is None:
            self._session = self._assume_roles(self._base_session())
        return self._session

    def _base_session(self) -> boto3.Session:
        config = self._config
        if "aws:accessKey" in config and "aws:secretKey" in config:
            return boto3.Session(
                aws_access_key_id=config["aws:accessKey"],
                aws_secret_access_key=config["aws:secretKey"],
                aws_session_token=config.get("aws:token"),
            )
        return boto3.Session(profile_name=config.get("aws:profile"))

    def _assume_roles(self, session: boto3.Session) -> boto3.Session:
        for role in _roles(self._config):
            answer = session.client("sts", region_name=self.region or GLOBAL_REGION, config=_CONFIG).assume_role(
                RoleArn=role["roleArn"],
                RoleSessionName=role.get("sessionName") or "tierup-preflight",
                **({"ExternalId": role["externalId"]} if role.get("externalId") else {}),
            )["Credentials"]
            session = boto3.Session(
                aws_access_key_id=answer["AccessKeyId"],
                aws_secret_access_key=answer["SecretAccessKey"],
                aws_session_token=answer["SessionToken"],
            )
        return session


def _roles(config: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """Yield the roles of `aws:assumeRoles`, which the provider assumes one after the other."""
    listed = json.loads(config.get("aws:assumeRoles") or "[]")
    single = json.loads(config.get("aws:assumeRole") or "null")
    for role in [*listed, *([single] if single else [])]:
        if role.get("roleArn"):
            yield role


def pages(client: Any, operation: str, key: str, **arguments: Any) -> Iterator[Any]:
    """Yield the elements of `key`, a path such as `CachePolicyList.Items`, in all pages of an operation."""
    if client.can_paginate(operation):
        for page in client.get_paginator(operation).paginate(**arguments):
            yield from _at(page, key)
        return
    # CloudFront's policies have markers and no paginator in botocore; other operations here answer in one page.
    marker: str | None = None
    while True:
        answer = getattr(client, operation)(**arguments, **({"Marker": marker} if marker else {}))
        yield from _at(answer, key)
        marker = answer.get(key.partition(".")[0], {}).get("NextMarker") if "." in key else None
        if not marker:
            return


def _at(page: Any, key: str) -> Any:
    for part in key.split("."):
        page = page.get(part) or {}
    return page


def error_code(error: botocore.exceptions.ClientError) -> str:
    """Return the code of an error that AWS answered."""
    return str(error.response.get("Error", {}).get("Code", ""))


def is_denied(error: Exception) -> bool:
    """Return whether AWS denied a call because the credentials lack a permission."""
    return isinstance(error, botocore.exceptions.ClientError) and error_code(error).startswith(_DENIED)


def permission_hint(error: Exception) -> str:
    """Return what allows a call that AWS denied, or "" for another error."""
    if isinstance(error, botocore.exceptions.ClientError) and is_denied(error):
        return f"Allow {error.operation_name} in the policy of the deployer's role."
    return ""


def is_invalid(error: Exception) -> bool:
    """Return whether AWS rejected the credentials themselves."""
    if isinstance(error, botocore.exceptions.ClientError):
        return error_code(error).startswith(_INVALID)
    return isinstance(
        error,
        botocore.exceptions.NoCredentialsError
        | botocore.exceptions.PartialCredentialsError
        | botocore.exceptions.TokenRetrievalError
        | botocore.exceptions.SSOError
        | botocore.exceptions.ProfileNotFound
        | botocore.exceptions.CredentialRetrievalError,
    )


def aws_error(name: str, error: Exception, advice: str = "") -> CommandError:
    """Return the error of a command for an error of botocore.

    `name` is the service or resource of the call; `advice` says what to do, unless a permission is missing.
    """
    code = ExitCode.CREDENTIALS if is_invalid(error) else ExitCode.FAILED
    return CommandError(f"{name}: {sentence(error)} {permission_hint(error) or advice}".strip(), code)


def sentence(error: Exception) -> str:
    """Return what an error of botocore says, as one sentence."""
    if isinstance(error, botocore.exceptions.ClientError):
        operation, code = error.operation_name, error_code(error)
        if is_denied(error):
            return f"The credentials may not call {operation} (got {code})."
        if code.startswith(_THROTTLED):
            return f"AWS throttled {operation} in every attempt (got {code})."
        return f"{operation} failed (got {code}: {str(error.response['Error'].get('Message', '')).rstrip('.')})."
    if isinstance(
        error,
        botocore.exceptions.ConnectTimeoutError
        | botocore.exceptions.ReadTimeoutError
        | botocore.exceptions.EndpointConnectionError,
    ):
        return f"AWS could not be reached (got {str(error).rstrip('.')})."
    return f"{str(error).rstrip('.')}."
