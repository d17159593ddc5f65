"""``python -m tests.crashes``: plays crashes in a process of its own.

Without arguments it reads one JSON object a line, ``{"scenario", "call", "when"}``, and answers
each with ``{"broken", "remarks"}``; without ``call``, with ``{"calls"}``. ``--record`` writes
``calls.txt`` anew.
"""

import json
import logging
import os
import sys
import traceback
from pathlib import Path
from typing import Any

CALLS = Path(__file__).parent / "calls.txt"
PART = "1024"


def main() -> None:
    os.environ |= {"S3_UPLOAD_PART_MIN_SIZE": PART, "AWS_EC2_METADATA_DISABLED": "true"}
    os.environ |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    os.environ |= {"AWS_DEFAULT_REGION": "eu-central-1", "AWS_REGION": "eu-central-1"}
    os.environ |= {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_SESSION_TOKEN": ""}
    os.environ |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    logging.disable()
    from tests.adapters.signing import serving
    from tests.crashes.stage import Stage

    with serving() as signer:
        stage = Stage(signer)
        if "--record" in sys.argv:
            CALLS.write_text(stage.table())
            return
        for line in sys.stdin:
            print(json.dumps(_answer(stage, json.loads(line))), flush=True)


def _answer(stage: Any, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        if "call" not in asked:
            return {"calls": stage.calls(asked["scenario"])}
        return {"broken": "", "remarks": stage.play(**asked)}
    except Exception:  # noqa: BLE001 - whatever went wrong is the answer
        stage.world = None
        return {"calls": [], "broken": traceback.format_exc(), "remarks": []}


if __name__ == "__main__":
    main()
