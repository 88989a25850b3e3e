"""The sandbox's server process."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from tierup.sandbox import SandboxError, SandboxProcess, cloud_path, ensure_running, running, stop
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.wire import plain, struct

URN = "urn:pulumi:dev::p::aws:sns/topic:Topic::bell"


@pytest.fixture
def home(tmp_path: Path) -> Generator[Path]:
    yield tmp_path
    stop(tmp_path)


def provider(sandbox: SandboxProcess) -> provider_pb2_grpc.ResourceProviderStub:
    stub = provider_pb2_grpc.ResourceProviderStub(grpc.insecure_channel(f"127.0.0.1:{sandbox.ports['aws']}"))
    stub.Configure(provider_pb2.ConfigureRequest(args=struct({"region": "eu-west-1"})))
    return stub


def create(sandbox: SandboxProcess, name: str = "bell") -> str:
    made = provider(sandbox).Create(provider_pb2.CreateRequest(urn=URN, properties=struct({"name": name})))
    return made.id


def test_concurrent_starts_start_one_process(home: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ensure_running, [home] * 4))
    assert len({each.pid for each in found}) == 1
    assert running(home) == found[0]


def test_resources_and_ports_survive_a_kill_and_a_stop(home: Path) -> None:
    first = ensure_running(home)
    arn = create(first)
    os.kill(first.pid, signal.SIGKILL)
    os.waitpid(first.pid, 0)
    assert running(home) is None
    second = ensure_running(home)
    assert second.ports == first.ports, "shells with PULUMI_DEBUG_PROVIDERS must keep working"
    read = provider(second).Read(provider_pb2.ReadRequest(id=arn, urn=URN))
    assert read.id == arn
    assert stop(home)
    assert not stop(home)
    assert [r.id for r in Cloud(cloud_path(home)).all()] == [arn]


def test_server_of_an_older_version_is_restarted(home: Path) -> None:
    first = ensure_running(home)
    arn = create(first)
    state = home / "sandbox" / "server.json"
    state.write_text(json.dumps({**json.loads(state.read_text()), "version": "older"}))
    second = ensure_running(home)
    assert second.pid != first.pid
    assert provider(second).Read(provider_pb2.ReadRequest(id=arn, urn=URN)).id == arn


def test_port_in_use_is_reported(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SandboxError, match=rf"in use on 127\.0\.0\.1 \(got {port}\)"):
            ensure_running(home, port)
    assert running(home) is None


def test_unwritable_folder_is_reported(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(SandboxError, match="cannot write to this folder"):
        ensure_running(blocked)
    assert blocked.read_text() == "not a folder"


def test_corrupt_file_is_reported_and_kept(home: Path) -> None:
    path = cloud_path(home)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"corrupt" * 1000)
    with pytest.raises(SandboxError, match="cannot store the sandbox's resources"):
        ensure_running(home)
    assert path.read_bytes() == b"corrupt" * 1000


def test_secrets_stay_secret_in_outputs_and_out_of_the_log(home: Path) -> None:
    stub = provider(ensure_running(home))
    made = stub.Create(
        provider_pb2.CreateRequest(
            urn="urn:pulumi:dev::p::aws:ssm/parameter:Parameter::p",
            properties=struct({"type": "SecureString", "value": "secret-value", "name": "p"}, secrets=("value",)),
        )
    )
    values, secrets = plain(made.properties)
    assert (values["value"], secrets) == ("secret-value", {"value"})
    assert "secret-value" not in (home / "sandbox" / "server.log").read_text()
