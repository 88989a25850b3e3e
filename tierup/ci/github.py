"""Comments and issues on GitHub that are updated in place, found again by a marker in their text.

Sources (read 2026-11-28 in the repository github/docs): content/rest/using-the-rest-api/rate-limits-for-the-rest-api.md
and using-pagination-in-the-rest-api.md. A throttled request has the status 403 or 429 and says in `retry-after` or
`x-ratelimit-reset` when it may be repeated; a list has the address of its next page in the header `link`.
"""

from __future__ import annotations

import base64
import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import quote

import requests

from tierup.deployment.errors import CommandError, ExitCode
from tierup.http_session import TIMEOUT_SECONDS

MAX_CHARACTERS: Final = 65_536
"""The longest comment on GitHub, as its API states in the error for a longer one: "Body is too long (maximum is 65536
characters)". https://github.com/telia-oss/github-pr-resource/issues/259 (quotes the API, read 2026-11-28)"""

_API: Final = "https://api.github.com"
_VERSION: Final = "2022-11-28"
_ATTEMPTS: Final = 4
_MAX_WAIT_SECONDS: Final = 120.0
_MAX_PAGES: Final = 100
_REPOSITORY: Final = re.compile(r"[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}")
_MARKER: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,62}")
_PULL_REQUEST: Final = re.compile(r"refs/pull/(\d+)/(?:merge|head)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Posted:
    """A comment or an issue, and what was done with it."""

    result: str  # created, updated, unchanged, closed or absent
    number: int | None  # of the issue or pull request
    url: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Committed:
    """A file, and what was done with it."""

    result: str  # created or unchanged
    path: str
    commit: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkflowRun:
    """The head that a workflow run tested: the owner of its repository, the branch and the commit."""

    owner: str
    branch: str
    sha: str


@dataclass(frozen=True, kw_only=True)
class GitHub:
    """A client of the REST API for one repository."""

    repository: str
    token: str = field(repr=False)
    api: str = _API
    author: str = "github-actions[bot]"
    """The account of the token. Texts of other accounts are never updated, whatever marker they contain."""
    sleep: Callable[[float], None] = time.sleep

    def comment(self, number: int, marker: str, body: str, *, head_sha: str | None = None) -> Posted:
        """Create the comment with this marker on a pull request, or update it.

        `head_sha` is the commit that the text describes: a number that another job has passed on is checked by it.

        Raises:
            CommandError: GitHub rejects a request, or the pull request has another head.
        """
        if head_sha is not None:
            self._check_head(number, head_sha)
        marked = with_marker(marker, body)
        for each in self._pages(f"issues/{number}/comments"):
            if self._is_own(each, marker):
                if each["body"] == marked:
                    return Posted(result="unchanged", number=number, url=each["html_url"])
                changed = self._send("PATCH", f"issues/comments/{each['id']}", {"body": marked})
                return Posted(result="updated", number=number, url=changed["html_url"])
        created = self._send("POST", f"issues/{number}/comments", {"body": marked})
        return Posted(result="created", number=number, url=created["html_url"])

    def pull_request_of(self, run: WorkflowRun) -> int | None:
        """Return the number of the open pull request whose head a workflow run tested, or None if its head is newer.

        The event of a run that a fork triggered names no pull request, so it is searched by branch. Nothing of it comes
        from the fork's code. Raises CommandError.
        """
        query = {"state": "open", "head": f"{run.owner}:{run.branch}"}
        for each in self._pages("pulls", query):
            if each["head"]["sha"] == run.sha:
                return each["number"]
        return None

    def open_issue(self, marker: str, title: str, body: str, labels: Sequence[str] = ()) -> Posted:
        """Create the issue with this marker, or update the one that is open. Raises CommandError."""
        marked = with_marker(marker, body)
        existing = self._find_issue(marker)
        if existing is None:
            created = self._send("POST", "issues", {"title": title, "body": marked, "labels": list(labels)})
            return Posted(result="created", number=created["number"], url=created["html_url"])
        if existing["body"] == marked and existing["title"] == title:
            return Posted(result="unchanged", number=existing["number"], url=existing["html_url"])
        self._send("PATCH", f"issues/{existing['number']}", {"title": title, "body": marked})
        return Posted(result="updated", number=existing["number"], url=existing["html_url"])

    def close_issue(self, marker: str, comment: str) -> Posted:
        """Close the open issue with this marker, after a comment on it. Raises CommandError."""
        existing = self._find_issue(marker)
        if existing is None:
            return Posted(result="absent", number=None, url=None)
        number = existing["number"]
        self._send("POST", f"issues/{number}/comments", {"body": comment})
        self._send("PATCH", f"issues/{number}", {"state": "closed", "state_reason": "completed"})
        return Posted(result="closed", number=number, url=existing["html_url"])

    def pull_request_is_open(self, number: int) -> bool:
        """Return whether a pull request is open. Raises CommandError."""
        return self._send("GET", f"pulls/{number}")["state"] == "open"

    def commit_file(self, path: str, content: bytes, *, branch: str, base: str, message: str) -> Committed:
        """Commit one file to a branch, if it differs. The commit has GitHub's signature.

        `base` is the commit from which `content` was made: if the branch has another version of the file by now, the
        commit would undo a change.

        Raises:
            CommandError: GitHub rejects a request, or the file changed on the branch.
        """
        on_branch, sha = self._file(path, branch)
        if on_branch == content:
            return Committed(result="unchanged", path=path, commit=None)
        if on_branch != self._file(path, base)[0]:
            raise CommandError(
                f"FILE: changed on branch {branch} since commit {base[:12]} (got {path}). Nothing was committed; make "
                "the same change on the branch by hand.",
                ExitCode.SETTINGS,
            )
        document = {"message": message, "content": base64.b64encode(content).decode(), "branch": branch}
        answer = self._send("PUT", f"contents/{quote(path)}", {**document, **({"sha": sha} if sha else {})})
        return Committed(result="created", path=path, commit=answer["commit"]["sha"])

    def _file(self, path: str, ref: str) -> tuple[bytes | None, str | None]:
        """Return the content and the blob of a file at a commit or branch, or None twice if it does not exist there.

        https://docs.github.com/en/rest/repos/contents (base64 up to 1 MB; from memory)
        """
        answer = self._request("GET", self._url(f"contents/{quote(path)}"), parameters={"ref": ref}, absent=True)
        if answer.status_code == 404:
            return None, None
        document = answer.json()
        return base64.b64decode(document["content"]), document["sha"]

    def _check_head(self, number: int, head_sha: str) -> None:
        head = self._send("GET", f"pulls/{number}")["head"]["sha"]
        if head != head_sha:
            raise CommandError(
                f"--head-sha: not the head of pull request {number} (got {head_sha}). Its head is {head}; a later run "
                "comments on it.",
                ExitCode.SETTINGS,
            )

    def _find_issue(self, marker: str) -> dict[str, Any] | None:
        for each in self._pages("issues", {"state": "open", "creator": self.author}):
            if "pull_request" not in each and self._is_own(each, marker):
                return each
        return None

    def _is_own(self, each: Mapping[str, Any], marker: str) -> bool:
        body = str(each.get("body") or "")
        return (each.get("user") or {}).get("login") == self.author and body.startswith(_marker_line(marker))

    def _pages(self, path: str, parameters: Mapping[str, str] | None = None) -> Iterator[dict[str, Any]]:
        url: str | None = self._url(path)
        query: Mapping[str, str] | None = {"per_page": "100", **(parameters or {})}
        for _ in range(_MAX_PAGES):
            if url is None:
                return
            answer = self._request("GET", url, parameters=query)
            yield from cast("list[dict[str, Any]]", answer.json())
            url, query = answer.links.get("next", {}).get("url"), None
            if url is not None and not url.startswith(f"{self.api}/"):
                raise CommandError(f"{self.api}: the next page is on another host (got {url}). Check GITHUB_API_URL.")

    def _send(self, method: str, path: str, document: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return cast("dict[str, Any]", self._request(method, self._url(path), document=document).json())

    def _url(self, path: str) -> str:
        return f"{self.api}/repos/{self.repository}/{path}"

    def _request(
        self,
        method: str,
        url: str,
        *,
        document: Mapping[str, Any] | None = None,
        parameters: Mapping[str, str] | None = None,
        absent: bool = False,
    ) -> requests.Response:
        """Return a successful answer. Throttled requests are repeated after the time that GitHub demands.

        With `absent` an answer with status 404 is successful, too. A request that may have created something is not
        repeated after a failure of the connection or the server.
        """
        waited = 0.0
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                answer = requests.request(
                    method,
                    url,
                    headers={
                        "Accept": "application/vnd.github+json",
                        "Authorization": f"Bearer {self.token}",
                        "X-GitHub-Api-Version": _VERSION,
                        "User-Agent": "tierup",
                    },
                    json=document,
                    params=parameters,
                    timeout=TIMEOUT_SECONDS,
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                if method != "POST" and attempt < _ATTEMPTS:
                    self.sleep(2.0**attempt)
                    continue
                raise CommandError(
                    f"{self.api}: could not be reached (got {type(error).__name__}). Run the command again."
                ) from error
            if (answer.ok and not answer.is_redirect) or (absent and answer.status_code == 404):
                return answer
            delay = _delay(answer, attempt, repeats_failures=method != "POST")
            if delay is None or attempt == _ATTEMPTS or waited + delay > _MAX_WAIT_SECONDS:
                raise self._error(method, url, answer, throttled=_is_throttled(answer))
            self.sleep(delay)
            waited += delay
        raise AssertionError("unreachable")

    def _error(self, method: str, url: str, answer: requests.Response, *, throttled: bool) -> CommandError:
        what = f"{method} {url.removeprefix(self.api)}: GitHub answered with status {answer.status_code}"
        message = _message(answer)
        got = f" (got {message})" if message else ""
        if throttled:
            return CommandError(f"{what}{got}. The rate limit is exceeded; run the command again later.")
        match answer.status_code:
            case 401:
                return CommandError(
                    f"{what}{got}. GITHUB_TOKEN is not valid or has expired; give a new one.", ExitCode.CREDENTIALS
                )
            case 403:
                return CommandError(
                    f"{what}{got}. The token may not do this: the job needs `pull-requests: write` for a comment, "
                    "`issues: write` for an issue and `contents: write` for a commit. The token of a workflow that a "
                    "fork triggers has none of them.",
                    ExitCode.CREDENTIALS,
                )
            case 404:
                return CommandError(
                    f"{what}{got}. Check --repository (got {self.repository}) and the number; a token without access "
                    "gets the same answer.",
                    ExitCode.SETTINGS,
                )
            case 409:
                return CommandError(f"{what}{got}. The branch changed meanwhile; run the command again.")
            case 410:
                return CommandError(f"{what}{got}. Enable issues in the settings of the repository.", ExitCode.SETTINGS)
            case status if 300 <= status < 400:
                return CommandError(
                    f"{what}. The repository was renamed or moved; give its new name with --repository.",
                    ExitCode.SETTINGS,
                )
            case _:
                return CommandError(f"{what}{got}. Run the command again.")


def with_marker(marker: str, body: str) -> str:
    """Return the text of a comment with its marker in front. Markers in the text are removed.

    Raises:
        CommandError: the text is too long, or the marker is not valid.
    """
    if _MARKER.fullmatch(marker) is None:
        raise CommandError(
            f"--marker: not a valid marker (got {marker!r}). Allowed: up to 63 lower-case letters, digits, "
            "'-' and '.'.",
            ExitCode.SETTINGS,
        )
    text = f"{_marker_line(marker)}\n{re.sub(r'<!-- tierup:.*?-->', '', body).strip()}\n"
    if len(text) > MAX_CHARACTERS:
        raise CommandError(
            f"--body: too long for GitHub (got {len(text):,} characters). Allowed: {MAX_CHARACTERS:,} with the marker; "
            "`tierup report` shortens its report.",
            ExitCode.SETTINGS,
        )
    return text


def open_repository(repository: str | None, author: str) -> GitHub:
    """Return the client for a repository, with the token in GITHUB_TOKEN.

    `repository` is None for the one in GITHUB_REPOSITORY. Raises CommandError.
    """
    name = repository or os.environ.get("GITHUB_REPOSITORY")
    if not name or _REPOSITORY.fullmatch(name) is None:
        raise CommandError(
            f"--repository: must be the owner and the name of a repository (got {name or 'nothing'}). Give OWNER/NAME, "
            "or set GITHUB_REPOSITORY.",
            ExitCode.SETTINGS,
        )
    token = os.environ.get("GITHUB_TOKEN")
    if not token:
        raise CommandError(
            "GITHUB_TOKEN: must be set (got nothing). In a workflow, add `env: GITHUB_TOKEN: ${{ github.token }}` to "
            "the step.",
            ExitCode.CREDENTIALS,
        )
    api = (os.environ.get("GITHUB_API_URL") or _API).rstrip("/")
    return GitHub(repository=name, token=token, api=api, author=author)


def workflow_run() -> WorkflowRun | None:
    """Return the run that triggered this workflow by the event workflow_run, or None for any other event."""
    run = _event().get("workflow_run")
    if not run:
        return None
    return WorkflowRun(owner=run["head_repository"]["owner"]["login"], branch=run["head_branch"], sha=run["head_sha"])


def _event() -> dict[str, Any]:
    event = os.environ.get("GITHUB_EVENT_PATH")
    if not event or not Path(event).is_file():
        return {}
    return json.loads(Path(event).read_text(encoding="utf-8"))


def pull_request_number() -> int:
    """Return the number of the pull request of the workflow's event.

    Raises:
        CommandError: the event belongs to no pull request.
    """
    number = (_event().get("pull_request") or {}).get("number")
    if isinstance(number, int):
        return number
    if found := _PULL_REQUEST.fullmatch(os.environ.get("GITHUB_REF", "")):
        return int(found[1])
    raise CommandError(
        "--pull-request: must be given outside an event of a pull request (got nothing). Give its number.",
        ExitCode.SETTINGS,
    )


def checked_out(branch: str | None, base: str | None) -> tuple[str, str]:
    """Return the branch and the commit of a checkout: the given ones, or those of the workflow. Raises CommandError."""
    environment = os.environ
    if branch is None and environment.get("GITHUB_REF_TYPE") == "branch":
        branch = environment.get("GITHUB_REF_NAME")
    base = base or environment.get("GITHUB_SHA")
    if not branch or not base:
        raise CommandError(
            "--branch, --base: must be given outside a workflow of a branch (got nothing). Give the branch and the "
            "commit of the checkout.",
            ExitCode.SETTINGS,
        )
    return branch, base


def _marker_line(marker: str) -> str:
    return f"<!-- tierup:{marker} -->"


def _is_throttled(answer: requests.Response) -> bool:
    if answer.status_code not in (403, 429):
        return False
    return (
        answer.status_code == 429
        or "retry-after" in answer.headers
        or answer.headers.get("x-ratelimit-remaining") == "0"
        or "rate limit" in _message(answer)
    )


def _delay(answer: requests.Response, attempt: int, *, repeats_failures: bool) -> float | None:
    """Return the seconds until a request may be repeated, or None if repeating it is useless."""
    if _is_throttled(answer):
        if after := answer.headers.get("retry-after"):
            return float(after)
        if answer.headers.get("x-ratelimit-remaining") == "0":
            return max(1.0, float(answer.headers.get("x-ratelimit-reset", "0")) - time.time() + 1)
        return 60.0 * attempt  # GitHub asks for at least a minute, and for longer waits after each attempt
    if answer.status_code >= 500 and repeats_failures:
        return 2.0**attempt
    return None


def _message(answer: requests.Response) -> str:
    try:
        document: Any = answer.json()
    except ValueError:
        return ""
    return str(document.get("message", ""))[:300] if isinstance(document, dict) else ""
