"""The commands, one module for each group of them. What is heavy is imported when a command runs."""
