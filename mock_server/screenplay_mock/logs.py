"""Log lines for people and for machines, all of them to stderr."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

LEVELS = ("debug", "info", "warning", "error")
FORMATS = ("text", "json")


def configure(kind: str, level: str) -> None:
    """Write log lines as *kind* (one of FORMATS): our own from *level* up, those of libraries from warnings up."""
    own = getattr(logging, level.upper())
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if kind == "json" else logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    handler.addFilter(_is_worth_a_line)
    logging.basicConfig(handlers=[handler], level=max(own, logging.WARNING))
    logging.getLogger("screenplay_mock").setLevel(own)


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, the members of `extra["fields"]`, and a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    """Not what aiohttp says, with a traceback and maybe a key in it, of a request that is not HTTP."""
    if record.name != "aiohttp.server" or record.exc_info is None:
        return True
    from aiohttp.http_exceptions import HttpProcessingError

    return not isinstance(record.exc_info[1], HttpProcessingError)
