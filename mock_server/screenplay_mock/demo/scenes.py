"""The twelve scenes of the tour, in the order in which they are told: money first."""

from __future__ import annotations

from dataclasses import dataclass

#: What both clients are to do, in every scene.
JOB = {
    "mode": "short_drama",
    "episodes": {"1": "re_pilot01", "2": "re_finale02"},
    "config": {"language": "en"},
}


@dataclass(frozen=True, slots=True)
class Scene:
    """
    A scenario, and what a newcomer should know of it: what `happens`, and the `rule` that the careful client keeps.

    `webhook`: the account has one, which calls the client. Of many `jobs` the timelines are not drawn. `running_for`:
    how long the task runs, where the scenario's second would end before the client asks.
    """

    scenario: str
    title: str
    happens: str
    rule: str
    webhook: bool = False
    jobs: int = 1
    running_for: str | None = None


SCENES = (
    Scene(
        "submit/close-after-accept",
        "The answer that got lost",
        "The vendor accepts the job and charges for it. Then the connection breaks, before the answer is out.",
        "A POST that costs money is never repeated unless it is known that nothing was accepted.",
    ),
    Scene(
        "submit/gateway-504-after-accept",
        "The gateway that gave up",
        "The job is accepted, but a gateway in between is tired of waiting and answers 504.",
        "An error from 500 up does not say that nothing happened. A webhook may still tell the task's id.",
        webhook=True,
    ),
    Scene(
        "poll/429-burst",
        "Too many questions",
        "The job runs well. Three times, the question for its status is answered with 429: too many requests.",
        "Trouble with a question is not trouble with the job: wait longer each time, and ask again.",
        running_for="90s",
    ),
    Scene(
        "webhook/forged-failed",
        "The webhook that lied",
        "Webhooks carry no signature. Somebody who knows the URL tells the client that its job has failed.",
        "A webhook is a hint. What is true says the API, which is asked before anything is done.",
        webhook=True,
    ),
    Scene(
        "webhook/duplicate",
        "Told five times",
        "The webhook that says completed comes five times. Every download costs.",
        "The same news has one effect, however often it comes.",
        webhook=True,
    ),
    Scene(
        "poll/failed",
        "Success: true, status: failed",
        "The job fails half way. The call that says so is a success: HTTP 200, success true.",
        "Success of a call and success of the job are two things; only completed is completed.",
    ),
    Scene(
        "t/poll/never-ends",
        "The job that never ends",
        "The job runs, and runs, and runs.",
        "Every wait has a deadline. After it the id is kept, and nothing is submitted again.",
    ),
    Scene(
        "webhook/before-submit-response",
        "News from a stranger",
        "The webhook overtakes the answer to the submission: it tells of a task that the client does not know yet.",
        "Webhooks may be early, late, or lost. Asking always gets there.",
        webhook=True,
    ),
    Scene(
        "download/cut-close-delimited",
        "Half an archive",
        "Every download ends half way. Its length was not announced, so to HTTP all is well.",
        "An archive has arrived when it can be unpacked, and only then gets its name.",
    ),
    Scene(
        "download/zip-slip",
        "The archive that climbs",
        "The archive has files named ../outside.txt and ../../outside.txt.",
        "Names in an archive are input from outside: one that leaves the folder condemns the whole archive.",
    ),
    Scene(
        "download/redirect-signed-url",
        "Follow me",
        "The download is redirected to a signed URL at another server, which needs no key.",
        "A key is for one server. It does not travel along a redirect to another.",
    ),
    Scene(
        "chaos",
        "A bad day",
        "Eight jobs in a row, on a day on which anything may happen. What does is drawn from the seed.",
        "Pay once, ask again, check what arrives, believe the API, and say what is not known.",
        webhook=True,
        jobs=8,
    ),
)


def names() -> tuple[str, ...]:
    return tuple(scene.scenario for scene in SCENES)
