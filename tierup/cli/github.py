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

    In a workflow of the event workflow_run, the default is the open pull request whose head the triggering run tested.
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


@app.command()
def commit(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file, in the folder of the checkout.")],
    message: Annotated[str, typer.Option("--message", "-m", help="The message of the commit.")],
    branch: Annotated[
        str | None, typer.Option("--branch", help="The branch.", show_default="GITHUB_REF_NAME of a branch")
    ] = None,
    base: Annotated[
        str | None,
        typer.Option("--base", metavar="SHA", help="The commit of the checkout.", show_default="GITHUB_SHA"),
    ] = None,
    repository: Repository = None,
    as_json: AsJson = False,
) -> None:
    """Commit one changed file, such as a settings file after a release. The token needs contents: write.

    Nothing is committed if the file changed on the branch after the commit of the checkout.
    """
    with handle_errors(as_json=as_json):
        from tierup.ci.github import checked_out, open_repository

        path, content = _file_in_checkout(file)
        branch, base = checked_out(branch, base)
        done = open_repository(repository, _BOT).commit_file(path, content, branch=branch, base=base, message=message)
        if as_json:
            print(json.dumps({"result": done.result, "path": done.path, "commit": done.commit}, indent=2))
        elif done.commit is None:
            print(f"{done.path} is the same on branch {branch}; nothing was committed.")
        else:
            print(f"Committed {done.path} to branch {branch}: {done.commit}")


def _file_in_checkout(file: Path) -> tuple[str, bytes]:
    """Return the path of a file below the checkout, and its content. Raises CommandError."""
    absolute = file.absolute()
    root = next((each for each in absolute.parents if (each / ".git").exists()), None)
    if root is None or not absolute.is_file():
        raise usage_error(f"FILE: not a file in a checkout (got {file}). Give a file of the repository.")
    return absolute.relative_to(root).as_posix(), absolute.read_bytes()


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
