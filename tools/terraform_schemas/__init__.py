"""Generates the tables of tierup/sandbox/terraform_schemas from the Go source of the Terraform providers."""
