"""The sandbox: a local cloud that serves the providers of a stack to the real Pulumi engine.

It imports nothing of the project's program, because it must be able to reject that program.
"""

from __future__ import annotations

from .server import SandboxError, SandboxProcess, cloud_path, default_home, ensure_running, running, stop

__all__ = ["SandboxError", "SandboxProcess", "cloud_path", "default_home", "ensure_running", "running", "stop"]
