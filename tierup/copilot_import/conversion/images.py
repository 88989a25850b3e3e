"""Names, images, ports, sizes and architectures."""

from __future__ import annotations

import shlex

from tierup.copilot_import.conversion.values import Found, invalid, problem, whole, words
from tierup.copilot_import.draft import SKIPPED, Draft, Result, Role, differs, same, unmapped
from tierup.copilot_import.manifest import Node
from tierup.program_loader import import_path

with import_path():
    from components.ecs.fargate_sizes import FARGATE_SIZES
    from stacks.config.containers import HttpContainerConfig, ServiceConfig


def name(draft: Draft, _: Node) -> Found:
    workload = draft.current
    if workload.role is Role.API:
        return differs("The stack's service has the logical name backend; ECS, Copilot and the stack have own names.")
    if workload.role is Role.WORKER:
        return differs("The stack's worker has the logical name worker.")
    if workload.role is Role.SITE:
        return same("The stack has one site.")
    return Result(outcome=same("").outcome, setting=f"tierup:{'.'.join(workload.container)}")


def image_location(draft: Draft, node: Node) -> Found:
    workload, location = draft.current, node.text()
    if workload.role in (Role.WORKER, Role.TASK):
        return _shared_image(draft)
    if workload.image is not None:
        return draft.mapped(workload.image, *_image_path(draft), note="It is the image of --image.")
    error = problem(ServiceConfig, {"image": location})
    if error is None:
        return draft.mapped(location, *_image_path(draft))
    return unmapped(f"{location} cannot be used: {error}. Set one with --image {workload.name}=<image>.")


def image_build(draft: Draft, node: Node) -> Found:
    workload, build = draft.current, _docker_build(draft, node)
    if workload.role in (Role.WORKER, Role.TASK):
        return _shared_image(draft)
    if workload.image is not None:
        return draft.mapped(workload.image, *_image_path(draft), note=f"Build and push it with: {build}.")
    return unmapped(
        f"Build and push the image ({build}), then set it with --image {workload.name}=<image>, or with "
        f"pulumi config set tierup:{'.'.join(_image_path(draft))} <image>."
    )


def _image_path(draft: Draft) -> tuple[str, ...]:
    return ("image",) if draft.current.role is Role.API else (*draft.current.container, "image")


def _shared_image(draft: Draft) -> Result:
    """Return the result for the image of a worker or task, which run the image of the service."""
    images = [each.manifest.at("image") if each else None for each in (draft.api, draft.current)]
    sources = [{key: node.at(key) for key in ("build", "location")} if node else {} for node in images]
    of_api, own = ({key: node.plain() for key, node in source.items() if node} for source in sources)
    if own and own == of_api:
        return same("It is the image of the stack's service.")
    return differs(
        "The stack runs tierup:image with another command. Put the code of both into one image, and set the command."
    )


def _docker_build(draft: Draft, node: Node) -> str:
    """Return the `docker build` of Copilot: site/content/docs/include/image-config.en.md."""
    if not node.is_mapping:
        file = node.text()
        folder = file.rpartition("/")[0] or "."
        arguments = ["--file", file, folder]
    else:
        given = {key: node.at(key) for key in ("dockerfile", "context", "target")}
        texts = {key: value.text() for key, value in given.items() if value is not None}
        context = texts.get("context") or (texts.get("dockerfile", "").rpartition("/")[0] or ".")
        file = texts.get("dockerfile") or f"{context}/Dockerfile"
        target = ["--target", texts["target"]] if "target" in texts else []
        cached = node.at("cache_from")
        args = node.at("args")
        arguments = [
            *("--file", file),
            *target,
            *(part for each in (cached.items if cached else ()) for part in ("--cache-from", each.text())),
            *(
                part
                for key, each in (args.fields if args else {}).items()
                for part in ("--build-arg", f"{key}={each.text()}")
            ),
            context,
        ]
    platform = draft.current.manifest.at("platform")
    platform_text = platform.text() if platform is not None and not platform.is_mapping else "linux/x86_64"
    return shlex.join(["docker", "build", "--platform", platform_text.replace("x86_64", "amd64"), *arguments])


