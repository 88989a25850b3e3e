"""Opens what release and service commands work with: the workspace, and where the stack's tasks run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tierup.cli.workspace import open_workspace

if TYPE_CHECKING:
    from rich.console import Console

    from tierup.deployment.project import Project
    from tierup.deployment.workspace import Workspace
    from tierup.preflight.aws_clients import AwsClients
    from tierup.release.compute import Compute
    from tierup.release.ecs_compute import EcsCompute
    from tierup.release.stack_compute import StackCompute


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedStack:
    """A stack that a command works with."""

    project: Project
    stack: str
    console: Console
    workspace: Workspace
    open_again: Callable[[], Workspace]
    """Opens the workspace with the settings file as it is now."""

    def clients(self) -> AwsClients:
        """Return clients of AWS with the stack's credentials."""
        from tierup.preflight.aws_clients import AwsClients
        from tierup.preflight.stack_plan import read_config

        config, secret_keys = read_config(self.project.name, self.project.settings(self.stack))
        return AwsClients(config, config.get("aws:region"), hidden=secret_keys)

    def compute(self) -> StackCompute:
        """Return where the stack's tasks and pods run."""
        from tierup.release.stack_compute import StackCompute

        if (home := self.workspace.home) is not None:
            from tierup.release.sandbox_compute import SandboxCompute
            from tierup.release.sandbox_pods import SandboxPods

            return StackCompute(SandboxCompute(home), lambda: SandboxPods(home))
        from tierup.release.ecs_compute import EcsCompute

        clients = self.clients()
        tasks = EcsCompute(clients)

        def in_region(region: str) -> Compute:
            return tasks if region in ("", clients.region) else EcsCompute(clients, region=region)

        return StackCompute(tasks, lambda: self._pods(tasks), in_region)

    def _pods(self, tasks: EcsCompute) -> Compute:
        """Return where the stack's pods run. Raises CommandError."""
        from tierup.deployment.stack_state import read_state
        from tierup.release.kubernetes_api import eks_api
        from tierup.release.kubernetes_compute import KubernetesCompute
        from tierup.release.stack_services import eks_cluster

        cluster = eks_cluster(read_state(self.workspace))
        return KubernetesCompute(eks_api(self.clients(), cluster), tasks.target_states)


def open_stack(stack: str, *, sandbox: bool, as_json: bool, cwd: Path | None) -> OpenedStack:
    """Open a stack that exists. Raises CommandError."""
    from rich.console import Console

    from tierup.deployment import project as projects

    # The console keeps the current stream: the program's output, which is redirected later, must not reach it.
    console = Console(file=sys.stderr if as_json else sys.stdout)
    projects.check_stack_name(stack)
    project = projects.find(cwd or Path.cwd())

    def open_again() -> Workspace:
        return open_workspace(project, stack, console, sandbox=sandbox, create=False)

    return OpenedStack(project=project, stack=stack, console=console, workspace=open_again(), open_again=open_again)
