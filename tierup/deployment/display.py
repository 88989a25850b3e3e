"""Shows the progress of an operation: a live view on a terminal, plain lines elsewhere."""

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
_MAX_RUNNING = 8
_MAX_PROPERTIES = 6

# The engine's operation → sign, style, past tense, and infinitive for a preview.
_OPERATIONS = {
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
    """Receives the messages of an operation."""

    def notify(self, message: str) -> None:
        """Show a message."""
        ...

    def tick(self) -> None:
        """Update what shows the elapsed time. Called ten times a second."""
        ...


def operation_words(op: str) -> tuple[str, str, str, str]:
    """Return sign, style, past tense and infinitive of an operation of the engine."""
    return _OPERATIONS.get(op, ("·", "default", op, op))


class LineDisplay:
    """Prints one line for each changed resource, and the status at least every ten seconds."""

    def __init__(self, console: Console, progress: Progress, *, previews: bool, diff: bool) -> None:
        self._console = console
        self._progress = progress
        self._previews = previews
        self._diff = diff
        self._last = time.monotonic()
        progress.on_step = self._step
        progress.on_violation = self._violation
        progress.on_diagnostic = self._diagnostic

    def notify(self, message: str) -> None:
        """Print the message as a line."""
        self._print(escape(message))

    def tick(self) -> None:
        """Print the status if nothing was printed for ten seconds."""
        if time.monotonic() - self._last >= HEARTBEAT_SECONDS:
            self._print(f"[dim]… {escape(status_line(self._progress))}[/dim]")

    def _step(self, step: Step) -> None:
        if step.type != ROOT:
            self._print(step_line(step, previews=self._previews, diff=self._diff))

    def _violation(self, violation: Violation) -> None:
        # The summary shows advisory violations.
        if violation.level == MANDATORY:
            self._print(violation_line(violation))

    def _diagnostic(self, diagnostic: Diagnostic) -> None:
        # The summary shows errors and warnings by resource.
        if diagnostic.severity == "info":
            self._print(f"[dim]{escape(diagnostic.message)}[/dim]")

    def _print(self, line: str) -> None:
        self._last = time.monotonic()
        self._console.print(line, highlight=False, soft_wrap=True)


class LiveDisplay(LineDisplay):
    """Prints the same lines, and below them the operations in progress."""

    def __init__(self, console: Console, progress: Progress, *, previews: bool, diff: bool) -> None:
        super().__init__(console, progress, previews=previews, diff=diff)
        self._spinner = Spinner("dots")

    def tick(self) -> None:
        """Do nothing: the live view redraws itself."""

    def __rich__(self) -> RenderableType:
        now = time.monotonic()
        rows: list[RenderableType] = []
        running = _in_progress(self._progress)
        for step in running[:_MAX_RUNNING]:
            sign, style, _, _ = operation_words(step.op)
            rows.append(
                Text.assemble((f"{sign} ", style), step.name, (f" {step.type} {now - step.started:.0f} s", "dim"))
            )
        if len(running) > _MAX_RUNNING:
            rows.append(Text(f"  and {len(running) - _MAX_RUNNING} more", style="dim"))
        self._spinner.update(text=Text(f"{status_line(self._progress, names=False)}", style="dim"))
        return Group(*rows, self._spinner)


@contextmanager
def show_operation(console: Console, progress: Progress, *, previews: bool, diff: bool) -> Generator[Display]:
    """Yield the display for the console, for the duration of an operation."""
    if not console.is_terminal:
        yield LineDisplay(console, progress, previews=previews, diff=diff)
        return
    lines = LiveDisplay(console, progress, previews=previews, diff=diff)
    with Live(
        lines, console=console, refresh_per_second=8, transient=True, redirect_stdout=False, redirect_stderr=False
    ):
        yield lines


def status_line(progress: Progress, *, names: bool = True) -> str:
    """Return the status of the operation in one line."""
    seconds = time.monotonic() - progress.started
    running = _in_progress(progress)
    line = f"{seconds:.0f} s, {progress.seen} resources done, {len(running)} in progress"
    if names and running:
        now = time.monotonic()
        line += ": " + ", ".join(f"{step.name} ({now - step.started:.0f} s)" for step in running[:3])
    return line


def _in_progress(progress: Progress) -> list[Step]:
    """Return the steps in progress, the oldest first, without the stack itself and the "replace" headings."""
    running = list(progress.running.values())  # a copy: another thread redraws while events arrive
    running = [step for step in running if step.op not in ("same", "replace") and step.type != ROOT]
    return sorted(running, key=lambda step: step.started)


def step_line(step: Step, *, previews: bool, diff: bool) -> str:
    """Return a finished step as one line of rich markup, with `diff` including all changed properties."""
    sign, style, past, infinitive = operation_words(step.op)
    word = "[bold red]failed[/bold red]" if step.failed else infinitive if previews else past
    took = f" [dim]({step.seconds:.1f} s)[/dim]" if step.seconds and step.seconds >= 0.1 and not previews else ""
    line = f"[{style}]{sign}[/{style}] {escape(step.name)} [dim]{escape(step.type)}[/dim] {word}{took}"
    if step.changed and (diff or step.op == "update"):
        shown = step.changed if diff else step.changed[:_MAX_PROPERTIES]
        more = "" if len(shown) == len(step.changed) else f" and {len(step.changed) - len(shown)} more"
        line += f" [dim]{escape(', '.join(shown))}{more}[/dim]"
    return line


def violation_line(violation: Violation) -> str:
    """Return a policy violation in rich markup: policy, resource and message."""
    style = "red" if violation.level == MANDATORY else "yellow"
    where = f"{name_of(violation.urn)} ({type_of(violation.urn)})" if violation.urn else "the stack"
    text = "\n    ".join(escape(line) for line in violation.message.splitlines() if line.strip())
    return f"[{style}]policy {escape(violation.policy)}[/{style}] {escape(where)}, {violation.level}\n    {text}"
