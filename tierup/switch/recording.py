"""Records the program's resources for several configurations, in a separate process.

A recording leaves mocks in Pulumi's runtime and the program's modules in Python, and neither may meet an operation of
the engine.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from typing import Any, cast

from pulumi.output import Unknown

from tierup.cost.rules import PricedResource
from tierup.deployment.progress import UNKNOWN
from tierup.switch.config_values import Config, raw_text

Recording = Sequence[PricedResource]
"""The program's resources, with inputs as `plain` returns them."""


@contextmanager
def record_in_background(configs: Sequence[Config], *, project: str, stack: str) -> Generator[Future[list[Recording]]]:
    """Yield the future of the recordings, one for each configuration."""
    texts = [raw_text(config) for config in configs]
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        yield pool.submit(record_texts, texts, project, stack)


def record(configs: Sequence[Config], *, project: str, stack: str) -> list[Recording]:
    """Return the recordings, one for each configuration, made in this process."""
    return record_texts([raw_text(config) for config in configs], project, stack)


def record_texts(
    texts: Sequence[tuple[Mapping[str, str], frozenset[str]]], project: str, stack: str
) -> list[Recording]:
    """Return the recordings for raw configurations with their secret keys."""
    from tierup.mocked_program import list_configured_resources

    return [
        [
            replace(each, inputs=cast("Mapping[str, Any]", plain(each.inputs)))
            for each in list_configured_resources(text, secret_keys=secret_keys, project=project, stack=stack)
        ]
        for text, secret_keys in texts
    ]


def plain(value: Any) -> Any:
    """Return a recorded value as JSON, in which everything that only a cloud knows is UNKNOWN."""
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in cast("Sequence[Any]", value)]
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    return f"<{type(value).__name__}>"  # an asset or an archive
