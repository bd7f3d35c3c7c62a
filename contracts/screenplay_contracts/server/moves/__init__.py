"""Moves that the model judges: each asks a server one thing, and raises Broken where the answer is not allowed."""
