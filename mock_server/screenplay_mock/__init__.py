"""A local fake of the memories.ai Screenplay API: virtual time, webhooks, faults, one sandbox per API key."""

__version__ = "0.1.0"
