"""The performance of faults: what a fault decided in the core does to an exchange, one short file for each kind."""
