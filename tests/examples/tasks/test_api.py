"""The API of the sample application: each security and performance item of the guide, by its behaviour."""

from __future__ import annotations

import gzip
import json
import time
import uuid

import pymongo
import pytest

from tests.examples.tasks.client import PASSWORD, Client
from tools.app.processes import ORIGIN, Application

pytestmark = pytest.mark.app


# --- rate limit ---


def test_request_101_is_refused_with_retry_after_and_cors(client: Client) -> None:
    first = [client.send("GET", "/api/tasks").status for _ in range(100)]
    refused = client.send("GET", "/api/tasks")
    assert set(first) == {401}
    assert refused.status == 429
    assert 0 < int(refused.headers["retry-after"]) <= 900
    assert refused.headers["access-control-allow-origin"] == ORIGIN
    assert "Retry-After" in refused.headers["access-control-expose-headers"]
    assert "Too many requests" in refused.json()["error"]


def test_rate_limit_counts_all_processes_together(application: Application, port: int) -> None:
    _, second = application.start_api(variables={"DRAIN_SECONDS": "0"})
    client = Client(port=port)
    remaining = [client.send("GET", "/api/tasks").headers["ratelimit"] for _ in range(3)]
    other = Client(port=second, address=client.address).send("GET", "/api/tasks").headers["ratelimit"]
    assert [text.split(",")[1].strip() for text in [*remaining, other]] == [
        "remaining=99",
        "remaining=98",
        "remaining=97",
        "remaining=96",
    ]


def test_rate_limit_is_for_each_client_address(client: Client, port: int) -> None:
    statuses = [client.send("GET", "/api/tasks").status for _ in range(101)]
    assert statuses[-1] == 429
    assert Client(port=port).send("GET", "/api/tasks").status == 401


def test_client_cannot_choose_its_address(client: Client) -> None:
    # The load balancer appends the address of its client; what the client sent before it is not trusted.
    forged = [
        client.send("GET", "/api/tasks", headers={"X-Forwarded-For": f"198.51.100.{number}, {client.address}"})
        for number in range(3)
    ]
    assert [response.headers["ratelimit"].split(",")[1].strip() for response in forged] == [
        "remaining=99",
        "remaining=98",
        "remaining=97",
    ]


def test_address_behind_two_proxies_is_that_of_the_client(application: Application) -> None:
    _, port = application.start_api(variables={"TRUSTED_PROXIES": "2", "DRAIN_SECONDS": "0"})
    first, second = Client(port=port), Client(port=port)
    cdn = "192.0.2.1"
    for client in (first, second):
        response = client.send("GET", "/api/tasks", headers={"X-Forwarded-For": f"{client.address}, {cdn}"})
        assert "remaining=99" in response.headers["ratelimit"]


def test_health_has_no_rate_limit(client: Client) -> None:
    assert {client.send("GET", "/health").status for _ in range(110)} == {200}


# --- input ---


def test_operator_in_credentials_matches_no_user(user: Client, port: int) -> None:
    response = Client(port=port).send("POST", "/api/sessions", {"email": {"$gt": ""}, "password": {"$gt": ""}})
    assert response.status == 400
    assert "set-cookie" not in response.headers
    assert "email: Invalid input: expected string, received object" in response.json()["details"]


def test_operator_in_query_finds_nothing(user: Client) -> None:
    user.send("POST", "/api/tasks", {"title": "a task"})
    response = user.send("GET", "/api/tasks?status[$ne]=done")
    assert response.status == 400
    assert "tasks" not in response.json()


def test_operator_in_change_is_refused(user: Client) -> None:
    task = user.send("POST", "/api/tasks", {"title": "a task"}).json()
    response = user.send("PATCH", f"/api/tasks/{task['_id']}", {"$set": {"user": "0" * 24}})
    assert response.status == 400
    assert user.send("GET", f"/api/tasks/{task['_id']}").json()["user"] == task["user"]


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({}, "title: "),
        ({"title": ""}, "title: "),
        ({"title": "x" * 201}, "title: "),
        ({"title": "x", "status": "unknown"}, "status: "),
        ({"title": "x", "user": "0" * 24}, 'input: Unrecognized key: "user"'),
    ],
)
def test_invalid_task_is_refused(user: Client, body: object, detail: str) -> None:
    response = user.send("POST", "/api/tasks", body)
    assert response.status == 400
    assert [each for each in response.json()["details"] if each.startswith(detail)]


