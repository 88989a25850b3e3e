"""DEL-007: the scripts and styles that an entry page loads stay within a size budget."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from ..inputs import as_list
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
    "Maximum size in bytes, compressed with gzip, of the scripts and styles that an entry page loads immediately.",
)
MANIFEST = Parameter(
    "manifestPath",
    {"type": "string"},
    "",
    "Path of the build's manifest, relative to the project; empty means the defaults of Vite and Create React App.",
)
# Of Vite (build.manifest) and Create React App. A deeper search would take minutes below node_modules.
DEFAULT_MANIFESTS = tuple(
    f"{folder}{name}"
    for folder in ("", "*/", "*/*/")
    for name in ("dist/.vite/manifest.json", "build/.vite/manifest.json", "build/asset-manifest.json")
)
MAXIMUM_FILE_BYTES = 20_000_000  # a larger file counts uncompressed
LOADED = (".js", ".mjs", ".css")


def check(project: ProjectFiles, parameters: Parameters) -> Iterator[Finding]:
    given = parameters[MANIFEST.name]
    manifests = project.files(given) if given else project.files(*DEFAULT_MANIFESTS)
    if not manifests:
        raise Indeterminate(
            f"{given} does not exist"
            if given
            else "the project contains no build with a manifest; build the site first"
        )
    budget = parameters[BUDGET.name]
    for manifest in manifests:
        folder = manifest.parent.parent if manifest.parent.name == ".vite" else manifest.parent
        for entry, files in _entries(project, manifest).items():
            size = sum(_compressed(project, folder, name) for name in sorted(files) if name.endswith(LOADED))
            if size > budget:
                yield Finding(f"{project.named(manifest)}: {entry}", f"{size} bytes, compressed", f"{budget} or less")


def _entries(project: ProjectFiles, manifest: Path) -> dict[str, set[str]]:
    """Return, by entry, the files that it loads immediately, relative to the folder of the build."""
    try:
        document = json.loads(manifest.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise Indeterminate(f"{project.named(manifest)} is not a build manifest")
    if isinstance(points := document.get("entrypoints"), list):  # Create React App
        return {"entrypoints": {str(each) for each in points}}
    chunks = {str(key): chunk for key, chunk in document.items() if isinstance(chunk, dict)}
    return {key: _loaded(chunks, key) for key, chunk in chunks.items() if chunk.get("isEntry")}


def _loaded(chunks: dict[str, dict[str, Any]], entry: str) -> set[str]:
    """Return the files of a Vite chunk and of the chunks that it imports statically."""
    files: set[str] = set()
    seen, pending = {entry}, [entry]
    while pending:
        chunk = chunks.get(pending.pop(), {})
        files.update(str(each) for each in (chunk.get("file"), *as_list(chunk.get("css"), f"{entry}: css")) if each)
        imports = {str(each) for each in as_list(chunk.get("imports"), f"{entry}: imports")} - seen
        seen |= imports
        pending.extend(imports)
    return files


def _compressed(project: ProjectFiles, folder: Path, name: str) -> int:
    file = (folder / name.lstrip("/")).resolve()
    if not file.is_relative_to(folder.resolve()) or not file.is_file():
        raise Indeterminate(f"the manifest names {name}, which is not in {project.named(folder)}")
    if file.stat().st_size > MAXIMUM_FILE_BYTES:
        return file.stat().st_size  # exceeds any budget, even when compressed
    return len(gzip.compress(file.read_bytes(), mtime=0))


RULE = ProjectRule(
    id="DEL-007",
    name="bundle-size",
    title="The scripts and styles that an entry page loads stay within the size budget.",
    item=ChecklistItem.BUNDLE_SIZE,
    severity=Severity.LOW,
    check=check,
    remediation="Load rarely used code with dynamic imports; use a bundle visualizer to find the largest modules.",
    example="""# vite.config.js:  build: {manifest: true}
# a part that few need:  const Reports = lazy(() => import("./Reports"))""",
    # webpack warns above 250000 bytes per entry point before compression; this rule counts the compressed size.
    source="https://v4.webpack.js.org/configuration/performance",
    read=date(2026, 11, 24),
    parameters=(BUDGET, MANIFEST),
    unproven=(
        "The rule does not see how long a browser takes to load the page, and sees nothing without a build in the "
        "project."
    ),
    level=Level.ADVISORY,
)
