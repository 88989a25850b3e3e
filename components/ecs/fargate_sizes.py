"""The CPU and memory combinations that Fargate supports, and the share of memory for Node's heap."""

from __future__ import annotations

# CPU units (1,024 = one vCPU) -> MiB of memory, Linux containers.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html (read 2026-11-24)
FARGATE_SIZES: dict[int, tuple[int, ...]] = {
    256: (512, 1_024, 2_048),
    512: tuple(range(1_024, 4_096 + 1, 1_024)),
    1_024: tuple(range(2_048, 8_192 + 1, 1_024)),
    2_048: tuple(range(4_096, 16_384 + 1, 1_024)),
    4_096: tuple(range(8_192, 30_720 + 1, 1_024)),
    8_192: tuple(range(16_384, 61_440 + 1, 4_096)),
    16_384: tuple(range(32_768, 122_880 + 1, 8_192)),
}

# The rest is for memory outside V8's old generation: buffers, stacks, code, the young generation. Without a limit V8
# sizes its heap by the memory of the host, and the kernel kills a busy task before garbage collection frees memory.
_HEAP_SHARE = 0.75


def check_fargate_size(cpu_units: int, memory_mib: int) -> None:
    """Raise ValueError with the supported sizes unless Fargate supports this combination of CPU and memory."""
    if cpu_units not in FARGATE_SIZES:
        allowed = ", ".join(str(choice) for choice in FARGATE_SIZES)
        raise ValueError(f"cpu_units: not a Fargate CPU size (got {cpu_units}). Set one of {allowed}.")
    if memory_mib not in FARGATE_SIZES[cpu_units]:
        allowed = ", ".join(str(choice) for choice in FARGATE_SIZES[cpu_units])
        raise ValueError(
            f"memory_mib: not supported with {cpu_units} CPU units (got {memory_mib}). Set one of {allowed}."
        )


def node_heap_mib(memory_mib: int) -> int:
    """Return Node's `--max-old-space-size` in MiB for a container with this memory."""
    return int(memory_mib * _HEAP_SHARE)
