"""Services and a secret variable on managed hosts, of the compliant program."""

from __future__ import annotations

import pulumi_render.services as render
import pulumiverse_vercel as vercel

from components.railway.deployment import RailwayDeployment, RailwayDeploymentArgs


def deploy() -> None:
    """Declare the resources; the tests refer to them by their logical names."""
    render.WebService(
        "render-api",
        owner_id="tea-0",
        name="shop",
        service_details={
            "runtime": render.WebServiceDetailsCreateRuntime.DOCKER,
            "plan": render.WebServiceDetailsCreatePlan.STARTER,
            "health_check_path": "/health",
        },
    )
    RailwayDeployment(
        "railway",
        RailwayDeploymentArgs(
            project_id="p",
            environment_id="e",
            service_id="s",
            region="us-west2",
            health_check_path="/health",
            variables={"PORT": "5000"},
            vcpus=1,
            memory_gb=1,
            image="ghcr.io/you/app:v1",
        ),
    )
    vercel.ProjectEnvironmentVariable(
        "npm-token", project_id="prj_1", key="NPM_TOKEN", value="x", sensitive=True, targets=["production"]
    )
