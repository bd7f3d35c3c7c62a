"""`python -m screenplay_mock` is `screenplay-mock`."""

from screenplay_mock.cli import main

main(prog_name="screenplay-mock")
