"""Route 53 records and ACM certificates."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.dns.alias_record import AliasRecord, AliasRecordArgs
    from components.dns.certificate import Certificate, CertificateArgs
    from components.dns.host_record import HostRecord, HostRecordArgs
    from components.dns.hosted_zone import HostedZone, HostedZoneArgs
    from components.dns.regional_record import RegionalRecord, RegionalRecordArgs

__all__ = [
    "AliasRecord",
    "AliasRecordArgs",
    "Certificate",
    "CertificateArgs",
    "HostRecord",
    "HostRecordArgs",
    "HostedZone",
    "HostedZoneArgs",
    "RegionalRecord",
    "RegionalRecordArgs",
]
