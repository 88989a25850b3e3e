"""`tierup github`: comments and issues that are updated in place."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tierup.cli.errors import handle_errors, usage_error
from tierup.cli.options import AsJson

if TYPE_CHECKING:
    from tierup.ci.github import Posted

app = typer.Typer(
    name="github",
    help="Comment on a pull request and open issues, from a workflow.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Body = Annotated[Path | None, typer.Option("--body", metavar="FILE", help="The Markdown text; - reads standard input.")]
Marker = Annotated[
    str, typer.Option("--marker", help="The name by which the next run finds the comment or issue again.")
]
Repository = Annotated[
    str | None,
    typer.Option("--repository", metavar="OWNER/NAME", help="The repository.", show_default="GITHUB_REPOSITORY"),
]
Author = Annotated[
    str, typer.Option("--author", metavar="LOGIN", help="The account of the token, whose texts are updated.")
]
PullRequest = Annotated[
    int | None,
    typer.Option("--pull-request", min=1, help="The number.", show_default="that of the event"),
]
HeadSha = Annotated[
    str | None,
    typer.Option("--head-sha", metavar="SHA", help="Reject a pull request whose head is another commit."),
]
IssueTitle = Annotated[str, typer.Option("--title", help="The title of the issue.")]
Labels = Annotated[list[str] | None, typer.Option("--label", help="A label for a new issue; repeat for several.")]
Close = Annotated[bool, typer.Option("--close", help="Close the open issue, if there is one, instead.")]

_BOT = "github-actions[bot]"


@app.command()
def comment(
    body: Body = None,
    marker: Marker = "report",
    pull_request: PullRequest = None,
    head_sha: HeadSha = None,
    repository: Repository = None,
    author: Author = _BOT,
    as_json: AsJson = False,
) -> None:
    """Create one comment on a pull request, or update it. The token is in GITHUB_TOKEN (pull-requests: write).

    In a workflow that another one triggers (workflow_run), it is the open pull request whose head the other one tested.
    """
    with handle_errors(as_json=as_json):
        from tierup.ci.github import Posted, open_repository, pull_request_number, workflow_run

        text = _text(body)
        client = open_repository(repository, author)
        run = workflow_run() if pull_request is None else None
        number = client.pull_request_of(run) if run else pull_request or pull_request_number()
        if number is None:
            posted = Posted(result="absent", number=None, url=None)
        else:
            posted = client.comment(number, marker, text, head_sha=head_sha)
        _print("comment on pull request", posted, as_json=as_json)


@app.command()
def issue(
    body: Body = None,
    marker: Marker = "report",
    title: IssueTitle = "Report of tierup",
    label: Labels = None,
    close: Close = False,
    repository: Repository = None,
    author: Author = _BOT,
    as_json: AsJson = False,
) -> None:
    """Create one issue, or update it while it is open. The token is in GITHUB_TOKEN (issues: write)."""
    with handle_errors(as_json=as_json):
        from tierup.ci.github import open_repository

        client = open_repository(repository, author)
        if close:
            text = _text(body) if body is not None else "Resolved."
            posted = client.close_issue(marker, text)
        else:
            posted = client.open_issue(marker, title, _text(body), label or ())
        _print("issue", posted, as_json=as_json)


def _text(body: Path | None) -> str:
    if body is None:
        raise usage_error("--body: must be given (got nothing). Give a file with the Markdown text, or - for stdin.")
    if str(body) == "-":
        return sys.stdin.read()
    try:
        return body.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise usage_error(f"--body: no such file (got {body}). Give a file with the Markdown text.") from error


def _print(what: str, posted: Posted, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"result": posted.result, "number": posted.number, "url": posted.url}, indent=2))
    elif posted.number is None:
        print(f"No {what} to change; nothing was changed.")
    else:
        print(f"{what.capitalize()} {posted.number} {posted.result}: {posted.url}")