def test_missing_body_is_refused(user: Client) -> None:
    response = user.send("POST", "/api/tasks", headers={"Content-Type": "application/json", "Content-Length": "0"})
    assert response.status == 400


def test_body_above_100_kb_is_refused(user: Client) -> None:
    assert user.send("POST", "/api/tasks", {"title": "x", "notes": "x" * 110_000}).status == 413


# --- users ---


def test_password_is_stored_as_a_hash(application: Application, user: Client) -> None:
    with pymongo.MongoClient[dict[str, object]](application.database_url) as connection:
        stored = list(connection["tasks"]["users"].find())
    assert stored
    assert PASSWORD not in json.dumps(stored, default=str)


def test_sign_in_with_a_wrong_password_fails(port: int) -> None:
    email = f"{uuid.uuid4().hex}@example.com"
    Client(port=port).sign_up(email)
    wrong = Client(port=port).send("POST", "/api/sessions", {"email": email, "password": "another password"})
    right = Client(port=port).send("POST", "/api/sessions", {"email": email.upper(), "password": PASSWORD})
    assert (wrong.status, right.status) == (401, 201)


def test_second_user_with_an_email_address_is_refused(port: int) -> None:
    email = f"{uuid.uuid4().hex}@example.com"
    Client(port=port).sign_up(email)
    assert Client(port=port).send("POST", "/api/users", {"email": email, "password": PASSWORD}).status == 409


