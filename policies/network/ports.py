"""Ports of administration protocols and databases."""

from __future__ import annotations

from collections.abc import Iterator

PORTS = {
    21: "FTP",
    22: "SSH",
    23: "Telnet",
    135: "Windows RPC",
    445: "SMB",
    1433: "SQL Server",
    1521: "Oracle",
    2375: "Docker",
    2376: "Docker",
    3306: "MySQL",
    3389: "RDP",
    5432: "PostgreSQL",
    5601: "Kibana",
    5900: "VNC",
    5985: "WinRM",
    5986: "WinRM",
    6379: "Redis",
    6443: "Kubernetes",
    9200: "Elasticsearch",
    9300: "Elasticsearch",
    11211: "Memcached",
    27017: "MongoDB",
    27018: "MongoDB",
    27019: "MongoDB",
}
"""The high-risk ports of EC2.19 that are often opened manually, and those of data stores and administration (from
memory):
https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-19 (read 2026-11-28)."""


def sensitive_ports(low: int, high: int) -> Iterator[str]:
    """Yield the sensitive ports from `low` to `high` with their protocol: `SSH (22)`."""
    yield from (f"{protocol} ({port})" for port, protocol in PORTS.items() if low <= port <= high)
