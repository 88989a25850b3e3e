"""Comments and issues are created once and updated in place; GitHub's refusals become one sentence."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.tierup.ci.github_server import TOKEN, FakeRepository, serve_github
from tierup.ci.github import MAX_CHARACTERS, GitHub, pull_request_number, with_marker
from tierup.cli.app import app
from tierup.deployment.errors import CommandError, ExitCode

MARKED = "<!-- tierup:report -->\nHello"


@pytest.fixture
def repository() -> Iterator[FakeRepository]:
    with serve_github() as served:
        yield served


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def client(repository: FakeRepository, waits: list[float]) -> GitHub:
    return GitHub(repository="acme/shop", token=TOKEN, api=repository.url, sleep=waits.append)


def test_a_comment_is_created_then_unchanged_then_updated(client: GitHub, repository: FakeRepository) -> None:
    assert client.comment(7, "report", "Hello").result == "created"
    assert client.comment(7, "report", "Hello").result == "unchanged"
    assert client.comment(7, "report", "Bye").result == "updated"
    assert [each["body"] for each in repository.comments] == ["<!-- tierup:report -->\nBye\n"]


def test_another_marker_gets_its_own_comment(client: GitHub, repository: FakeRepository) -> None:
    client.comment(7, "report", "Hello")
    client.comment(7, "cost", "Hello")
    assert len(repository.comments) == 2


def test_a_comment_of_another_account_with_the_marker_is_not_updated(
    client: GitHub, repository: FakeRepository
) -> None:
    repository.add_comment(MARKED, login="mallory")
    assert client.comment(7, "report", "Hello").result == "created"
    assert repository.comments[0]["body"] == MARKED


def test_a_comment_on_a_later_page_is_found(client: GitHub, repository: FakeRepository) -> None:
    repository.page_size = 2
    for number in range(5):
        repository.add_comment(f"Comment {number}", login="reviewer")
    repository.add_comment(MARKED)
    assert client.comment(7, "report", "Bye").result == "updated"
    assert len(repository.comments) == 6


def test_a_next_page_on_another_host_is_not_requested(client: GitHub, repository: FakeRepository) -> None:
    repository.page_size, repository.next_host = 1, "http://192.0.2.1"
    repository.add_comment("one", login="reviewer")
    repository.add_comment("two", login="reviewer")
    with pytest.raises(CommandError, match="the next page is on another host"):
        client.comment(7, "report", "Hello")


def test_a_marker_in_the_text_is_removed() -> None:
    assert with_marker("report", "a <!-- tierup:drift --> b") == "<!-- tierup:report -->\na  b\n"


def test_a_pull_request_with_another_head_gets_no_comment(client: GitHub, repository: FakeRepository) -> None:
    repository.heads[7] = "a" * 40
    with pytest.raises(CommandError, match="--head-sha: not the head of pull request 7") as error:
        client.comment(7, "report", "Hello", head_sha="b" * 40)
    assert error.value.code is ExitCode.SETTINGS
    assert repository.comments == []
    assert client.comment(7, "report", "Hello", head_sha="a" * 40).result == "created"


def test_one_issue_is_opened_updated_and_closed(client: GitHub, repository: FakeRepository) -> None:
    repository.add_issue("<!-- tierup:drift -->\nA pull request", pull_request={})
    repository.add_issue("<!-- tierup:drift -->\nOf another account", login="mallory")
    assert client.open_issue("drift", "Drift", "One", ["drift"]).result == "created"
    assert client.open_issue("drift", "Drift", "One").result == "unchanged"
    assert client.open_issue("drift", "Drift", "Two").result == "updated"
    (issue,) = [each for each in repository.issues if each.get("labels")]
    assert issue["labels"] == ["drift"]
    assert client.close_issue("drift", "No drift.").result == "closed"
    assert issue["state"] == "closed"
    assert client.close_issue("drift", "No drift.").result == "absent"
    assert client.open_issue("drift", "Drift", "Three").result == "created"


def test_a_throttled_request_is_repeated_after_the_time_that_github_demands(
    client: GitHub, repository: FakeRepository, waits: list[float]
) -> None:
    reset = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(time.time()) + 20)}
    repository.answers = [(429, {"retry-after": "3"}, {}), (403, reset, {"message": "API rate limit exceeded"})]
    assert client.comment(7, "report", "Hello").result == "created"
    assert waits[0] == 3
    assert 15 < waits[1] < 25


def test_a_throttled_request_is_not_repeated_if_the_time_is_too_long(
    client: GitHub, repository: FakeRepository, waits: list[float]
) -> None:
    repository.answers = [(429, {"retry-after": "3000"}, {"message": "secondary rate limit"})]
    with pytest.raises(CommandError, match=r"The rate limit is exceeded; run the command again later\."):
        client.comment(7, "report", "Hello")
    assert waits == []


def test_a_list_is_read_again_after_a_failure_of_the_server(
    client: GitHub, repository: FakeRepository, waits: list[float]
) -> None:
    repository.answers = [(502, {}, {}), (503, {}, {})]
    assert client.comment(7, "report", "Hello").result == "created"
    assert waits == [2, 4]


def test_a_new_comment_is_not_sent_again_after_a_failure_of_the_server(
    client: GitHub, repository: FakeRepository
) -> None:
    repository.answers = [(200, {}, []), (502, {}, {})]  # type: ignore[list-item]  the first is the empty list
    with pytest.raises(CommandError, match="GitHub answered with status 502"):
        client.comment(7, "report", "Hello")
    assert [method for method, _ in repository.requests] == ["GET", "POST"]


@pytest.mark.parametrize(
    ("status", "message", "code", "sentence"),
    [
        (401, "Bad credentials", ExitCode.CREDENTIALS, "GITHUB_TOKEN is not valid"),
        (403, "Resource not accessible by integration", ExitCode.CREDENTIALS, "pull-requests: write"),
        (404, "Not Found", ExitCode.SETTINGS, "Check --repository"),
        (410, "Issues are disabled for this repo", ExitCode.SETTINGS, "Enable issues"),
        (301, "Moved Permanently", ExitCode.SETTINGS, "renamed or moved"),
        (422, "Validation Failed", ExitCode.FAILED, "Validation Failed"),
    ],
)
def test_a_refusal_is_one_sentence_without_the_token(
    client: GitHub, repository: FakeRepository, status: int, message: str, code: ExitCode, sentence: str
) -> None:
    repository.answers = [(status, {"location": "/x"} if status == 301 else {}, {"message": message})]
    with pytest.raises(CommandError) as error:
        client.open_issue("drift", "Drift", "One")
    assert error.value.code is code
    assert sentence in error.value.message
    assert TOKEN not in error.value.message
    assert TOKEN not in repr(client)


def test_a_server_that_does_not_answer_is_one_sentence(waits: list[float]) -> None:
    client = GitHub(repository="acme/shop", token=TOKEN, api="http://127.0.0.1:9", sleep=waits.append)
    with pytest.raises(CommandError, match=r"http://127.0.0.1:9: could not be reached \(got ConnectionError\)\."):
        client.comment(7, "report", "Hello")
    assert len(waits) == 3


@pytest.mark.parametrize("marker", ["", "a b", "-->", "x" * 64])
def test_a_marker_that_could_end_the_html_comment_is_rejected(marker: str) -> None:
    with pytest.raises(CommandError, match="--marker: not a valid marker"):
        with_marker(marker, "text")


def test_a_text_that_is_too_long_is_rejected() -> None:
    with pytest.raises(CommandError, match="--body: too long for GitHub"):
        with_marker("report", "x" * MAX_CHARACTERS)


def test_the_number_comes_from_the_event_or_the_ref(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_EVENT_PATH", raising=False)
    monkeypatch.setenv("GITHUB_REF", "refs/pull/12/merge")
    assert pull_request_number() == 12
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 14}}))
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    assert pull_request_number() == 14
    event.write_text("{}")
    monkeypatch.setenv("GITHUB_REF", "refs/heads/main")
    with pytest.raises(CommandError, match="--pull-request: must be given"):
        pull_request_number()


# --- the commands ---


@pytest.fixture
def environment(repository: FakeRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_API_URL", repository.url)
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/shop")
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(app, ["github", *arguments], input=text)


@pytest.mark.usefixtures("environment")
def test_the_commands_post_files_and_standard_input(repository: FakeRepository, tmp_path: Path) -> None:
    body = tmp_path / "report.md"
    body.write_text("Report")
    posted = run("comment", "--body", str(body), "--pull-request", "7", "--json")
    assert json.loads(posted.output) == {"result": "created", "number": 7, "url": f"{repository.url}/c/1"}
    opened = run("issue", "--body", "-", "--title", "Drift", "--marker", "drift", "--label", "drift", text="Changed")
    assert opened.output == f"Issue 100 created: {repository.url}/i/100\n"
    assert repository.issues[0]["body"] == "<!-- tierup:drift -->\nChanged\n"
    assert run("issue", "--close", "--marker", "drift").output.startswith("Issue 100 closed")
    assert "nothing was changed" in run("issue", "--close", "--marker", "drift").output


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("comment", "--pull-request", "7"), 2, "--body: must be given"),
        (("comment", "--body", "missing.md", "--pull-request", "7"), 2, "--body: no such file (got missing.md)"),
        (("issue", "--body", "-", "--repository", "shop"), 2, "--repository: must be the owner and the name"),
    ],
)
def test_a_wrong_option_exits_with_2(arguments: tuple[str, ...], code: int, message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == code
    assert message in result.output


@pytest.mark.usefixtures("environment")
def test_a_run_of_a_fork_is_commented_on_the_pull_request_with_its_head(
    repository: FakeRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = tmp_path / "event.json"
    head = {"head_sha": "a" * 40, "head_branch": "patch-1", "head_repository": {"owner": {"login": "fork"}}}
    event.write_text(json.dumps({"workflow_run": {**head, "pull_requests": []}}))
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    repository.heads = {7: "b" * 40, 8: "a" * 40}
    posted = run("comment", "--body", "-", "--json", text="Report")
    assert json.loads(posted.output)["number"] == 8
    repository.heads[8] = "c" * 40
    newer = run("comment", "--body", "-", text="Report")
    assert newer.output == "No comment on pull request to change; nothing was changed.\n"
    assert len(repository.comments) == 1


@pytest.mark.usefixtures("environment")
def test_without_a_token_the_exit_code_is_5(monkeypatch: pytest.MonkeyPatch, repository: FakeRepository) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    result = run("issue", "--body", "-", text="x")
    assert result.exit_code == 5
    assert "GITHUB_TOKEN: must be set" in result.output
    assert repository.requests == []


# --- commits ---


def test_a_file_is_committed_once(client: GitHub, repository: FakeRepository) -> None:
    repository.files = {("Pulumi.prod.yaml", "main"): b"old", ("Pulumi.prod.yaml", "a" * 40): b"old"}
    arguments = {"branch": "main", "base": "a" * 40, "message": "Release"}
    done = client.commit_file("Pulumi.prod.yaml", b"new", **arguments)
    assert (done.result, done.commit) == ("created", "c" * 40)
    assert repository.files["Pulumi.prod.yaml", "main"] == b"new"
    assert client.commit_file("Pulumi.prod.yaml", b"new", **arguments).result == "unchanged"
    assert client.commit_file("new.yaml", b"new", **arguments).result == "created"


def test_a_file_that_changed_on_the_branch_is_not_overwritten(client: GitHub, repository: FakeRepository) -> None:
    repository.files = {("Pulumi.prod.yaml", "main"): b"other", ("Pulumi.prod.yaml", "a" * 40): b"old"}
    with pytest.raises(CommandError, match="FILE: changed on branch main since commit aaaaaaaaaaaa"):
        client.commit_file("Pulumi.prod.yaml", b"new", branch="main", base="a" * 40, message="Release")
    assert repository.files["Pulumi.prod.yaml", "main"] == b"other"


@pytest.mark.usefixtures("environment")
def test_the_command_commits_a_file_of_the_checkout_to_the_branch_of_the_workflow(
    repository: FakeRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    file = tmp_path / "infra" / "Pulumi.prod.yaml"
    file.parent.mkdir()
    file.write_text("config: {}\n")
    monkeypatch.setenv("GITHUB_REF_TYPE", "branch")
    monkeypatch.setenv("GITHUB_REF_NAME", "main")
    monkeypatch.setenv("GITHUB_SHA", "a" * 40)
    done = run("commit", str(file), "--message", "Release", "--json")
    assert json.loads(done.output) == {"result": "created", "path": "infra/Pulumi.prod.yaml", "commit": "c" * 40}
    assert "nothing was committed" in run("commit", str(file), "--message", "Release", "--base", "main").output
    monkeypatch.setenv("GITHUB_REF_TYPE", "tag")
    assert "--branch, --base: must be given" in run("commit", str(file), "--message", "Release").output
    assert "FILE: not a file in a checkout" in run("commit", "missing.yaml", "--message", "Release").output
