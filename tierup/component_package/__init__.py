"""The component package: tierup's components for Pulumi programs in every language.

The engine starts `__main__.py` in this folder as a provider, because the folder has a PulumiPlugin.yaml. The provider
describes each component by a schema, from which Pulumi generates SDKs, and constructs components that programs ask for.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
"""The folder of the package, for `pulumi package add`."""

NAME: Final = "tierup"
"""The name of the package; the type token of a component is `tierup:index:<Name>`."""
