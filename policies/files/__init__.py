"""Rules on file systems that tasks share."""
