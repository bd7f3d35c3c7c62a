"""`screenplay-check` as a process: how it is started, and what it is given to judge."""

from __future__ import annotations

import os
import sys

from tests.broken_servers.edits import broken, ok, put, where

PATIENCE = 100  # real seconds after which a command that should have ended is held not to end
COMMAND = (sys.executable, "-c", "from screenplay_contracts.cli import main; main(prog_name='screenplay-check')")
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("SCREENPLAY_")}
#: Checks that need the script alone, so that neither the model nor Schemathesis is played.
SOME = ("--run", "status/*", "--run", "cancel/*")
QUEUED = broken(where(ok("getTask"), status="running"), put("data.status", "queued"))
