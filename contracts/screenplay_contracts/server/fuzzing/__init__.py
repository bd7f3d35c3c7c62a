"""Schemathesis over the OpenAPI document: how it is set up, what of it is recorded, how its failures are told."""
