"""Tests of the Fargate sizes."""

from __future__ import annotations

import pytest

from components.ecs.fargate_sizes import FARGATE_SIZES, check_fargate_size, node_heap_mib


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
def test_supported_sizes_pass(cpu: int, memory: int) -> None:
    check_fargate_size(cpu, memory)

    assert memory in FARGATE_SIZES[cpu]


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
def test_unsupported_memory_is_rejected_with_the_supported_sizes(cpu: int, memory: int, allowed: str) -> None:
    with pytest.raises(
        ValueError, match=rf"memory_mib: not supported with {cpu} CPU units \(got {memory}\)\. Set one of .*{allowed}"
    ):
        check_fargate_size(cpu, memory)


def test_unsupported_cpu_is_rejected_with_the_supported_sizes() -> None:
    with pytest.raises(ValueError, match=r"cpu_units: not a Fargate CPU size \(got 300\)\. Set one of 256, 512, 1024"):
        check_fargate_size(300, 512)


@pytest.mark.parametrize(("memory", "heap"), [(512, 384), (2048, 1536)])
def test_heap_is_three_quarters_of_the_memory(memory: int, heap: int) -> None:
    assert node_heap_mib(memory) == heap
