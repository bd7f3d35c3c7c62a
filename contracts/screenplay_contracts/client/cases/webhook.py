"""What comes to the client's receiver."""

from __future__ import annotations

from screenplay_contracts.client.cases.making import webhook

CASES = (
    webhook("webhook/ok", "WHK-01"),
    webhook("webhook/duplicate", "WHK-02"),
    webhook("webhook/out-of-order", "WHK-03"),
    webhook("webhook/before-submit-response", "WHK-04"),
    webhook("webhook/late", "WHK-05", wait="poll"),
    webhook("webhook/lost", "WHK-06"),
    webhook("webhook/two-ids", "WHK-07"),
    webhook("webhook/unknown-task", "WHK-08"),
    webhook("webhook/forged-completed", "WHK-09", fails=True),
    webhook("webhook/forged-failed", "WHK-10"),
    webhook("webhook/garbage", "WHK-13"),
    webhook("webhook/retry-after-500", "WHK-14"),
    webhook("webhook/burst", "WHK-15"),
    webhook("webhook/ahead-of-status", "WHK-16"),
    webhook("webhook/unknown-status", "WHK-17"),
    webhook("webhook/url-in-payload", "WHK-18"),
)
