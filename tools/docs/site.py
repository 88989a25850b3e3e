"""MkDocs hooks for the site: folders in the navigation, and links to files outside of docs/.

mkdocs.yml names this file. On GitHub the documents link to source files by relative paths. The site holds no source
files, so such a link becomes a link into the repository if mkdocs.yml has a `repo_url`, and plain text otherwise.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

# MkDocs shows and, in a strict build, counts the warnings of loggers below its own.
LOG = logging.getLogger("mkdocs.hooks.site")
INDEX = "README.md"
LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<path>(?:\.\./)+[^)\s#]+)(?P<anchor>#[^)\s]*)?\)")
PAGE_LINK = re.compile(r"\]\((?P<path>[\w./-]+\.md)\b")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def on_config(config: Any) -> Any:
    """Replace each folder in the navigation by its pages."""
    if config.nav is not None:
        config.nav = [_expanded(entry, Path(config.docs_dir)) for entry in config.nav]
    return config


def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> str:
    """Return the page with its links to files outside of docs/ replaced."""
    docs = Path(config.docs_dir).resolve()
    source = docs / page.file.src_uri
    parts: list[str] = []
    end = 0
    for fence in FENCE.finditer(markdown):
        parts += [_without_outside_links(markdown[end : fence.start()], source, docs, config.repo_url), fence[0]]
        end = fence.end()
    return "".join([*parts, _without_outside_links(markdown[end:], source, docs, config.repo_url)])


def _expanded(entry: Any, docs: Path) -> Any:
    if not isinstance(entry, Mapping):
        return entry
    return {
        title: list(_pages(docs / target, docs)) if isinstance(target, str) and target.endswith("/") else target
        for title, target in entry.items()
    }


def _pages(folder: Path, docs: Path) -> Iterator[str | Mapping[str, Sequence[Any]]]:
    """Yield a folder's index, its pages in the order of docs/README.md, and then its folders."""
    order = [docs / link for link in PAGE_LINK.findall((docs / INDEX).read_text(encoding="utf-8"))]
    for page in sorted(
        folder.glob("*.md"),
        key=lambda path: (path.name != INDEX, order.index(path) if path in order else len(order), path.name),
    ):
        yield page.relative_to(docs).as_posix()
    for below in sorted(path for path in folder.iterdir() if path.is_dir()):
        yield {below.name.replace("-", " ").capitalize(): list(_pages(below, docs))}


def _without_outside_links(text: str, source: Path, docs: Path, repo_url: str | None) -> str:
    def replaced(found: re.Match[str]) -> str:
        target = (source.parent / found["path"]).resolve()
        if target.is_relative_to(docs):
            return found[0]
        if not target.exists():
            LOG.warning("%s: the link %s leads to no file", source.relative_to(docs), found["path"])
        if repo_url is None:
            return found["text"]
        return f"[{found['text']}]({repo_url.rstrip('/')}/blob/main/{target.relative_to(docs.parent).as_posix()})"

    return LINK.sub(replaced, text)
