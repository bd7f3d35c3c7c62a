"""Contract checks for servers and clients of the Screenplay API."""
