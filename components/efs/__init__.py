"""Amazon EFS: file systems that tasks share."""
