"""Tests of the behaviour rows of S3 objects."""

from __future__ import annotations

from .account import Account
from .s3_inputs import BUCKET, OBJECT


def test_object_etag_follows_content() -> None:
    account = Account()
    account.make(BUCKET, bucket="site-1")
    made = account.make(OBJECT, bucket="site-1", key="a.txt", content="one")
    assert made.id == "site-1/a.txt"
    assert made.outputs["etag"] == "f97c5d29941bfb1b2fdab0874906ab82"
    assert account.change(made, content="two").outputs["etag"] == "b8a9f715dbb64fd5c56e7783c6820a61"
    assert account.replaced_by(made, key="b.txt") == {"key"}
