"""Cache rules: TTLs, the Cache-Control header and validation."""

from __future__ import annotations

from typing import Any

import pytest

from components.cdn.cache_rules import ASSETS, PAGES, PAGES_SERVED_STALE, YEAR_SECONDS, CacheRule, check_rules

VALID: dict[str, Any] = {"name": "data", "path": "/data/*.json", "edge_seconds": 60}


@pytest.mark.parametrize(
    ("rule", "header"),
    [
        (ASSETS, "public, max-age=31536000, immutable"),
        (PAGES, "public, max-age=0, s-maxage=60"),
        (PAGES_SERVED_STALE, "public, max-age=0, s-maxage=60, stale-while-revalidate=600, stale-if-error=86400"),
    ],
)
def test_cache_control_header_of_a_rule(rule: CacheRule, header: str) -> None:
    assert rule.cache_control == header


def test_retention_covers_serving_stale() -> None:
    assert PAGES_SERVED_STALE.retention_seconds == 86_400
    assert PAGES_SERVED_STALE.serves_stale
    assert not PAGES.serves_stale


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"name": "Data"}, r"^name: .*\(got 'Data'\)"),
        ({"path": "data/*"}, r"^path: .*\(got 'data/\*'\)"),
        ({"path": '/a"b'}, r"^path: .*\(got '/a\"b'\)"),
        ({"path": "/a?b"}, r"^path: .*\(got '/a\?b'\)"),
        ({"edge_seconds": 0}, r"^edge_seconds: .*\(got 0\)\. Give 1 to"),
        ({"browser_seconds": -1}, r"^browser_seconds: .*data \(got -1\)"),
        ({"stale_while_revalidate_seconds": YEAR_SECONDS + 1}, "^stale_while_revalidate_seconds: .*data"),
        ({"stale_if_error_seconds": -1}, r"^stale_if_error_seconds: .*\(got -1\)"),
    ],
)
def test_invalid_arguments_are_rejected(change: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        CacheRule(**(VALID | change))


def test_duplicate_path_or_name_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"same path, .*\(got /assets/\*\)"):
        check_rules([ASSETS, CacheRule(name="other", path=ASSETS.path, edge_seconds=1)])
    with pytest.raises(ValueError, match=r"same name, .*\(got assets\)"):
        check_rules([ASSETS, CacheRule(name="assets", path="/other/*", edge_seconds=1)])
