"""Calls a Kubernetes API server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import requests

_SECONDS = 30.0
_PLURALS = {"NetworkPolicy": "networkpolicies", "TargetGroupBinding": "targetgroupbindings"}
_WITHOUT_NAMESPACE = frozenset(
    {
        "CSIDriver", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition",
        "IngressClass", "Namespace", "Node", "NodePool", "PersistentVolume", "PriorityClass",
        "RuntimeClass", "StorageClass", "ValidatingWebhookConfiguration",
    }
)  # fmt: skip


class RequestRefusedError(Exception):
    """The API server refused a request. `reason` is that of its Status, such as Invalid or Forbidden."""

    reason: str

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxy reaches the loopback
    return session


@dataclass(kw_only=True)
class KubernetesApi:
    """One API server, with the token of an administrator."""

    url: str
    token: str
    certificate: Path
    """File with the certificate that its TLS certificate is checked against."""
    session: requests.Session = field(default_factory=_session)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        content_type: str = "application/json",
        parameters: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Send a request and return the object of the response.

        Raises:
            RequestRefusedError: the status is 400 or above.
        """
        response = self.session.request(
            method,
            f"{self.url}{path}",
            json=body,
            params=dict(parameters or {}),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": content_type},
            verify=str(self.certificate),
            timeout=_SECONDS,
        )
        if not response.headers.get("Content-Type", "").startswith("application/json"):
            document: dict[str, Any] = {"message": response.text}
        else:
            document = response.json()
        if response.status_code >= 400:
            raise RequestRefusedError(str(document.get("reason") or response.status_code), str(document.get("message")))
        return document

    def for_thread(self) -> KubernetesApi:
        """Return the same API with a session of its own, because a session belongs to one thread."""
        return replace(self, session=_session())

    def create(self, manifest: Mapping[str, Any], *, dry_run: bool = False) -> dict[str, Any]:
        """Create an object. With `dry_run` the server validates and admits it, and stores nothing."""
        return self.call("POST", collection(manifest), manifest, parameters={"dryRun": "All"} if dry_run else None)

    def apply(self, manifest: Mapping[str, Any], *, dry_run: bool = False) -> dict[str, Any]:
        """Create or update an object by server-side apply, as Pulumi's provider does."""
        parameters = {"fieldManager": "tierup", "force": "true", **({"dryRun": "All"} if dry_run else {})}
        return self.call(
            "PATCH",
            address(manifest),
            manifest,
            content_type="application/apply-patch+yaml",
            parameters=parameters,
        )

    def get(self, manifest: Mapping[str, Any]) -> dict[str, Any]:
        """Return the stored object with the kind, the namespace and the name of a manifest."""
        return self.call("GET", address(manifest))

    def list(self, path: str) -> list[dict[str, Any]]:
        """Return the objects of a collection, such as /api/v1/pods."""
        return self.call("GET", path)["items"]


def collection(manifest: Mapping[str, Any]) -> str:
    """Return the path of the collection of an object: /apis/apps/v1/namespaces/app/deployments."""
    version, kind = str(manifest["apiVersion"]), str(manifest["kind"])
    root = f"/apis/{version}" if "/" in version else f"/api/{version}"
    plural = _PLURALS.get(kind, f"{kind.lower()}es" if kind.endswith("ss") else f"{kind.lower()}s")
    if kind in _WITHOUT_NAMESPACE:
        return f"{root}/{plural}"
    return f"{root}/namespaces/{manifest['metadata'].get('namespace') or 'default'}/{plural}"


def address(manifest: Mapping[str, Any]) -> str:
    """Return the path of an object."""
    return f"{collection(manifest)}/{manifest['metadata']['name']}"
