"""Rules on the project's files: pipelines, Dockerfiles, stack configuration files and the built site."""
