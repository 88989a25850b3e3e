"""One Markdown report for a pull request, from the JSON documents of `preview`, `cost --diff` and `check`.

The text in the documents may come from the program of a fork, so it is escaped: it mentions nobody, loads no image and
closes no block.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from tierup.ci.github import MAX_CHARACTERS
from tierup.cost.diff import as_markdown as cost_markdown
from tierup.deployment.display import operation_words
from tierup.deployment.errors import CommandError, ExitCode

_DANGEROUS: Final = ("delete", "replace", "create-replacement", "delete-replaced")
_MAX_IN_OPEN: Final = 20
_MAX_CHANGES: Final = 500
_SHORTENED: Final = "The details are longer than a comment allows. The log of the workflow run contains them."
_NO_RESULT: Final = "no result, because the step did not run or did not complete"

Document = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportSources:
    """The files that a report is made from. A file that is missing or empty is reported as a step without a result."""

    previews: Sequence[Path] = ()
    costs: Sequence[Path] = ()
    checks: Sequence[Path] = ()


def sources_in(folder: Path) -> ReportSources:
    """Return the files of each stack in a folder: `<stack>.preview.json`, `<stack>.cost.json`, `<stack>.check.json`.

    A stack that has one of them is expected to have a preview and a check. Raises CommandError if there are none.
    """
    found = {kind: sorted(folder.glob(f"*.{kind}.json")) for kind in ("preview", "cost", "check")}
    stacks = sorted({path.name.rsplit(".", 2)[0] for paths in found.values() for path in paths})
    if not stacks:
        raise CommandError(
            f"FOLDER: no results of a stack (got {folder}). Give a folder with files such as dev.preview.json.",
            ExitCode.SETTINGS,
        )
    return ReportSources(
        previews=[folder / f"{stack}.preview.json" for stack in stacks],
        costs=found["cost"],
        checks=[folder / f"{stack}.check.json" for stack in stacks],
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Block:
    """One part of the report."""

    summary: str  # one line of the list at the top
    body: str
    details: str  # left out if the report is too long


def compose(title: str, sources: ReportSources, *, run_url: str | None = None, limit: int = MAX_CHARACTERS) -> str:
    """Return the report, without the details of its last parts if it is too long for a comment.

    Raises:
        CommandError: a file does not contain a document of the command.
    """
    blocks = [
        *(_preview(path, _read(path, "--preview")) for path in sources.previews),
        *(_cost(path, _read(path, "--cost")) for path in sources.costs),
        *(_check(path, _read(path, "--check")) for path in sources.checks),
    ]
    for detailed in range(len(blocks), -1, -1):
        text = _join(title, blocks, detailed, run_url)
        if len(text) <= limit:
            return text
    return _cut(_join(title, blocks, 0, run_url), limit)


def _join(title: str, blocks: Sequence[_Block], detailed: int, run_url: str | None) -> str:
    """Return the report with the details of the first `detailed` parts."""
    lines = [f"## {text(title)}", "", *(f"- {block.summary}" for block in blocks), ""]
    for number, block in enumerate(blocks):
        lines += [block.body.rstrip(), ""] if block.body else []
        if block.details:
            lines += [block.details.rstrip() if number < detailed else f"_{_SHORTENED}_", ""]
    if run_url:
        lines.append(f"[Workflow run]({run_url})")
    return "\n".join(lines).rstrip() + "\n"


def _cut(report: str, limit: int) -> str:
    ending = f"\n\n_{_SHORTENED}_\n"
    kept = report[: limit - len(ending)]
    return kept[: kept.rfind("\n")] + ending


def _read(path: Path, option: str) -> Document | None:
    """Return the document in a file, or None if the file is missing or empty."""
    try:
        content = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    if not content.strip():
        return None
    try:
        document: object = json.loads(content)
    except ValueError as error:
        raise CommandError(
            f"{option}: not JSON (got {path}: {error}). Give the output of the command with --json."
        ) from (error)
    if not isinstance(document, dict):
        raise CommandError(
            f"{option}: not a JSON object (got {path}). Give the output of the command with --json.", ExitCode.SETTINGS
        )
    return cast("dict[str, Any]", document)


def _failed(what: str, document: Document | None) -> _Block | None:
    """Return the part for a command without a result, or None if there is one."""
    if document is None:
        return _Block(summary=f"❔ {what}: {_NO_RESULT}", body="", details="")
    error = document.get("error")
    if error:
        return _Block(summary=f"❌ {what}: exit code {document.get('exit_code')}", body=_fenced(str(error)), details="")
    return None


def _preview(path: Path, document: Document | None) -> _Block:
    stack = str((document or {}).get("stack") or path.stem.removesuffix(".preview"))
    what = f"Preview of stack {code(stack)}" + (" in the sandbox" if (document or {}).get("sandbox") else "")
    problem = _failed(what, document)
    if problem or document is None:
        return problem or _Block(summary=what, body="", details="")
    steps = [each for each in document.get("steps", ()) if each["operation"] != "refresh"]
    counts: Mapping[str, int] = document.get("changes", {})
    changes = ", ".join(f"{number} to {operation_words(op)[3]}" for op, number in counts.items()) or "no changes"
    dangerous = [each for each in steps if each["operation"] in _DANGEROUS]
    sign = "⚠️" if dangerous else "✅"
    body = ""
    if dangerous:
        body = "\n".join(
            [
                f"### Stack {code(stack)} deletes or replaces resources",
                "",
                *_steps(dangerous[:_MAX_IN_OPEN]),
                *([f"- and {len(dangerous) - _MAX_IN_OPEN} more"] if len(dangerous) > _MAX_IN_OPEN else []),
            ]
        )
    details = ""
    if steps:
        more = [f"- and {len(steps) - _MAX_CHANGES} more"] if len(steps) > _MAX_CHANGES else []
        details = _collapsed(f"Changes of stack {stack} ({len(steps)})", [*_steps(steps[:_MAX_CHANGES]), *more])
    return _Block(summary=f"{sign} {what}: {changes}", body=body, details=details)


def _steps(steps: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for each in steps:
        sign, _, _, word = operation_words(str(each["operation"]))
        properties = ", ".join(code(str(name)) for name in list(each.get("properties") or ())[:10])
        yield f"- {code(sign)} {word} {code(str(each['name']))} ({code(str(each['type']))})" + (
            f": {properties}" if properties and each["operation"] != "create" else ""
        )


def _cost(path: Path, document: Document | None) -> _Block:
    problem = _failed("Cost", document)
    if problem or document is None:
        return problem or _Block(summary=path.name, body="", details="")
    body = cost_markdown(_escaped(document))
    change = float(document["usd_a_month"])
    heading, _, rest = body.partition("\n")
    amount = heading.removeprefix("### Cost: ")
    sides = f"{code(str(document['before']['source']))} → {code(str(document['after']['source']))}"
    return _Block(
        summary=f"{'💰' if change else '✅'} Fixed monthly cost ({sides}): {amount}",
        body="",
        details=_collapsed(f"Cost: {amount}", rest.strip().splitlines()),
    )


def _check(path: Path, document: Document | None) -> _Block:
    problem = _failed("Policies", document)
    if problem or document is None:
        return problem or _Block(summary=path.name, body="", details="")
    failing = [each for section in document.get("sections", ()) for each in section["findings"] if each["fails"]]
    others = [each for section in document.get("sections", ()) for each in section["findings"] if not each["fails"]]
    body = ""
    if failing:
        body = "\n".join(["### Violated policies", "", *_findings(failing[:_MAX_IN_OPEN])])
        if len(failing) > _MAX_IN_OPEN:
            body += f"\n\nAnd {len(failing) - _MAX_IN_OPEN} more."
    details = _collapsed(f"Other findings ({len(others)})", list(_findings(others))) if others else ""
    sign = "❌" if document.get("exit_code") else "✅"
    return _Block(summary=f"{sign} Policies: {text(str(document.get('verdict', '')))}", body=body, details=details)


def _findings(findings: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield "| rule | resource | found | remediation |"
    yield "| --- | --- | --- | --- |"
    for each in findings:
        found = f"{each['path']} is {each['found']}"
        yield (
            f"| {text(each['rule'])} {text(each['name'])} | {code(str(each['resource'] or each['type']))} | "
            f"{text(found)} | {text(each['exception'] or each['remediation'])} |"
        )


def _escaped(document: Document) -> dict[str, Any]:
    """Return a cost document whose texts are safe in Markdown."""
    escaped: dict[str, Any] = json.loads(json.dumps(document))
    for line in escaped["lines"]:
        line["name"], line["what"] = text(str(line["name"])), text(str(line["what"]))
    return escaped


def _collapsed(summary: str, lines: Sequence[str]) -> str:
    return "\n".join([f"<details><summary>{text(summary)}</summary>", "", *lines, "", "</details>"])


def _fenced(content: str) -> str:
    """Return a code block that its content cannot close."""
    longest = max((len(run) for run in re.findall(r"`+", content)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{content.strip()[:4000]}\n{fence}"


def code(content: str) -> str:
    """Return a code span, in which GitHub resolves no mention and no link."""
    plain = " ".join(content.replace("`", "'").split()).replace("|", "\\|")
    return f"`{plain or ' '}`"


def text(content: str) -> str:
    """Return text without Markdown, HTML, mentions and references to issues."""
    plain = re.sub(r"([|`*_<>\[\]\\!])", r"\\\1", " ".join(content.split()))
    # A zero-width space separates the sign from the name, so that GitHub neither notifies a user nor links an issue.
    return re.sub(r"([@#])(?=\w)", "\\1\u200b", plain)
