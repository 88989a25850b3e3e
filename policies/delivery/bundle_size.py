"""DEL-007: what a browser must load before the site starts keeps within a budget."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from ..rule import (
    ChecklistItem,
    Finding,
    Indeterminate,
    Level,
    Parameter,
    Parameters,
    ProjectFiles,
    ProjectRule,
    Severity,
)

BUDGET = Parameter(
    "bundleBytes",
    {"type": "integer", "minimum": 1},
    250_000,
    "The largest size in bytes, compressed by gzip, of the scripts and styles that an entry page loads at once.",
)
MANIFEST = Parameter(
    "manifestPath",
    {"type": "string"},
    "",
    "The build's manifest, from the project's folder; empty means wherever Vite or Create React App usually put it.",
)
# Vite (build.manifest), Create React App. No deeper: a search below node_modules takes minutes.
USUAL = tuple(
    f"{folder}{name}"
    for folder in ("", "*/", "*/*/")
    for name in ("dist/.vite/manifest.json", "build/.vite/manifest.json", "build/asset-manifest.json")
)
LARGEST = 20_000_000  # bytes of one file that are still looked at
LOADED = (".js", ".mjs", ".css")


def check(project: ProjectFiles, parameters: Parameters) -> Iterator[Finding]:
    given = parameters[MANIFEST.name]
    manifests = project.files(given) if given else project.files(*USUAL)
    if not manifests:
        raise Indeterminate(
            f"there is no {given}" if given else "no build of a site is in the project; run it with a manifest first"
        )
    budget = parameters[BUDGET.name]
    for manifest in manifests:
        folder = manifest.parent.parent if manifest.parent.name == ".vite" else manifest.parent
        for entry, files in _entries(project, manifest).items():
            size = sum(_compressed(project, folder, name) for name in sorted(files) if name.endswith(LOADED))
            if size > budget:
                yield Finding(f"{project.named(manifest)}: {entry}", f"{size} bytes, compressed", f"{budget} or less")


def _entries(project: ProjectFiles, manifest: Path) -> dict[str, set[str]]:
    """By entry, the files that it loads at once, from the folder of the build."""
    try:
        document = json.loads(manifest.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise Indeterminate(f"{project.named(manifest)} is not a manifest")
    if isinstance(points := document.get("entrypoints"), list):  # Create React App's
        return {"entrypoints": {str(each) for each in points}}
    chunks = {str(key): chunk for key, chunk in document.items() if isinstance(chunk, dict)}
    return {key: _loaded(chunks, key) for key, chunk in chunks.items() if chunk.get("isEntry")}


def _loaded(chunks: dict[str, dict[str, Any]], entry: str) -> set[str]:
    """The files of a Vite chunk and of all that it imports; what it imports dynamically comes later."""
    files: set[str] = set()
    seen, waiting = {entry}, [entry]
    while waiting:
        chunk = chunks.get(waiting.pop(), {})
        files.update(str(each) for each in (chunk.get("file"), *(chunk.get("css") or ())) if each)
        imports = {str(each) for each in chunk.get("imports") or ()} - seen
        seen |= imports
        waiting.extend(imports)
    return files


def _compressed(project: ProjectFiles, folder: Path, name: str) -> int:
    file = (folder / name.lstrip("/")).resolve()
    if not file.is_relative_to(folder.resolve()) or not file.is_file():
        raise Indeterminate(f"the manifest names {name}, which is not in {project.named(folder)}")
    if file.stat().st_size > LARGEST:
        return file.stat().st_size  # over any budget, compressed or not
    return len(gzip.compress(file.read_bytes(), mtime=0))


RULE = ProjectRule(
    id="DEL-007",
    name="bundle-size",
    title="The scripts and styles that a page loads at once keep within a budget.",
    item=ChecklistItem.BUNDLE_SIZE,
    severity=Severity.LOW,
    check=check,
    remediation="Import dynamically what few users need; a bundle visualizer shows what is largest.",
    example="""# vite.config.js:  build: {manifest: true}
# a part that few need:  const Reports = lazy(() => import("./Reports"))""",
    # webpack warns from 250000 bytes on an entry point, before compression; ours counts what goes over the wire.
    source="https://v4.webpack.js.org/configuration/performance",
    read=date(2026, 11, 24),
    parameters=(BUDGET, MANIFEST),
    unproven="How long a browser needs for it. Where no build is in the project, everything.",
    level=Level.ADVISORY,
)
