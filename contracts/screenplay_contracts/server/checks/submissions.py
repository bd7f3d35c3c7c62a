"""Which submissions are accepted, which are refused and why, and what an accepted one is answered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from screenplay_contracts.server import answers, magic, shapes
from screenplay_contracts.server.assets import LONGEST, READY, Asset, Assets
from screenplay_contracts.server.checks.forms import in_json
from screenplay_contracts.server.checks.looking import MUST, SHOULD, refused, turned_down
from screenplay_contracts.server.checks.saying import answered, kept, shown
from screenplay_contracts.server.rules import Need, rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from screenplay_contracts.server.recording import Call, Recording
    from screenplay_contracts.verdict import Outcome

SUBMIT = "submit-task page"
ROUNDED, EXACT = 0.5, 0.001  # seconds of each episode: to whole ones; to a millisecond


def _wellformed(recorded: Recording) -> Iterator[tuple[Call, list[tuple[str, Asset | None]]]]:
    """Submissions that are right by themselves, with what is known of their assets, in the order of the episodes."""
    assets = Assets(recorded)
    for call in in_json(recorded):
        if not shapes.faults(call.sent) and not _decided_by_magic(recorded, call):
            episodes = shapes.episodes_of(call.sent)
            known = [(name, assets.at(call.account, asset_id, call.number)) for name, asset_id in episodes]
            yield call, [(name, one if one is not None and one.sure else None) for name, one in known]


def _decided_by_magic(recorded: Recording, call: Call) -> bool:
    """Whether the answer was provoked by a magic asset, and the others are ordinary videos."""
    ids = [asset_id for _, asset_id in shapes.episodes_of(call.sent)]
    return recorded.fake and any(one in magic.DECIDING - magic.TASKS for one in ids)


def _elsewhere(call: Call) -> bool:
    """Whether the answer is about the account, not about the submission."""
    return call.status == answers.NO_BALANCE.status or call.msg == answers.NO_WEBHOOK.text


def _accepts(is_such: Callable[[Any], bool], recorded: Recording) -> Iterator[Outcome]:
    for call, assets in _wellformed(recorded):
        usable = all(one is not None and one.reason(recorded.dialect) is None for _, one in assets)
        if usable and not _elsewhere(call) and is_such(call.sent):
            yield kept(call.succeeded, "a submission that is accepted", answered(call), call)


def _is_unusual(body: Any) -> bool:
    return not shapes.is_plain(body) and not shapes.unknown_members(body)


def _only(unusable: Callable[[Asset], bool], because: str, recorded: Recording) -> Iterator[Outcome]:
    for call, assets in _wellformed(recorded):
        if any(one is not None and unusable(one) for _, one in assets) and not _elsewhere(call):
            yield turned_down(call, because)


def only_existing(recorded: Recording) -> Iterator[Outcome]:
    for call, assets in _wellformed(recorded):
        if len(assets) == 1 and assets[0][1] is not None and not assets[0][1].exists and not _elsewhere(call):
            yield turned_down(call, "there is no such asset")


def reason_texts(recorded: Recording) -> Iterator[Outcome]:
    for call, assets in _wellformed(recorded):
        reasons = [(name, None if one is None else one.reason(recorded.dialect)) for name, one in assets]
        wrong = [(name, reason) for name, reason in reasons if reason is not None]
        if not wrong or any(one is None for _, one in assets) or _elsewhere(call):
            continue
        text = "; ".join(f"Episode {name}: {reason.text}" for name, reason in wrong)
        yield refused(call, wrong[0][1] if len(wrong) == 1 else answers.Refusal(answers.INVALID.status, text))


def _accepted(recorded: Recording) -> Iterator[Call]:
    yield from (call for call in recorded.of("submitTask") if call.succeeded)


def own_id(recorded: Recording) -> Iterator[Outcome]:
    seen: set[tuple[str, object]] = set()
    for call in _accepted(recorded):
        task_id = call.data.get("task_id")
        is_so = isinstance(task_id, str) and task_id != "" and (call.account, task_id) not in seen
        yield kept(is_so, "a task_id that no other task of the account has", shown(task_id), call)
        seen.add((call.account, shown(task_id) if not isinstance(task_id, str) else task_id))


def starts_pending(recorded: Recording) -> Iterator[Outcome]:
    for call in _accepted(recorded):
        status = call.data.get("status")
        yield kept(status == "pending", 'status "pending"', f"status {shown(status)}", call)


def echoes_mode(recorded: Recording) -> Iterator[Outcome]:
    for call in _accepted(recorded):
        if isinstance(call.sent, dict):
            mode = call.sent.get("mode")
            yield kept(
                call.data.get("mode") == mode, f"mode {shown(mode)}", f"mode {shown(call.data.get('mode'))}", call
            )


def _total_duration(slack: float, recorded: Recording) -> Iterator[Outcome]:
    for call, assets in _wellformed(recorded):
        if call.succeeded:
            total = call.data.get("total_duration_seconds")
            seconds = [None if one is None else one.seconds for _, one in assets]
            known = [one for one in seconds if one is not None]
            expected = f"{sum(known)}" if len(known) == len(seconds) else f"above 0, below {LONGEST * len(seconds)}"
            yield kept(_adds_up(total, seconds, slack), f"total_duration_seconds {expected}", f"{shown(total)}", call)


def _adds_up(total: object, seconds: list[float | None], slack: float) -> bool:
    if not isinstance(total, int | float) or isinstance(total, bool):
        return False
    known = [one for one in seconds if one is not None]
    if len(known) == len(seconds):
        return abs(total - sum(known)) <= slack * len(seconds)
    return 0 < total < LONGEST * len(seconds)


def missing_webhook(recorded: Recording) -> Iterator[Outcome]:
    """Only where it is known that the account has no webhook: the admin API said so last."""
    urls = _webhook_urls(recorded)
    for call, assets in _wellformed(recorded):
        known = [url for number, url in urls.get(call.account, ()) if number < call.number]
        if not known or known[-1] is not None:
            continue
        if recorded.dialect.missing_webhook == "reject":
            yield refused(call, answers.NO_WEBHOOK)
        elif all(one is not None and one.status == READY and one.exists for _, one in assets):
            yield kept(
                call.msg != answers.NO_WEBHOOK.text, "a submission without a webhook is accepted", answered(call), call
            )


def _webhook_urls(recorded: Recording) -> dict[str, list[tuple[int, object]]]:
    """What the admin API said of each account's webhook, and where in the recording."""
    urls: dict[str, list[tuple[int, object]]] = {}
    for exchange in recorded.admin:
        if isinstance(exchange.answer, dict) and "webhook_url" in exchange.answer:
            urls.setdefault(exchange.account, []).append((exchange.number, exchange.answer["webhook_url"]))
    return urls


