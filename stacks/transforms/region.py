"""The region of the resources of a further region: the `region` argument of each AWS resource that has one.

The components of a further region are the same as those of the first one. This transformation sets the argument, which
pulumi-aws has since version 7, on every child that does not name a region itself. Global services (IAM, CloudFront,
Route 53) have no such argument. docs/adr/0015-region-argument.md compares it with a provider for each region.
"""

from __future__ import annotations

from collections.abc import Callable

from pulumi import ResourceTransformationArgs, ResourceTransformationResult


def in_region(region: str) -> Callable[[ResourceTransformationArgs], ResourceTransformationResult | None]:
    """Return a transformation that creates AWS resources in `region` unless they name another one."""

    def apply(args: ResourceTransformationArgs) -> ResourceTransformationResult | None:
        if not args.type_.startswith("aws:") or "region" not in args.props or args.props["region"] is not None:
            return None
        return ResourceTransformationResult({**args.props, "region": region}, args.opts)

    return apply
