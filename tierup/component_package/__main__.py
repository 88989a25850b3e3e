"""The provider of the component package, which the engine starts."""

from __future__ import annotations

from importlib.metadata import version

from pulumi.provider.experimental import component_provider_host

from tierup.component_package import NAME
from tierup.component_package.wrappers import wrappers

if __name__ == "__main__":
    component_provider_host(components=list(wrappers().values()), name=NAME, version=version("tierup"))
