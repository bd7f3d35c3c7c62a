"""What stands behind the pytest fixtures; of use without pytest too. Nothing but HTTP to a running server."""

from screenplay_mock.testing.admin import AdminError, RunningServer, ServerNotFound
from screenplay_mock.testing.journal_text import journal_text
from screenplay_mock.testing.receiver import Receiver, WebhookRequest
from screenplay_mock.testing.sandbox import Screenplay

__all__ = [
    "AdminError",
    "Receiver",
    "RunningServer",
    "Screenplay",
    "ServerNotFound",
    "WebhookRequest",
    "journal_text",
]
