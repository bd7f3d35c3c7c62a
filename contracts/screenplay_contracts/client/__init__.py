"""Does a client survive? Cases, what is seen of a client under test, and the judges. (`server.client` sends requests.)"""
