"""Does a client survive? Cases, what is seen of a client under test, the judges."""
