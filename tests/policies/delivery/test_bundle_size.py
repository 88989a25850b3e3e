from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from policies.delivery.bundle_size import RULE
from policies.rule import Outcome
from tests.policies.delivery.projects import evaluate

# gzip compresses random letters to about 0.6 of their size.
_RANDOM = random.Random(1)  # noqa: S311 - no secret
LARGE = "".join(_RANDOM.choices("abcdefghijklmnopqrstuvwxyz", k=200_000))
MANIFEST = {
    "index.html": {"file": "assets/main.js", "isEntry": True, "imports": ["_shared.js"], "css": ["assets/main.css"]},
    "_shared.js": {"file": "assets/shared.js", "imports": ["index.html"]},
    "reports.js": {"file": "assets/reports.js", "isDynamicEntry": True},
}


def vite(folder: str = "site/", **files: str) -> dict[str, str]:
    names = {"main.js": "a", "shared.js": "b", "main.css": "c", "reports.js": LARGE * 3, **files}
    built = {f"{folder}dist/assets/{name.replace('_', '.')}": text for name, text in names.items()}
    return {f"{folder}dist/.vite/manifest.json": json.dumps(MANIFEST), **built}


@pytest.mark.parametrize("folder", ["", "site/", "apps/site/"])
def test_small_bundle_passes_and_dynamic_imports_do_not_count(tmp_path: Path, folder: str) -> None:
    assert evaluate(RULE, tmp_path, vite(folder)).outcome is Outcome.PASS


@pytest.mark.parametrize("part", ["main_js", "shared_js", "main_css"])
def test_each_immediately_loaded_file_counts(tmp_path: Path, part: str) -> None:
    verdict = evaluate(RULE, tmp_path, vite(**{part: LARGE * 3}))
    assert verdict.findings[0].path == "site/dist/.vite/manifest.json: index.html"


def test_compressed_size_counts(tmp_path: Path) -> None:
    assert evaluate(RULE, tmp_path, vite(main_js="a" * 1_000_000)).outcome is Outcome.PASS


def test_budget_is_configurable(tmp_path: Path) -> None:
    assert evaluate(RULE, tmp_path, vite(), {"bundleBytes": 60, "manifestPath": ""}).outcome is Outcome.FAIL


def test_create_react_app_manifest_is_read(tmp_path: Path) -> None:
    files = {
        "build/asset-manifest.json": json.dumps({"files": {}, "entrypoints": ["static/js/main.js"]}),
        "build/static/js/main.js": LARGE * 3,
    }
    assert evaluate(RULE, tmp_path, files).outcome is Outcome.FAIL


def test_manifest_path_is_configurable(tmp_path: Path) -> None:
    files = {path.replace("site/dist", "web/out"): text for path, text in vite(main_js=LARGE * 3).items()}
    parameters = {"bundleBytes": 250_000, "manifestPath": "web/out/.vite/manifest.json"}
    assert evaluate(RULE, tmp_path, files, parameters).outcome is Outcome.FAIL
    assert evaluate(RULE, tmp_path, files).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("text", ["no json", "[]"])
def test_invalid_manifest_evaluates_to_unknown(tmp_path: Path, text: str) -> None:
    assert evaluate(RULE, tmp_path, {"dist/.vite/manifest.json": text}).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("name", ["assets/missing.js", "../../../outside.js"])
def test_file_outside_the_build_evaluates_to_unknown(tmp_path: Path, name: str) -> None:
    files = {
        "outside.js": LARGE,
        "a/b/dist/.vite/manifest.json": json.dumps({"index.html": {"file": name, "isEntry": True}}),
    }
    verdict = evaluate(RULE, tmp_path, files)
    assert verdict.outcome is Outcome.UNKNOWN
    assert name in verdict.reason


def test_project_without_a_build_evaluates_to_unknown(tmp_path: Path) -> None:
    verdict = evaluate(RULE, tmp_path, {"site/package.json": "{}"})
    assert verdict.outcome is Outcome.UNKNOWN
    assert "no build" in verdict.reason
