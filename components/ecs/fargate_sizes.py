"""Which CPU and memory Fargate sells together, and how much of the memory Node's heap may take."""

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

# The rest is for what V8 keeps outside its old generation: buffers, stacks, code, the young generation. Without a limit
# V8 sizes its heap by the host it sees and a busy task is killed by the kernel instead of collecting its garbage.
_HEAP_SHARE = 0.75


def check_fargate_size(cpu_units: int, memory_mib: int) -> None:
    """Raises ValueError, naming the sizes that exist, unless Fargate runs a task of this CPU and memory."""
    if cpu_units not in FARGATE_SIZES:
        allowed = ", ".join(str(choice) for choice in FARGATE_SIZES)
        raise ValueError(f"cpu_units: got {cpu_units}, allowed {allowed}: Fargate sells no other CPU sizes")
    if memory_mib not in FARGATE_SIZES[cpu_units]:
        allowed = ", ".join(str(choice) for choice in FARGATE_SIZES[cpu_units])
        raise ValueError(
            f"memory_mib: got {memory_mib}, allowed {allowed}: Fargate sells these with {cpu_units} CPU units"
        )


def node_heap_mib(memory_mib: int) -> int:
    """Node's `--max-old-space-size` (MiB) for a task of this memory."""
    return int(memory_mib * _HEAP_SHARE)
