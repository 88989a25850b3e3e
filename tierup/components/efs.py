"""Amazon EFS: a file system that tasks share."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.efs.shared_files import SharedFiles, SharedFilesArgs, shared_files_permissions

__all__ = ["SharedFiles", "SharedFilesArgs", "shared_files_permissions"]
