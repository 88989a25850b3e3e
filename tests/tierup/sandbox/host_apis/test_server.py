"""The server of the hosts' APIs: it keeps its objects over a restart, and forgets them after a reset."""

from __future__ import annotations

from pathlib import Path

import requests

from tierup.sandbox.host_apis.server import HostApiServer
from tierup.sandbox.host_apis.store import HostStore

HEADERS = {"Authorization": "Bearer sandbox"}


def names(server: HostApiServer) -> list[str]:
    answer = requests.get(f"http://127.0.0.1:{server.port}/netlify/you/sites", headers=HEADERS, timeout=30)
    return [each["name"] for each in answer.json()]


def test_a_restarted_server_has_its_objects_and_a_reset_deletes_them(tmp_path: Path) -> None:
    file = tmp_path / "hosts.json"
    first = HostApiServer(HostStore(file))
    url = f"http://127.0.0.1:{first.port}/netlify/you/sites"
    assert requests.post(url, json={"name": "shop"}, headers=HEADERS, timeout=30).status_code == 201
    first.close()
    second = HostApiServer(HostStore(file))
    assert names(second) == ["shop"]
    file.unlink()
    assert names(second) == []
    second.close()


def test_calls_without_a_token_and_unknown_paths_are_rejected() -> None:
    server = HostApiServer(HostStore())
    url = f"http://127.0.0.1:{server.port}"
    assert requests.get(f"{url}/netlify/you/sites", timeout=30).status_code == 401
    assert requests.get(f"{url}/other", headers=HEADERS, timeout=30).status_code == 404
    unknown = requests.post(f"{url}/railway", json={"query": "{ nothing { id } }"}, headers=HEADERS, timeout=30)
    assert unknown.json() == {"errors": [{"message": 'Cannot query field "nothing"'}]}
    server.close()
