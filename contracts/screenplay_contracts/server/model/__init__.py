"""
What the contract allows as the next answer: pure, and written from the vendor's pages alone.

Where they are silent every answer is allowed that a client has to expect; of a fake it is the one that was chosen. It
knows no server, and takes nothing from what an admin API says of tasks.
"""
