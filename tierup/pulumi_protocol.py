"""Constants of the protocol between Pulumi's engine, language hosts and providers.

The engine marks special values with a reserved key: secrets, assets and archives are objects with a signature. Values
that are not known yet are reserved strings.

Source: Pulumi SDK, `pulumi.runtime.rpc` (special_sig_key and the signatures beside it), read 2026-11-24.
"""

from __future__ import annotations

from typing import Final

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""The key that marks an object as a secret, an asset, an archive or an output."""
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a signature, not a secret
ASSET: Final = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"
OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"

UNKNOWN_STRING: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""Replaces any value that is not known yet; the engine also prints it in the JSON of a preview."""
UNKNOWN_STRINGS: Final = frozenset(
    {
        UNKNOWN_STRING,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)

MAX_MESSAGE_BYTES: Final = 400 * 1024 * 1024
"""The largest gRPC message that the engine sends or accepts."""
GRPC_OPTIONS: Final = (
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
)
"""Options of a gRPC channel or server that accept what the engine may send."""
