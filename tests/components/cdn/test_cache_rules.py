"""Cache rules: what the edge keeps, what the upload writes, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from components.cdn.cache_rules import ASSETS, PAGES, PAGES_SERVED_STALE, YEAR_SECONDS, CacheRule, check_rules

GOOD: dict[str, Any] = {"name": "data", "path": "/data/*.json", "edge_seconds": 60}


@pytest.mark.parametrize(
    ("rule", "header"),
    [
        (ASSETS, "public, max-age=31536000, immutable"),
        (PAGES, "public, max-age=0, s-maxage=60"),
        (PAGES_SERVED_STALE, "public, max-age=0, s-maxage=60, stale-while-revalidate=600, stale-if-error=86400"),
    ],
)
def test_the_upload_writes_what_both_cdns_obey(rule: CacheRule, header: str) -> None:
    assert rule.cache_control == header


def test_a_stale_file_must_be_kept_to_be_served() -> None:
    assert PAGES_SERVED_STALE.kept_seconds == 86_400
    assert PAGES_SERVED_STALE.serves_stale
    assert not PAGES.serves_stale


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"name": "Data"}, "name: got 'Data'"),
        ({"path": "data/*"}, "path: got 'data/\\*'"),
        ({"path": '/a"b'}, "path: got"),
        ({"path": "/a?b"}, "path: got"),
        ({"edge_seconds": 0}, "edge_seconds of data: got 0, allowed 1 to"),
        ({"browser_seconds": -1}, "browser_seconds of data"),
        ({"stale_while_revalidate_seconds": YEAR_SECONDS + 1}, "stale_while_revalidate_seconds of data"),
        ({"stale_if_error_seconds": -1}, "stale_if_error_seconds of data"),
    ],
)
def test_one_wrong_setting_is_refused(change: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        CacheRule(**(GOOD | change))


def test_two_rules_of_one_path_or_name_are_refused() -> None:
    with pytest.raises(ValueError, match="path"):
        check_rules([ASSETS, CacheRule(name="other", path=ASSETS.path, edge_seconds=1)])
    with pytest.raises(ValueError, match="name"):
        check_rules([ASSETS, CacheRule(name="assets", path="/other/*", edge_seconds=1)])
