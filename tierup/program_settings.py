"""The settings of tierup's Pulumi program: its phases and tiers, and the check of a stack's configuration."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tierup.program_loader import import_path

with import_path():
    from stacks.catalog.hosts import BackendHost, FrontendHost
    from stacks.catalog.phases import Feature, Phase, features, introduced_in
    from stacks.catalog.tiers import Tier
    from stacks.config.errors import InvalidConfigError
    from stacks.config.model import NAMESPACE, Settings
    from stacks.config.reading import parse, with_placeholder_secrets
    from stacks.config.secrets import SECRETS as SECRET_SETTINGS

__all__ = [
    "NAMESPACE",
    "SECRET_SETTINGS",
    "BackendHost",
    "Feature",
    "FrontendHost",
    "Phase",
    "RejectedSettingsError",
    "Settings",
    "Tier",
    "features",
    "introduced_in",
    "parse_settings",
    "with_placeholder_secrets",
]


class RejectedSettingsError(ValueError):
    """The program rejects the settings. The text lists each error with its remedy."""


def parse_settings(config: Mapping[str, str], stack: str, *, secret_keys: Collection[str] = ()) -> Settings:
    """Return the settings in a stack's configuration, by full key (`tierup:phase`), without the values of secrets.

    `secret_keys` are the keys that Pulumi stores encrypted.

    Raises:
        RejectedSettingsError: the program rejects them.
    """
    try:
        return parse(config, secret_keys=secret_keys, stack=stack)
    except InvalidConfigError as error:
        raise RejectedSettingsError(str(error)) from error
