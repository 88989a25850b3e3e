"""Render as the host of the backend. Importing its SDK needs the extra `render` of the package tierup."""
