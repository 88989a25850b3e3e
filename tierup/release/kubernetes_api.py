"""The Kubernetes API of an EKS cluster, with the credentials of AWS that a stack uses.

Release commands make eight kinds of requests with JSON, for which `requests` suffices: the official client generates
its classes without types, takes a second to import, and gets its tokens from the AWS CLI, which ignores `aws:profile`
and `aws:assumeRoles` of the stack.
https://kubernetes.io/docs/reference/using-api/api-concepts/ (from memory, to be checked)
"""

from __future__ import annotations

import base64
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from tierup.deployment.errors import CommandError
from tierup.preflight.aws_clients import AwsClients
from tierup.release.aws_errors import aws_errors

MERGE: Final = "application/merge-patch+json"
STRATEGIC: Final = "application/strategic-merge-patch+json"
_TIMEOUTS: Final = (5.0, 30.0)  # seconds to connect and to read
_TOKEN_SECONDS: Final = 600.0  # EKS accepts a token for 15 minutes
_CLUSTER_HEADER: Final = "x-k8s-aws-id"
# Requests that change nothing are repeated, also when the API server asks for it with 429.
# https://kubernetes.io/docs/concepts/cluster-administration/flow-control/ (from memory, to be checked)
_RETRIES: Final = Retry(
    total=4, backoff_factor=0.5, status_forcelist=(429, 500, 502, 503, 504), allowed_methods=("GET",)
)


class KubernetesApi:
    """Requests to one API server. Every method raises CommandError."""

    def __init__(self, server: str, token: Callable[[], str], *, certificate_authority: str = "") -> None:
        """`certificate_authority` is base64; "" means the authorities of this machine."""
        self._server = server.rstrip("/")
        self._token = token
        self._session = requests.Session()
        self._session.mount("https://", HTTPAdapter(max_retries=_RETRIES))
        self._session.mount("http://", HTTPAdapter(max_retries=_RETRIES))
        self._folder = tempfile.TemporaryDirectory(prefix="tierup-")  # deleted with this object
        if certificate_authority:
            file = Path(self._folder.name, "ca.pem")
            file.write_bytes(base64.b64decode(certificate_authority))
            self._session.verify = str(file)

    def get(self, path: str, **parameters: str) -> Mapping[str, Any]:
        """Return an object or a list."""
        return self._send("GET", path, params=parameters).json()

    def text(self, path: str, **parameters: str) -> str:
        """Return a text, such as a log."""
        return self._send("GET", path, params=parameters).text

    def create(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Create an object, and return it."""
        return self._send("POST", path, json=body).json()

    def patch(self, path: str, body: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
        """Change an object by a patch of the media type `kind`, and return it."""
        return self._send("PATCH", path, json=body, headers={"Content-Type": kind}).json()

    def _send(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **given: Any) -> Any:
        given_headers = {"Authorization": f"Bearer {self._token()}", **(headers or {})}
        try:
            answer = self._session.request(
                method, f"{self._server}{path}", headers=given_headers, timeout=_TIMEOUTS, **given
            )
        except requests.RequestException as error:
            raise CommandError(
                f"{self._server}: the Kubernetes API does not answer (got {type(error).__name__}). Its endpoint is "
                "private: run the command in the VPC, or add your address to tierup:eks.publicCidrs."
            ) from error
        if answer.ok:
            return answer
        raise CommandError(_sentence(method, path, answer))


def _sentence(method: str, path: str, answer: requests.Response) -> str:
    """Return what the API server rejected. Its answers are objects of kind Status with a message."""
    try:
        message = str(answer.json().get("message") or "")
    except (ValueError, AttributeError):
        message = ""
    what = (
        f"{method} {path}: the Kubernetes API answered {answer.status_code} ({message.rstrip('.') or answer.reason})."
    )
    if answer.status_code in (401, 403):
        return f"{what} The role of this command needs an access entry: add it to tierup:eks.adminRoles."
    return what


def eks_api(clients: AwsClients, cluster: str, region: str | None = None) -> KubernetesApi:
    """Return the API of a cluster. Raises CommandError if EKS has no such cluster."""
    with aws_errors():
        found = clients.client("eks", region).describe_cluster(name=cluster)["cluster"]
    token = EksToken(clients, cluster, region)
    authority = str((found.get("certificateAuthority") or {}).get("data") or "")
    return KubernetesApi(str(found["endpoint"]), token, certificate_authority=authority)


class EksToken:
    """A bearer token of the caller's IAM role, made again before it expires."""

    def __init__(self, clients: AwsClients, cluster: str, region: str | None) -> None:
        self._clients = clients
        self._cluster = cluster
        self._region = region
        self._token = ""
        self._made = 0.0

    def __call__(self) -> str:
        """Return a token, which is valid for 5 minutes at least. Raises CommandError."""
        if not self._token or time.monotonic() - self._made > _TOKEN_SECONDS:
            self._token, self._made = self._new(), time.monotonic()
        return self._token

    def _new(self) -> str:
        """Return a presigned request of GetCallerIdentity, which EKS sends to learn the caller's identity.

        https://github.com/aws/aws-cli, awscli/customizations/eks/get_token.py (read 2026-11-28)
        """
        with aws_errors():
            client = self._clients.client("sts", self._region)
            events = client.meta.events
            events.register("provide-client-params.sts.GetCallerIdentity", _take_cluster, unique_id="tierup-take")
            events.register("before-sign.sts.GetCallerIdentity", _add_cluster, unique_id="tierup-add")
            url = client.generate_presigned_url(
                "get_caller_identity", Params={_CLUSTER_HEADER: self._cluster}, ExpiresIn=60, HttpMethod="GET"
            )
        return "k8s-aws-v1." + base64.urlsafe_b64encode(str(url).encode()).decode().rstrip("=")


def _take_cluster(params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
    if _CLUSTER_HEADER in params:
        context[_CLUSTER_HEADER] = params.pop(_CLUSTER_HEADER)


def _add_cluster(request: Any, **_: object) -> None:
    if _CLUSTER_HEADER in request.context:
        request.headers[_CLUSTER_HEADER] = request.context[_CLUSTER_HEADER]


def path_of(group: str, namespace: str, kind: str, name: str = "", part: str = "") -> str:
    """Return the path of an object, of a list, or of a part of an object, such as its log. `group` is api/v1 or
    apis/apps/v1."""
    parts = [group, "namespaces", quote(namespace, safe=""), kind, *([quote(name, safe="")] if name else [])]
    return "/" + "/".join([*parts, *([part] if part else [])])
