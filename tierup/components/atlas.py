"""MongoDB Atlas: projects, clusters, users, peering, endpoints, alerts and backups."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.atlas.access_list import AtlasAccessList, AtlasAccessListArgs
    from components.atlas.alerts import AlertThresholds, AtlasAlerts, AtlasAlertsArgs
    from components.atlas.backup_compliance import AtlasBackupCompliance, AtlasBackupComplianceArgs
    from components.atlas.backup_retention import BackupRetention
    from components.atlas.cluster import AtlasCluster, AtlasClusterArgs
    from components.atlas.encryption import AtlasEncryption, AtlasEncryptionArgs
    from components.atlas.log_export import AtlasLog, AtlasLogExport, AtlasLogExportArgs
    from components.atlas.network_container import AtlasNetworkContainer, AtlasNetworkContainerArgs
    from components.atlas.peering import AtlasPeering, AtlasPeeringArgs
    from components.atlas.private_endpoint import AtlasPrivateEndpoint, AtlasPrivateEndpointArgs
    from components.atlas.project import AtlasProject, AtlasProjectArgs
    from components.atlas.regional_endpoint import AtlasRegionalEndpoint, AtlasRegionalEndpointArgs
    from components.atlas.regional_mode import AtlasRegionalMode, AtlasRegionalModeArgs
    from components.atlas.topology import Autoscaling, OtherRegion
    from components.atlas.users import Access, AtlasUser, AtlasUsers, AtlasUsersArgs

__all__ = [
    "Access",
    "AlertThresholds",
    "AtlasAccessList",
    "AtlasAccessListArgs",
    "AtlasAlerts",
    "AtlasAlertsArgs",
    "AtlasBackupCompliance",
    "AtlasBackupComplianceArgs",
    "AtlasCluster",
    "AtlasClusterArgs",
    "AtlasEncryption",
    "AtlasEncryptionArgs",
    "AtlasLog",
    "AtlasLogExport",
    "AtlasLogExportArgs",
    "AtlasNetworkContainer",
    "AtlasNetworkContainerArgs",
    "AtlasPeering",
    "AtlasPeeringArgs",
    "AtlasPrivateEndpoint",
    "AtlasPrivateEndpointArgs",
    "AtlasProject",
    "AtlasProjectArgs",
    "AtlasRegionalEndpoint",
    "AtlasRegionalEndpointArgs",
    "AtlasRegionalMode",
    "AtlasRegionalModeArgs",
    "AtlasUser",
    "AtlasUsers",
    "AtlasUsersArgs",
    "Autoscaling",
    "BackupRetention",
    "OtherRegion",
]