def image_credentials(draft: Draft, node: Node) -> Found:
    error = problem(HttpContainerConfig, {"repository_credentials": node.text()})
    if error is not None:
        return unmapped(f"{error}. Set the complete ARN.")
    return draft.mapped(node.text(), *draft.current.container, "repositoryCredentials")


def image_port(draft: Draft, node: Node) -> Found:
    if draft.current.role not in (Role.API, Role.SERVICE):
        return unmapped("Only services behind the load balancer have a port.")
    if draft.current.manifest.at("http", "target_port") is not None:
        return SKIPPED
    return port(draft, node)


def port(draft: Draft, node: Node) -> Found:
    number = whole(node)
    if draft.current.role not in (Role.API, Role.SERVICE):
        return unmapped("Only services behind the load balancer have a port.")
    if draft.current.manifest.at("http", "target_container") is not None:
        return unmapped("The load balancer connects to the application's container.")
    if number is None or not 1 <= number <= 65_535:
        return invalid(node, "a port")
    note = "The load balancer connects by HTTP, also on port 443." if number == 443 else ""
    result = draft.mapped(number, *draft.current.container, "port", note=note)
    return draft.differs(number, *draft.current.container, "port", note=note) if note else result


def container_health_command(draft: Draft, node: Node) -> Found:
    if draft.current.role not in (Role.API, Role.SERVICE):
        return unmapped("ECS replaces a worker or task whose process exits; it has no health check here.")
    command = words(node)
    if not command:
        return draft.mapped([], *draft.current.container, "containerHealthCheck", note="The check is disabled.")
    if command[0] not in ("CMD", "CMD-SHELL"):
        command = ["CMD-SHELL", node.text()] if not node.is_list else ["CMD", *command]
    error = problem(HttpContainerConfig, {"container_health_check": command})
    if error is not None:
        return unmapped(error)
    return draft.mapped(command, *draft.current.container, "containerHealthCheck")


def _size(draft: Draft) -> tuple[int, int] | None:
    """Return CPU and memory of the workload, if Fargate has this size."""
    nodes = [draft.current.manifest.at(key) for key in ("cpu", "memory")]
    cpu, memory = ((whole(node) if node else None) or default for node, default in zip(nodes, (256, 512), strict=True))
    return (cpu, memory) if memory in FARGATE_SIZES.get(cpu, ()) else None


def _sized(draft: Draft, index: int) -> Found:
    size, role = _size(draft), draft.current.role
    if size is None:
        return unmapped("Fargate does not have this combination of cpu and memory; the size of the tier applies.")
    value = size[index]
    if role is Role.API:
        return draft.mapped(value, "sizeOverrides", ("taskCpu", "taskMemory")[index])
    if role is Role.WORKER:
        of_api = draft.get("sizeOverrides", ("taskCpu", "taskMemory")[index])
        if of_api == value:
            return same("The worker has the size of a task of the service.")
        return differs(f"The worker has the size of a task of the service ({of_api or 'that of the tier'}).")
    return draft.mapped(value, *draft.current.container, ("cpu", "memory")[index])


def cpu(draft: Draft, _: Node) -> Found:
    return _sized(draft, 0)


def memory(draft: Draft, _: Node) -> Found:
    return _sized(draft, 1)


def platform(draft: Draft, node: Node) -> Found:
    system, _, architecture = node.text().partition("/")
    if system.lower() != "linux":
        return unmapped("The stack runs Linux containers only.")
    return put_architecture(draft, architecture)


def platform_system(_: Draft, node: Node) -> Found:
    if node.text().lower() == "linux":
        return same("The stack runs Linux containers.")
    return unmapped("The stack runs Linux containers only.")


def platform_architecture(draft: Draft, node: Node) -> Found:
    return put_architecture(draft, node.text())


def put_architecture(draft: Draft, name: str) -> Found:
    architecture = {"x86_64": "X86_64", "amd64": "X86_64", "arm64": "ARM64", "arm": "ARM64"}.get(name.lower())
    if architecture is None:
        return unmapped(f"Fargate has the architectures x86_64 and arm64 (got {name}).")
    return draft.mapped(architecture, *draft.current.container, "architecture")
