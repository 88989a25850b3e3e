"""State ids as the provider packs them."""

from __future__ import annotations

from tierup.sandbox.mongodbatlas.ids import state_id, unpacked


def test_a_state_id_is_packed_as_the_provider_does() -> None:
    packed = state_id(project_id="5d0f1f73cf09a29120e173cf", cluster_name="app")
    assert packed == "Y2x1c3Rlcl9uYW1l:YXBw-cHJvamVjdF9pZA==:NWQwZjFmNzNjZjA5YTI5MTIwZTE3M2Nm"


def test_a_part_comes_out_again() -> None:
    packed = state_id(project_id="p", container_id="c")
    assert unpacked(packed, "container_id") == "c"
    assert unpacked("c", "container_id") == "c"
