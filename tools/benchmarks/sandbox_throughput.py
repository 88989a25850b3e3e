"""Measures the sandbox without an engine: its start time and its operations per second.

`make bench` prints the figures, and no test compares them: they depend on what else runs on the machine.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from tierup.sandbox import SandboxProcess, ensure_running, stop
from tierup.sandbox.wire import struct

_TOPICS = 500
_CONCURRENCY = 16  # the engine's default parallelism
_TYPE = "aws:sns/topic:Topic"


def start_seconds(home: Path) -> float:
    """Return the seconds from a stopped sandbox to one that answers. Stops a running sandbox. Raises SandboxError."""
    stop(home)
    began = time.perf_counter()
    ensure_running(home)
    return time.perf_counter() - began


def operations_per_second(sandbox: SandboxProcess) -> float:
    """Return the rate of creates, reads and deletes of a topic, 16 at once. Leaves nothing. Raises grpc.RpcError."""
    with (
        grpc.insecure_channel(f"127.0.0.1:{sandbox.ports['aws']}") as channel,
        ThreadPoolExecutor(_CONCURRENCY) as pool,
    ):
        provider = provider_pb2_grpc.ResourceProviderStub(channel)
        provider.Configure(provider_pb2.ConfigureRequest(args=struct({"region": "eu-west-1"})))

        def create_read_delete(number: int) -> None:
            name = f"benchmark-{number}"
            urn = f"urn:pulumi:throughput::benchmark::{_TYPE}::{name}"
            made = provider.Create(provider_pb2.CreateRequest(urn=urn, properties=struct({"name": name})))
            provider.Read(provider_pb2.ReadRequest(urn=urn, id=made.id))
            provider.Delete(provider_pb2.DeleteRequest(urn=urn, id=made.id, properties=made.properties))

        began = time.perf_counter()
        list(pool.map(create_read_delete, range(_TOPICS)))
        return 3 * _TOPICS / (time.perf_counter() - began)
