"""The deployment of a Railway service: its source, region, limits, health check and variables.

A change of any argument deploys the service again. Railway switches the traffic to the new deployment when its health
check answers with 200 (https://docs.railway.com/deployments/healthchecks, from memory).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import ComponentResource, Input, Output, ResourceOptions
from pulumi.dynamic import Resource

from components.railway.providers import RailwayDeploymentProvider


@dataclass(frozen=True, kw_only=True, slots=True)
class RailwayDeploymentArgs:
    """Arguments of RailwayDeployment."""

    project_id: Input[str]
    """Id of the project."""
    environment_id: Input[str]
    """Id of the environment."""
    service_id: Input[str]
    """Id of the service."""
    region: str
    """Region of Railway, such as europe-west4-drams3a."""
    health_check_path: str
    """Path that answers with 200 when the service is ready."""
    variables: Mapping[str, Input[str]]
    """Environment variables. All of them are kept as secrets."""
    vcpus: float
    """Maximum number of vCPUs of a replica."""
    memory_gb: float
    """Maximum memory of a replica in GB."""
    image: str | None = None
    """Public container image with a tag or digest. Exactly one of image and repository is given."""
    repository: str | None = None
    """GitHub repository, `owner/name`, that Railway builds."""
    branch: str = "main"
    """Branch whose pushes are deployed."""
    root_directory: str = ""
    """Folder of the repository with the Dockerfile or the package; empty is its root."""
    start_command: str = ""
    """Command that starts the container; empty is that of the image."""
    replicas: int = 1
    """Number of replicas."""

    def __post_init__(self) -> None:
        if (self.image is None) == (self.repository is None):
            raise ValueError(
                f"image, repository: exactly one is needed (got {self.image}, {self.repository}). Give an image or a "
                "repository."
            )
        if not self.health_check_path.startswith("/"):
            raise ValueError(f"health_check_path: not a path (got {self.health_check_path!r}). Begin it with /.")
        if self.vcpus <= 0 or self.memory_gb <= 0:
            raise ValueError(
                f"vcpus, memory_gb: must be positive (got {self.vcpus}, {self.memory_gb}). Give the limits."
            )
        if self.replicas < 1:
            raise ValueError(f"replicas: must be positive (got {self.replicas}). Give 1 or more.")


class _Deployment(Resource, module="railway", name="Deployment"):
    """The deployment of the dynamic provider."""

    pulumi_type = "pulumi-python:dynamic/railway:Deployment"


class RailwayDeployment(ComponentResource):
    """A configured and deployed service."""

    service_id: Output[str]
    """Id of the service, available once its deployment has started."""

    def __init__(self, name: str, args: RailwayDeploymentArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:railway:RailwayDeployment", name, None, opts)
        deployment = _Deployment(
            RailwayDeploymentProvider(),
            f"{name}-deployment",
            {
                "project_id": args.project_id,
                "environment_id": args.environment_id,
                "service_id": args.service_id,
                "region": args.region,
                "image": args.image or "",
                "repository": args.repository or "",
                "branch": args.branch if args.repository else "",
                "root_directory": args.root_directory,
                "start_command": args.start_command,
                "health_check_path": args.health_check_path,
                "vcpus": args.vcpus,
                "memory_gb": args.memory_gb,
                "replicas": args.replicas,
                "variables": Output.secret(dict(args.variables)),
            },
            ResourceOptions(parent=self),
        )
        self.service_id = deployment.id
        self.register_outputs({"service_id": self.service_id})
