"""Is a server true to the contract: checks, and what plays against the server so that they are triggered."""
