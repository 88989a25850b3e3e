from __future__ import annotations

import pytest

from policies.ecs.image_reference import has_digest, repository, tag


@pytest.mark.parametrize(
    ("image", "name", "version", "digest"),
    [
        ("nginx", "nginx", None, False),
        ("nginx:1.27", "nginx", "1.27", False),
        ("registry.example.com:5000/shop", "registry.example.com:5000/shop", None, False),
        ("registry.example.com:5000/shop:2", "registry.example.com:5000/shop", "2", False),
        ("shop@sha256:00", "shop", None, True),
        ("registry.example.com:5000/shop:2@sha256:00", "registry.example.com:5000/shop", "2", True),
    ],
)
def test_image_reference_is_parsed(image: str, name: str, version: str | None, digest: bool) -> None:
    assert (repository(image), tag(image), has_digest(image)) == (name, version, digest)
