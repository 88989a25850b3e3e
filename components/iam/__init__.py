"""Validated parts of IAM policies. The roles themselves are in the folders of the services that assume them."""
