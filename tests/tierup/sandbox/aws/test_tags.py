"""Tests of the rule on the tags of AWS resources."""

from __future__ import annotations

from typing import Any

import pytest

from .account import Account

TOPIC = "aws:sns/topic:Topic"


@pytest.mark.parametrize(
    ("tags", "codes"),
    [
        ({"k" * 128: "v" * 256}, set()),
        ({"k" * 129: "v"}, {"InvalidTag"}),
        ({"k": "v" * 257}, {"InvalidTag"}),
        ({"": "v"}, {"InvalidTag"}),
        ({"aws:owner": "me"}, {"InvalidTag"}),
        ({"AWS:owner": "me"}, {"InvalidTag"}),
        ({"owner": "a;b"}, {"InvalidTag"}),
        ({"owner": "Grüße an b@example.com"}, set()),
        ({str(number): "" for number in range(50)}, set()),
        ({str(number): "" for number in range(51)}, {"TooManyTags"}),
    ],
)
def test_tags_are_validated(tags: dict[str, Any], codes: set[str]) -> None:
    assert Account().codes(TOPIC, tags=tags) == codes


def test_case_of_tag_keys_is_kept() -> None:
    topic = Account().make(TOPIC, tags={"Name": "a", "name": "b"})
    assert topic.outputs["tagsAll"] == {"Name": "a", "name": "b"}
