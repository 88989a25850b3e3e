"""Files of a build: types, Cache-Control, compression, and folders that are rejected."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.tierup.site.conftest import IMMUTABLE, PAGE, TABLE
from tierup.deployment.errors import CommandError
from tierup.program_settings import Phase, parse_settings
from tierup.site.caching import LARGEST_COMPRESSED_BYTES, caching_table, content_type
from tierup.site.files import read_folder

CONFIG = {
    "aws:region": "eu-west-1",
    "tierup:phase": "mvp",
    "tierup:tier": "small",
    "tierup:domain": "app.example.com",
    "tierup:alertEmail": "ops@example.com",
    "tierup:atlasOrgId": "5f3b0c2e9d1a4b7c8e6f0a12",
}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("assets/app.mjs", "text/javascript; charset=utf-8"),
        ("assets/app.css", "text/css; charset=utf-8"),
        ("assets/app.js.map", "application/json"),
        ("site.webmanifest", "application/manifest+json"),
        ("assets/font.woff2", "font/woff2"),
        ("logo.svg", "image/svg+xml"),
        ("module.wasm", "application/wasm"),
        (".well-known/apple-app-site-association", "application/json"),
        ("robots.txt", "text/plain; charset=utf-8"),
        ("LICENSE", "application/octet-stream"),
    ],
)
def test_content_types_do_not_depend_on_the_machine(key: str, expected: str) -> None:
    assert content_type(key) == expected


def _table(phase: Phase, **config: str) -> dict[str, str]:
    given = CONFIG | {
        "tierup:phase": phase,
        "tierup:tier": "medium",
        **{f"tierup:{key}": value for key, value in config.items()},
    }
    table = caching_table(parse_settings(given, "dev"))
    keys = ("assets/a.js", "index.html", "fonts/a.woff2", "images/a.png", ".well-known/security.txt")
    return {key: table.cache_control(key) for key in keys}


def test_cache_control_follows_the_rules_of_the_cdn() -> None:
    simple, by_path = _table(Phase.MVP), _table(Phase.ENTERPRISE, tier="medium")
    assert simple["assets/a.js"] == by_path["assets/a.js"] == IMMUTABLE
    assert simple["index.html"] == PAGE
    assert by_path["index.html"] == f"{PAGE}, stale-while-revalidate=600, stale-if-error=86400"
    assert by_path["images/a.png"] == "public, max-age=0, s-maxage=86400, stale-while-revalidate=86400"
    assert by_path[".well-known/security.txt"] == "public, max-age=0, s-maxage=3600"


def test_a_setting_comes_before_the_table() -> None:
    table = _table(Phase.MVP, siteCacheControl=f'{{"/fonts/*": "{IMMUTABLE}"}}')
    assert table["fonts/a.woff2"] == IMMUTABLE
    assert table["index.html"] == PAGE


def test_a_large_text_file_is_compressed_where_the_cdn_does_not(tmp_path: Path) -> None:
    content = b"x" * (LARGEST_COMPRESSED_BYTES + 1)
    for name in ("index.html", "data.json", "data.bin"):
        (tmp_path / name).write_bytes(b"page" if name == "index.html" else content)
    by_key = {file.key: file for file in read_folder(tmp_path, TABLE, compress_large=True)}
    assert {key: file.entry.content_encoding for key, file in by_key.items()} == {
        "data.bin": None,
        "data.json": "gzip",
        "index.html": None,
    }
    assert gzip.decompress(by_key["data.json"].body()) == content
    assert by_key["data.json"].entry.size == len(by_key["data.json"].body())
    assert {file.entry.content_encoding for file in read_folder(tmp_path, TABLE, compress_large=False)} == {None}


def test_files_of_the_machine_are_skipped(tmp_path: Path) -> None:
    for name in ("index.html", ".DS_Store", ".well-known/security.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    keys = [file.key for file in read_folder(tmp_path, TABLE, compress_large=True)]
    assert keys == [".well-known/security.txt", "index.html"]


def test_folders_that_are_no_built_site_are_rejected(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="DIR: not a folder"):
        read_folder(tmp_path / "dist", TABLE, compress_large=True)
    with pytest.raises(CommandError, match=r"DIR: the folder has no index.html"):
        read_folder(tmp_path, TABLE, compress_large=True)
    (tmp_path / "index.html").write_text("x")
    (tmp_path / ".releases").mkdir()
    with pytest.raises(CommandError, match=r"DIR: the folder contains .releases/"):
        read_folder(tmp_path, TABLE, compress_large=True)
