"""AWS Backup of data in AWS. Atlas has its own backups (components/atlas/backup_retention.py)."""
