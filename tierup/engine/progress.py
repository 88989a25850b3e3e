"""Shows the progress of a long step: a spinner with a message on a terminal, plain lines elsewhere."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Generator

from rich.console import Console


@contextlib.contextmanager
def console_progress() -> Generator[Callable[[str], None]]:
    """Yield a `progress` function for `find_or_install` that writes to standard error."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield lambda sentence: print(sentence, file=sys.stderr, flush=True)
        return
    with contextlib.ExitStack() as stack:
        status = console.status("")
        showing = False

        def notify(sentence: str) -> None:
            nonlocal showing
            if not showing:  # the spinner starts with the first message
                stack.enter_context(status)
                showing = True
            status.update(sentence)

        yield notify
