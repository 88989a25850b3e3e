"""Settings that cannot be deleted: the provider forgets them, and Cloudflare keeps their last value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tierup.sandbox.registry import IsKept, WarningsOf

from ..behaviour import Call, Operation
from ..cloud import CloudResource

_NAMES = (
    "AccountDnsSettings", "ApiShield", "ApiShieldDiscoveryOperation", "ApiShieldOperationSchemaValidationSettings",
    "ApiShieldSchemaValidationSettings", "ArgoSmartRouting", "ArgoTieredCaching", "AuthenticatedOriginPullsSettings",
    "BotManagement", "CertificateAuthoritiesHostnameAssociations", "ContentScanning", "CustomPages",
    "EmailRoutingCatchAll", "GoogleTagGateway", "LeakedCredentialCheck", "LogpullRetention",
    "LogpushOwnershipChallenge", "OrganizationProfile", "R2BucketLifecycle", "R2BucketLock", "R2ManagedDomain",
    "RegionalTieredCache", "SchemaValidationSettings", "TotalTls", "UniversalSslSetting", "User",
    "WaitingRoomSettings", "WorkersCronTrigger", "ZeroTrustAccessKeyConfiguration",
    "ZeroTrustAccessMtlsHostnameSettings", "ZeroTrustDeviceCustomProfileLocalDomainFallback",
    "ZeroTrustDeviceDefaultProfile", "ZeroTrustDeviceDefaultProfileCertificates",
    "ZeroTrustDeviceDefaultProfileLocalDomainFallback", "ZeroTrustDlpSensitivityLevelOrder",
    "ZeroTrustGatewayLogging", "ZeroTrustGatewaySettings", "ZeroTrustOrganization", "ZeroTrustRiskBehavior",
    "ZeroTrustTunnelCloudflaredConfig", "ZeroTrustTunnelWarpConnectorConfig", "ZoneAutoOriginTlsKex",
    "ZoneCacheReserve", "ZoneDnsSettings", "ZoneSetting", "ZoneSubscription",
)  # fmt: skip
"""The types whose Delete is empty and whose ModifyPlan warns: internal/services/*/resource.go of
https://github.com/cloudflare/terraform-provider-cloudflare, as of 2026-07-10 (read 2026-11-28)."""

KEPT_AFTER_DELETE: Mapping[str, IsKept] = {
    f"cloudflare:index/{name[0].lower()}{name[1:]}:{name}": lambda _: True for name in _NAMES
}

_TITLE = "Resource Destruction Considerations: "
_MESSAGES: Mapping[Operation, str] = {
    "create": (
        f"{_TITLE}This resource cannot be destroyed from Terraform. If you create this resource, it will be present in"
        " the API until manually deleted."
    ),
    "delete": (
        f"{_TITLE}Applying this resource destruction will remove the resource from the Terraform state but will not"
        " change it in the API. If you would like to destroy or reset this resource in the API, refer to the"
        " documentation for how to do it manually."
    ),
}
"""The provider's own messages."""


def left_by_a_delete(_call: Call, existing: CloudResource) -> bool:
    """Return whether a create changes an existing setting: one that belongs to no stack, because a delete left it."""
    return not existing.urn


def _warnings(_call: Call, operation: Operation) -> Iterator[str]:
    if operation in _MESSAGES:
        yield _MESSAGES[operation]


WARNINGS: Mapping[str, WarningsOf] = dict.fromkeys(KEPT_AFTER_DELETE, _warnings)
