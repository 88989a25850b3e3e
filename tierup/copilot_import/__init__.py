"""The import of an AWS Copilot workspace: its manifests become settings of stacks, with a report of what differs.

The fields are those of Copilot's own documentation, site/content/docs/manifest in github.com/aws/copilot-cli at commit
4c858e718bc88449e29540993d8496ac81d7b419 (read 2026-11-28).
"""
