"""``python -m tools.replay --stack NAME``: do again what the event functions gave up on.

A letter in the failures queue does not hold its record: Lambda writes down only where in the stream
it was, and the stream forgets after a day. Nothing is lost by that, for a record says no more than
which upload changed, and what is owed to an upload stands on its board. So this looks for what is
owed (an assembly, a notice), does it with the server's own code, at once instead of when the sweep
has its turn, and says what came of each. Only when nothing is owed any more are the letters, which
then speak of what is done, taken from the queue. Safe to repeat, and beside the running functions:
what one of them is about is left to it.

The sweep's letters speak of a run that broke off and of no upload. They are taken as well: what is
left of such a run, expiry and freeing, is the next one's, and whether there is one rings by itself.
"""

import argparse
import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

from chalicelib import wiring
from chalicelib.domain.lifetime import HOUR, Duty, duties
from chalicelib.service.assembling import assemble
from chalicelib.service.core import Core
from chalicelib.service.notifying import Post, notify
from tools.installed import client, enter, output

AT_ONCE = 1_000
LETTERS = 1_000
LOOK_S = 2
"""Without a wait SQS asks some of its servers only, and may find none of the letters there are."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.replay", description=__doc__)
    parser.add_argument("--stack", required=True, help="the CloudFormation stack's name")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    enter(asked.stack)
    queue = output(asked.stack, "FailuresUrl")
    core, post = wiring.patient_core(), wiring.post()
    return 0 if replay(core, post, client("sqs"), queue, print) else 1


def replay(core: Core, post: Post, sqs: Any, queue: str, say: Callable[[str], object]) -> bool:
    """Whether nothing is owed any more; then the queue is empty."""
    letters = list(_letters(sqs, queue))
    for letter in letters:
        say(told(letter["Body"]))
    failed = [id for id, duty in _owed(core) if not _done(core, post, id, duty, say)]
    if failed:
        say(f"Still owed: {', '.join(failed)}. The letters stay in the queue.")
        return False
    for letter in letters:
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=letter["ReceiptHandle"])
    say(f"Nothing is owed any more; letters taken from the queue: {len(letters)}.")
    return True


def told(body: str) -> str:
    """What a letter says: which function gave up, when, after how many attempts."""
    letter = json.loads(body)
    asked = letter.get("requestContext", {})
    arn = str(asked.get("functionArn", "a function"))
    function = arn.rpartition("function:")[2].removesuffix(":$LATEST")
    why, count = asked.get("condition", "gave up"), asked.get("approximateInvokeCount", "?")
    return f"{letter.get('timestamp', 'some time')}  {function}: {why}, after {count} attempts"


def _letters(sqs: Any, queue: str) -> Iterator[Any]:
    for _ in range(LETTERS):
        got = sqs.receive_message(
            QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=60, WaitTimeSeconds=LOOK_S
        )
        if not got.get("Messages"):
            return
        yield from got["Messages"]


def _owed(core: Core) -> Iterator[tuple[str, Duty]]:
    """Also of uploads that the sweep put off."""
    now = core.clock.now()
    for id in core.uploads.due(now + HOUR, AT_ONCE):
        upload = core.uploads.get(id)
        for duty in duties(upload, now, core.lifetime) if upload else ():
            if duty in (Duty.ASSEMBLE, Duty.NOTIFY):
                yield id, duty


def _done(core: Core, post: Post, id: str, duty: Duty, say: Callable[[str], object]) -> bool:
    try:
        if duty is Duty.ASSEMBLE:
            assemble(core, id)
        else:
            notify(core, post, id)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told, and the others are seen to
        say(f"{id}  {duty.value}: {type(error).__name__}: {error}")
        return False
    upload = core.uploads.get(id)
    say(f"{id}  {duty.value}: done, it is {upload.status.value if upload else 'gone'}")
    return True


if __name__ == "__main__":
    sys.exit(main())
