"""Netlify as the host of the frontend, through its REST API: it has no maintained Pulumi package for Python."""
