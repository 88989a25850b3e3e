"""Which Fargate sizes are taken, and what the refusal of others says."""

from __future__ import annotations

import pytest

from components.ecs.fargate_sizes import check_fargate_size, node_heap_mib


@pytest.mark.parametrize(
    ("cpu", "memory"),
    [
        (256, 512),
        (256, 2048),
        (512, 4096),
        (1024, 2048),
        (2048, 16_384),
        (4096, 30_720),
        (8192, 61_440),
        (16_384, 122_880),
    ],
)
def test_sizes_of_the_table_are_taken(cpu: int, memory: int) -> None:
    check_fargate_size(cpu, memory)


@pytest.mark.parametrize(
    ("cpu", "memory", "allowed"),
    [
        (256, 3072, "512, 1024, 2048"),
        (512, 512, "1024, 2048, 3072, 4096"),
        (1024, 1024, "2048"),
        (4096, 31_744, "30720"),
        (8192, 17_408, "16384, 20480"),
        (16_384, 36_864, "32768, 40960"),
    ],
)
def test_memory_that_does_not_go_with_the_cpu_is_refused_with_what_does(cpu: int, memory: int, allowed: str) -> None:
    with pytest.raises(ValueError, match=rf"memory_mib: got {memory}, allowed .*{allowed}.* with {cpu} CPU units"):
        check_fargate_size(cpu, memory)


def test_cpu_that_does_not_exist_is_refused_with_what_does() -> None:
    with pytest.raises(ValueError, match="cpu_units: got 300, allowed 256, 512, 1024"):
        check_fargate_size(300, 512)


@pytest.mark.parametrize(("memory", "heap"), [(512, 384), (2048, 1536)])
def test_the_heap_leaves_a_quarter_of_the_memory(memory: int, heap: int) -> None:
    assert node_heap_mib(memory) == heap
