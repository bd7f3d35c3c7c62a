"""Fixtures for a user's own tests."""
