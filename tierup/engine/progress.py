"""Progress of a long step on the console: a spinner with one sentence on a terminal, plain lines elsewhere."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Generator

from rich.console import Console


@contextlib.contextmanager
def console_progress() -> Generator[Callable[[str], None]]:
    """What `find_or_install` takes as its `progress`, writing to standard error."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield lambda sentence: print(sentence, file=sys.stderr, flush=True)
        return
    with contextlib.ExitStack() as stack:
        status = console.status("")
        showing = False

        def notify(sentence: str) -> None:
            nonlocal showing
            if not showing:  # a spinner only when there is something to wait for
                stack.enter_context(status)
                showing = True
            status.update(sentence)

        yield notify
