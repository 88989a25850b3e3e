"""The rehearsal cloud: plays aws, mongodbatlas and cloudflare to the real Pulumi engine, and can say no.

It imports nothing of the project's program: it must be able to refuse it.
"""

from __future__ import annotations

from .server import SandboxError, SandboxProcess, cloud_path, default_home, ensure_running, running, stop

__all__ = ["SandboxError", "SandboxProcess", "cloud_path", "default_home", "ensure_running", "running", "stop"]
