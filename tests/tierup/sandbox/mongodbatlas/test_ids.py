"""State ids in the provider's encoding."""

from __future__ import annotations

from tierup.sandbox.mongodbatlas.ids import decode_state_id, state_id


def test_state_id_has_the_providers_encoding() -> None:
    packed = state_id(project_id="5d0f1f73cf09a29120e173cf", cluster_name="app")
    assert packed == "Y2x1c3Rlcl9uYW1l:YXBw-cHJvamVjdF9pZA==:NWQwZjFmNzNjZjA5YTI5MTIwZTE3M2Nm"


def test_part_of_a_state_id_is_decoded() -> None:
    packed = state_id(project_id="p", container_id="c")
    assert decode_state_id(packed, "container_id") == "c"
    assert decode_state_id("c", "container_id") == "c"
