"""Changes to the resources of all parts: protection, ignored changes and resource overrides."""
