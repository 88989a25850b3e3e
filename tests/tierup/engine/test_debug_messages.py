"""The SDK's debug messages do not reach the engine when no command shows them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from tierup.engine.language_host import drop_debug_messages


class _Engine(engine_pb2_grpc.EngineServicer):
    def __init__(self) -> None:
        self.messages: list[str] = []

    def Log(self, request: engine_pb2.LogRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        del context
        self.messages.append(request.message)
        return empty_pb2.Empty()


def test_only_debug_messages_are_dropped() -> None:
    engine = _Engine()
    server = grpc.server(ThreadPoolExecutor(max_workers=1))
    engine_pb2_grpc.add_EngineServicer_to_server(engine, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = engine_pb2_grpc.EngineStub(channel)
            drop_debug_messages(stub)
            for severity, message in ((engine_pb2.DEBUG, "registering"), (engine_pb2.ERROR, "failed")):
                stub.Log(engine_pb2.LogRequest(severity=severity, message=message))
    finally:
        server.stop(grace=None)
    assert engine.messages == ["failed"]
