"""The Pulumi.<stack>.yaml of an imported environment."""

from __future__ import annotations

from tierup.copilot_import.report import ImportedStack, Outcome


def text(stack: ImportedStack, application: str) -> str:
    """Return the file's content: the settings, and what to set before a real deployment as a comment."""
    import yaml

    lines = [
        f"# Written by `tierup import copilot` from the environment {stack.name} of the application {application}:",
        "# "
        + ", ".join(f"{stack.count(outcome)} fields {_verb(outcome)}" for outcome in Outcome)
        + ". The command prints them.",
        *(
            f"# Placeholder: {placeholder.setting}. Set it before a deployment to a real account."
            for placeholder in stack.placeholders
        ),
    ]
    return "\n".join(lines) + "\n" + yaml.safe_dump({"config": dict(stack.config)}, sort_keys=False, allow_unicode=True)


def _verb(outcome: Outcome) -> str:
    return {Outcome.MAPPED: "map", Outcome.DIFFERS: "differ", Outcome.UNMAPPED: "do not map"}[outcome]
