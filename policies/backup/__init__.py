"""Rules on backups of AWS data stores."""
