"""
A tour of twelve failure scenarios: a naive and a careful client do the same job against the fake, for real.

`scenes` are data, `naive` and `careful` are the clients. `stage` runs one of them in a scene, `chronicle` writes down
what happens; `timeline`, `outcome` and `report` turn that into text; `tour` is the whole.
"""