def test_session_cookie_is_out_of_reach_of_scripts_and_other_sites(application: Application) -> None:
    _, port = application.start_api(variables={"NODE_ENV": "production", "DRAIN_SECONDS": "0"})
    body = {"email": f"{uuid.uuid4().hex}@example.com", "password": PASSWORD}
    cookie = Client(port=port).send("POST", "/api/users", body).headers["set-cookie"]
    assert {"HttpOnly", "Secure", "SameSite=Strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}


def test_tasks_of_another_user_do_not_exist(user: Client, port: int) -> None:
    task = user.send("POST", "/api/tasks", {"title": "mine"}).json()
    other = Client(port=port).sign_up(f"{uuid.uuid4().hex}@example.com")
    path = f"/api/tasks/{task['_id']}"
    statuses = [other.send("GET", path), other.send("PATCH", path, {"title": "x"}), other.send("DELETE", path)]
    assert [response.status for response in statuses] == [404, 404, 404]
    assert user.send("GET", path).json()["title"] == "mine"


def test_session_survives_a_rotation_of_the_signing_key(application: Application, user: Client) -> None:
    rotated = {"JWT_SECRET": "n" * 32, "JWT_SECRET_PREVIOUS": application.signing_key, "DRAIN_SECONDS": "0"}
    _, port = application.start_api(variables=rotated)
    _, without = application.start_api(variables={"JWT_SECRET": "n" * 32, "DRAIN_SECONDS": "0"})
    assert Client(port=port, cookie=user.cookie).send("GET", "/api/tasks").status == 200
    assert Client(port=without, cookie=user.cookie).send("GET", "/api/tasks").status == 401


# --- CORS and headers ---


def test_allowed_origin_gets_cors_with_credentials(client: Client) -> None:
    preflight = client.send("OPTIONS", "/api/tasks", headers={"Access-Control-Request-Method": "POST"})
    assert preflight.status == 204
    assert preflight.headers["access-control-allow-origin"] == ORIGIN
    assert preflight.headers["access-control-allow-credentials"] == "true"


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_foreign_origin_gets_no_cors(port: int, method: str) -> None:
    client = Client(port=port, origin="https://foreign.example")
    response = client.send(method, "/api/tasks", headers={"Access-Control-Request-Method": "GET"})
    assert [name for name in response.headers if name.startswith("access-control-")] == []
    assert "Origin" in response.headers["vary"]


def test_responses_have_security_headers(client: Client) -> None:
    headers = client.send("GET", "/api/tasks").headers
    assert headers["content-security-policy"] == "default-src 'none';frame-ancestors 'none'"
    assert headers["strict-transport-security"].startswith("max-age=31536000")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert "x-powered-by" not in headers


# --- performance ---


def test_second_list_comes_from_redis(user: Client) -> None:
    user.send("POST", "/api/tasks", {"title": "a task"})
    first, second = user.send("GET", "/api/tasks"), user.send("GET", "/api/tasks")
    assert (first.headers["x-cache"], second.headers["x-cache"]) == ("MISS", "HIT")
    assert first.json() == second.json()
    assert [task["title"] for task in second.json()["tasks"]] == ["a task"]


def test_each_change_invalidates_the_cached_list(user: Client) -> None:
    task = user.send("POST", "/api/tasks", {"title": "a task"}).json()
    seen: list[tuple[str, list[str]]] = []

    def look() -> None:
        response = user.send("GET", "/api/tasks")
        seen.append((response.headers["x-cache"], [each["status"] for each in response.json()["tasks"]]))

    look()
    user.send("PATCH", f"/api/tasks/{task['_id']}", {"status": "done"})
    look()
    user.send("DELETE", f"/api/tasks/{task['_id']}")
    look()
    assert seen == [("MISS", ["todo"]), ("MISS", ["done"]), ("MISS", [])]


def test_list_is_cached_for_each_user(user: Client, port: int) -> None:
    user.send("POST", "/api/tasks", {"title": "mine"})
    user.send("GET", "/api/tasks")
    other = Client(port=port).sign_up(f"{uuid.uuid4().hex}@example.com").send("GET", "/api/tasks")
    assert (other.headers["x-cache"], other.json()["tasks"]) == ("MISS", [])


def test_list_has_pages_of_20(user: Client) -> None:
    for number in range(23):
        user.send("POST", "/api/tasks", {"title": f"task {number}"})
    first, second = user.send("GET", "/api/tasks").json(), user.send("GET", "/api/tasks?page=1").json()
    titles = [task["title"] for task in [*first["tasks"], *second["tasks"]]]
    assert (len(first["tasks"]), first["hasMore"]) == (20, True)
    assert (len(second["tasks"]), second["hasMore"]) == (3, False)
    assert titles == [f"task {number}" for number in range(22, -1, -1)]


def test_list_can_be_filtered_by_status(user: Client) -> None:
    user.send("POST", "/api/tasks", {"title": "one", "status": "done"})
    user.send("POST", "/api/tasks", {"title": "two"})
    found = user.send("GET", "/api/tasks?status=done").json()["tasks"]
    assert [task["title"] for task in found] == ["one"]


def test_body_is_compressed_on_request(user: Client) -> None:
    for number in range(8):
        user.send("POST", "/api/tasks", {"title": f"task {number}", "notes": "note " * 50})
    plain = user.send("GET", "/api/tasks")
    compressed = user.send("GET", "/api/tasks", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert compressed.headers["content-encoding"] == "gzip"
    assert len(compressed.body) < len(plain.body) / 4
    assert json.loads(gzip.decompress(compressed.body)) == plain.json()


def test_response_about_a_user_is_not_stored_by_shared_caches(user: Client) -> None:
    assert user.send("GET", "/api/tasks").headers["cache-control"] == "private, no-store"


def test_log_lines_are_json_without_secrets(application: Application, user: Client) -> None:
    user.send("POST", "/api/tasks", {"title": "a task"})
    time.sleep(0.3)
    text = application.processes[0].text
    lines = [json.loads(line) for line in text.splitlines()]
    requests = [line for line in lines if line.get("message") == "request"]
    assert {"method", "path", "status", "ms", "ip", "level", "service", "timestamp"} <= set(requests[-1])
    assert application.signing_key not in text
    assert PASSWORD not in text
    assert (user.cookie or "").removeprefix("session=") not in text
