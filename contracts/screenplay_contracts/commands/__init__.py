"""The commands of `screenplay-check`."""
