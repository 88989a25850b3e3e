"""Shows an operation while it runs: a live view on a terminal, plain lines everywhere else."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.spinner import Spinner
from rich.text import Text

from tierup.deployment.progress import MANDATORY, ROOT, Diagnostic, Progress, Step, Violation, name_of, type_of

HEARTBEAT_SECONDS = 10.0
_SHOWN_RUNNING = 8
_SHOWN_PROPERTIES = 6

# op → (sign, style, past tense, in a preview)
_WORDS = {
    "create": ("+", "green", "created", "create"),
    "create-replacement": ("+", "magenta", "created as replacement", "replace"),
    "import": ("=", "green", "imported", "import"),
    "import-replacement": ("=", "magenta", "imported as replacement", "import as replacement"),
    "update": ("~", "yellow", "updated", "update"),
    "delete": ("-", "red", "deleted", "delete"),
    "delete-replaced": ("-", "magenta", "deleted after replacement", "delete after replacement"),
    "replace": ("±", "magenta", "replaced", "replace"),
    "refresh": ("~", "yellow", "refreshed", "refresh"),
}


class Display(Protocol):
    """What an operation tells of itself."""

    def say(self, sentence: str) -> None:
        """Something to know, now."""
        ...

    def tick(self) -> None:
        """Called ten times a second, for what shows the time."""
        ...


def words_of(op: str) -> tuple[str, str, str, str]:
    """Sign, style, past tense and plan of an operation of the engine."""
    return _WORDS.get(op, ("·", "default", op, op))


class Lines:
    """One line a resource that was changed, and a sign of life at least every ten seconds."""

    def __init__(self, console: Console, progress: Progress, *, previews: bool, diff: bool) -> None:
        self._console = console
        self._progress = progress
        self._previews = previews
        self._diff = diff
        self._last = time.monotonic()
        progress.on_step = self._step
        progress.on_violation = self._violation
        progress.on_diagnostic = self._diagnostic

    def say(self, sentence: str) -> None:
        """One line."""
        self._print(escape(sentence))

    def tick(self) -> None:
        """The sign of life, when it is time."""
        if time.monotonic() - self._last >= HEARTBEAT_SECONDS:
            self._print(f"[dim]… {escape(under_way(self._progress))}[/dim]")

    def _step(self, step: Step) -> None:
        if step.type != ROOT:
            self._print(step_line(step, previews=self._previews, diff=self._diff))

    def _violation(self, violation: Violation) -> None:
        # What does not stop anything is told in short at the end.
        if violation.level == MANDATORY:
            self._print(violation_line(violation))

    def _diagnostic(self, diagnostic: Diagnostic) -> None:
        # Errors are shown together at the end, by resource.
        if diagnostic.severity == "info":
            self._print(f"[dim]{escape(diagnostic.message)}[/dim]")

    def _print(self, line: str) -> None:
        self._last = time.monotonic()
        self._console.print(line, highlight=False, soft_wrap=True)


class LiveLines(Lines):
    """The same lines above, and below them what is under way."""

    def __init__(self, console: Console, progress: Progress, *, previews: bool, diff: bool) -> None:
        super().__init__(console, progress, previews=previews, diff=diff)
        self._spinner = Spinner("dots")

    def tick(self) -> None:
        """Nothing: the live view redraws itself."""

    def __rich__(self) -> RenderableType:
        now = time.monotonic()
        rows: list[RenderableType] = []
        busy = _busy(self._progress)
        for step in busy[:_SHOWN_RUNNING]:
            sign, style, _, _ = words_of(step.op)
            rows.append(
                Text.assemble((f"{sign} ", style), step.name, (f" {step.type} {now - step.started:.0f} s", "dim"))
            )
        if len(busy) > _SHOWN_RUNNING:
            rows.append(Text(f"  and {len(busy) - _SHOWN_RUNNING} more", style="dim"))
        self._spinner.update(text=Text(f"{under_way(self._progress, names=False)}", style="dim"))
        return Group(*rows, self._spinner)


@contextmanager
def shown(console: Console, progress: Progress, *, previews: bool, diff: bool) -> Generator[Display]:
    """The display that fits the console, for the time of an operation."""
    if not console.is_terminal:
        yield Lines(console, progress, previews=previews, diff=diff)
        return
    lines = LiveLines(console, progress, previews=previews, diff=diff)
    with Live(
        lines, console=console, refresh_per_second=8, transient=True, redirect_stdout=False, redirect_stderr=False
    ):
        yield lines


def under_way(progress: Progress, *, names: bool = True) -> str:
    """One line on where the operation is."""
    seconds = time.monotonic() - progress.started
    running = _busy(progress)
    line = f"{seconds:.0f} s, {progress.seen} resources done, {len(running)} under way"
    if names and running:
        now = time.monotonic()
        line += ": " + ", ".join(f"{step.name} ({now - step.started:.0f} s)" for step in running[:3])
    return line


def _busy(progress: Progress) -> list[Step]:
    """What is under way, the oldest first: the stack itself always is, and "replace" is only a heading."""
    running = list(progress.running.values())  # at once: another thread redraws while events come in
    busy = [step for step in running if step.op not in ("same", "replace") and step.type != ROOT]
    return sorted(busy, key=lambda step: step.started)


def step_line(step: Step, *, previews: bool, diff: bool) -> str:
    """A finished step in one line of rich markup; with `diff` also the properties that changed."""
    sign, style, done, planned = words_of(step.op)
    word = "[bold red]failed[/bold red]" if step.failed else planned if previews else done
    took = f" [dim]({step.seconds:.1f} s)[/dim]" if step.seconds and step.seconds >= 0.1 and not previews else ""
    line = f"[{style}]{sign}[/{style}] {escape(step.name)} [dim]{escape(step.type)}[/dim] {word}{took}"
    if step.changed and (diff or step.op == "update"):
        shown = step.changed if diff else step.changed[:_SHOWN_PROPERTIES]
        more = "" if len(shown) == len(step.changed) else f" and {len(step.changed) - len(shown)} more"
        line += f" [dim]{escape(', '.join(shown))}{more}[/dim]"
    return line


def violation_line(violation: Violation) -> str:
    """A broken rule: its id, the resource and the remedy, in rich markup."""
    style = "red" if violation.level == MANDATORY else "yellow"
    where = f"{name_of(violation.urn)} ({type_of(violation.urn)})" if violation.urn else "the stack"
    text = "\n    ".join(escape(line) for line in violation.message.splitlines() if line.strip())
    return f"[{style}]policy {escape(violation.policy)}[/{style}] {escape(where)}, {violation.level}\n    {text}"