RULES = (
    rule(
        "submit/accepts",
        MUST,
        SUBMIT,
        "A submission with nothing wrong in it, and nothing that the pages do not show, is accepted.",
        partial(_accepts, shapes.is_plain),
        Need.MONEY,
    ),
    rule(
        "submit/accepts-unusual",
        SHOULD,
        "docs silent: other languages, gaps between episodes, one asset in several, many of them, high concurrency",
        "A submission is accepted, too, that asks for what is nowhere shown and nowhere ruled out.",
        partial(_accepts, _is_unusual),
        Need.MAGIC,
    ),
    rule(
        "submit/unknown-members",
        SHOULD,
        "docs silent: chosen, because an additive client should not break",
        "Members that no page knows do not make a submission fail.",
        partial(_accepts, shapes.unknown_members),
        Need.MAGIC,
    ),
    rule(
        "submit/only-existing-assets",
        MUST,
        f"{SUBMIT}: invalid assets are reported; docs silent: status and text",
        "An asset that does not exist is refused.",
        only_existing,
        Need.MONEY,
    ),
    rule(
        "submit/only-ready-assets",
        MUST,
        "upload page: only SUCCESS assets can be used",
        "An asset whose upload status is not SUCCESS is refused.",
        partial(_only, lambda asset: asset.exists and asset.status != READY, "an asset is not ready"),
        Need.MAGIC,
    ),
    rule(
        "submit/only-videos",
        MUST,
        f"{SUBMIT}: not audio, not image",
        "An asset that is no video is refused.",
        partial(_only, lambda asset: asset.exists and asset.kind != "video", "an asset is no video"),
        Need.MAGIC,
    ),
    rule(
        "submit/under-five-minutes",
        MUST,
        f"{SUBMIT}: each video must be under five minutes",
        "A video of five minutes or more is refused.",
        partial(_only, lambda asset: asset.seconds is not None and asset.seconds >= LONGEST, "a video is too long"),
        Need.MAGIC,
    ),
    rule(
        "submit/reason-texts",
        SHOULD,
        f"{SUBMIT}: 'with specific reasons'; docs silent: their texts and how several are given",
        "One reason is told alone, several as `Episode n: text; Episode m: text`.",
        reason_texts,
        Need.MAGIC,
    ),
    rule("submit/own-id", MUST, SUBMIT, "Each task has an id of its own.", own_id, Need.MONEY),
    rule(
        "submit/starts-pending",
        MUST,
        f'{SUBMIT}: always "pending"',
        "A new task is pending.",
        starts_pending,
        Need.MONEY,
    ),
    rule("submit/echoes-mode", MUST, SUBMIT, "The answer has the mode that was asked for.", echoes_mode, Need.MONEY),
    rule(
        "submit/total-duration",
        MUST,
        f"{SUBMIT}: the sum over all episodes, in seconds",
        "total_duration_seconds is the sum of the lengths of the videos, each under five minutes.",
        partial(_total_duration, ROUNDED),
        Need.MONEY,
    ),
    rule(
        "submit/exact-duration",
        SHOULD,
        "docs silent: the precision; the example has a fraction",
        "total_duration_seconds is not rounded.",
        partial(_total_duration, EXACT),
        Need.MAGIC,
    ),
    rule(
        "submit/missing-webhook",
        MUST,
        f"{SUBMIT}: 'you will not receive the results'; the transcription page: 400; the switch missing_webhook",
        "Without a webhook a submission is accepted, or refused, as the dialect says.",
        missing_webhook,
        Need.ADMIN,
    ),
)
