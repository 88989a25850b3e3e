"""How fast the sandbox is by itself, without an engine: its start, and the operations that it answers.

A figure for people and for `make bench`, not for tests: what else runs on the machine is in it.
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
_AT_ONCE = 16  # as many as an engine asks for
_TYPE = "aws:sns/topic:Topic"


def start_seconds(home: Path) -> float:
    """From a stopped sandbox to one that answers. Stops one that runs. Raises SandboxError."""
    stop(home)
    began = time.perf_counter()
    ensure_running(home)
    return time.perf_counter() - began


def operations_a_second(sandbox: SandboxProcess) -> float:
    """Creations, readings and deletions of a simple resource, 16 at once; nothing stays. Raises grpc.RpcError."""
    with grpc.insecure_channel(f"127.0.0.1:{sandbox.ports['aws']}") as channel, ThreadPoolExecutor(_AT_ONCE) as pool:
        provider = provider_pb2_grpc.ResourceProviderStub(channel)
        provider.Configure(provider_pb2.ConfigureRequest(args=struct({"region": "eu-west-1"})))

        def live(number: int) -> None:
            name = f"speed-{number}"
            urn = f"urn:pulumi:speed::benchmark::{_TYPE}::{name}"
            made = provider.Create(provider_pb2.CreateRequest(urn=urn, properties=struct({"name": name})))
            provider.Read(provider_pb2.ReadRequest(urn=urn, id=made.id))
            provider.Delete(provider_pb2.DeleteRequest(urn=urn, id=made.id, properties=made.properties))

        began = time.perf_counter()
        list(pool.map(live, range(_TOPICS)))
        return 3 * _TOPICS / (time.perf_counter() - began)
