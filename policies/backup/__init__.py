"""Rules on backups of what AWS stores."""
