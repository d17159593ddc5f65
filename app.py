"""The functions of Manyhands, as Lambda sees them. All that they do stands in ``chalicelib/``.

The API's function makes its clients while it is started, not at its first call: until then Lambda
lets it have a whole processor, and afterwards its share of one, a third with 512 MB. It is known by
``_HANDLER``, which is set by Lambda and nowhere else.
"""

import os
import sys
from typing import Any

from chalice import Chalice, Rate

from chalicelib import edge, wiring
from chalicelib.adapters.logs import speak
from chalicelib.events.stream import each_upload
from chalicelib.service.assembling import assemble as assemble_upload
from chalicelib.service.notifying import notify as notify_of
from chalicelib.service.sweeping import sweep as sweep_uploads
from chalicelib.web.answers import one_shape
from chalicelib.web.other_pages import open_to_other_pages
from chalicelib.web.routes import routes

STREAM = {"Fn::GetAtt": ["Table", "StreamArn"]}

if "_HANDLER" in os.environ:
    speak(sys.stdout)

app = Chalice(app_name="manyhands", configure_logs=False)
app.register_blueprint(routes)
app.register_middleware(edge.call_of_the_api, "http")
open_to_other_pages(app)
app.register_middleware(one_shape, "http")


@app.on_dynamodb_record(stream_arn=STREAM, batch_size=1, starting_position="TRIM_HORIZON")
@edge.event("assemble")
def assemble(event: Any) -> None:
    each_upload(event.to_dict(), lambda id: assemble_upload(wiring.patient_core(), id))


@app.on_dynamodb_record(stream_arn=STREAM, batch_size=1, starting_position="TRIM_HORIZON")
@edge.event("notify")
def notify(event: Any) -> None:
    each_upload(event.to_dict(), lambda id: notify_of(wiring.core(), wiring.post(), id))


@app.schedule(Rate(5, unit=Rate.MINUTES))
@edge.event("sweep")
def sweep(event: Any) -> None:
    sweep_uploads(wiring.patient_core(), wiring.post())


if os.environ.get("_HANDLER") == "app.app":
    wiring.warm_up()
