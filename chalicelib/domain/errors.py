"""Every refusal that a person or a program can meet, in one tree.

    ManyhandsError
    ├── BadRequest            400  the request itself cannot be right
    │   ├── MalformedBody     400  body is no JSON
    │   ├── InvalidRequest    400  JSON of the wrong shape
    │   ├── NameNotUsable     400  a file name that some device could not store
    │   ├── DigestMalformed   400
    │   ├── PartOutOfRange    400
    │   ├── PartSizeDiffers   400  the client planned the parts differently
    │   ├── TooManyHeld       400
    │   ├── BodyTooLarge      413
    │   ├── NotJson           415
    │   ├── ProtocolNotServed 400  the program is too old for this service
    │   └── FileTooLarge      413
    ├── NotSignedIn           401
    │   ├── TokenMissing / TokenInvalid / TokenExpired
    ├── Forbidden             403
    │   ├── NotInGroup / NotOwner / StruckOut
    ├── NotFound              404
    │   ├── NoSuchUpload / NoSuchRoute
    │   └── MethodNotAllowed  405
    ├── Conflict              409  right in itself, but not now
    │   ├── WrongStatus / ContentDiffers / PageOutOfOrder
    │   └── StaleExchange / ClientTaken / TicketNotTaken
    ├── LimitReached          429
    │   ├── TooManyUploads / GroupFull / BoardFull
    ├── Unavailable           503  ours to mend; the same call may succeed later
    │   ├── BoardBusy / StorageUnavailable / IdentityUnavailable
    └── Internal              500  a defect; the cause is in the log

``code`` is stable and belongs to the protocol; ``status_hint`` is what HTTP makes of it;
``retryable`` says whether the very same call can succeed without anything else changing. The
message says what happened, what is kept and what to do now.
"""

from typing import ClassVar


class ManyhandsError(Exception):
    """The root. ``details`` holds what a program needs to act (numbers, names), never secrets."""

    code: ClassVar[str] = "error"
    status_hint: ClassVar[int] = 500
    retryable: ClassVar[bool] = False
    text: ClassVar[str] = ""

    def __init__(self, message: str = "", **details: object) -> None:
        self.message = message or self.text
        self.details = details
        super().__init__(self.message)


class BadRequest(ManyhandsError):
    code = "bad_request"
    status_hint = 400
    text = "This request cannot be right as it stands. Nothing was changed."


class MalformedBody(BadRequest):
    code = "bad_json"
    text = "The body of the request is not valid JSON. Nothing was changed."


class InvalidRequest(BadRequest):
    code = "invalid_request"


class NameNotUsable(BadRequest):
    code = "name_not_usable"
    text = "This file name cannot be stored safely on every device. Nothing was uploaded."


class DigestMalformed(BadRequest):
    code = "digest_malformed"
    text = "Every digest must be a SHA-256 in base64 (44 characters). Nothing was changed."


class PartOutOfRange(BadRequest):
    code = "part_out_of_range"
    text = "The file has no such part. Nothing was changed."


class PartSizeDiffers(BadRequest):
    code = "part_size_differs"
    text = "Files of this size are cut into parts of another size; see details.part_size."


class TooManyHeld(BadRequest):
    code = "too_many_held"
    text = "One client may not hold so many tickets. Nothing was changed."


class BodyTooLarge(BadRequest):
    code = "body_too_large"
    status_hint = 413
    text = "The body of the request is too large. Nothing was changed."


class NotJson(BadRequest):
    code = "not_json"
    status_hint = 415
    text = "Please send JSON, as «application/json». Nothing was changed."


class ProtocolNotServed(BadRequest):
    code = "protocol_not_served"
    text = (
        "This program is too old for this service. Update it, or load the page anew; "
        "what was uploaded is kept."
    )


class FileTooLarge(BadRequest):
    code = "file_too_large"
    status_hint = 413
    text = "The file is larger than this service accepts. Nothing was uploaded."


class NotSignedIn(ManyhandsError):
    code = "not_signed_in"
    status_hint = 401
    text = "Please sign in. What was uploaded so far is kept."


class TokenMissing(NotSignedIn):
    code = "token_missing"


class TokenInvalid(NotSignedIn):
    code = "token_invalid"
    text = "This sign-in is not valid here. Please sign in again; what was uploaded is kept."


class TokenExpired(NotSignedIn):
    code = "token_expired"
    text = "The sign-in has expired. Please sign in again; what was uploaded is kept."


class Forbidden(ManyhandsError):
    code = "forbidden"
    status_hint = 403
    text = "You may not do this. Nothing was changed."


class NotInGroup(Forbidden):
    code = "not_in_group"
    text = "You are not a member of this group, so nothing was uploaded to it."


class NotOwner(Forbidden):
    code = "not_owner"
    text = "Only the person who began this upload may do that. Nothing was changed."


class StruckOut(Forbidden):
    code = "struck_out"
    text = (
        "Parts that you reported as sent were not in the storage, several times over. "
        "You can watch this upload, but no longer send parts of it."
    )


class NotFound(ManyhandsError):
    code = "not_found"
    status_hint = 404
    text = "There is nothing here."


class NoSuchUpload(NotFound):
    code = "no_such_upload"
    text = "There is no such upload, or it is not shared with you."


class NoSuchRoute(NotFound):
    code = "no_such_route"
    text = "There is no such address."


class MethodNotAllowed(NotFound):
    code = "method_not_allowed"
    status_hint = 405
    text = "This address does not take such a request."


class Conflict(ManyhandsError):
    code = "conflict"
    status_hint = 409


class WrongStatus(Conflict):
    code = "wrong_status"


class BegunAnew(Conflict):
    code = "begun_anew"
    text = "This upload was ended and begun anew. Create or join it again to help with the new one."


class ContentDiffers(Conflict):
    code = "content_differs"
    text = (
        "Your file differs from the one being uploaded, though name, size and beginning agree. "
        "The upload is unharmed; yours can be uploaded beside it."
    )


class PageOutOfOrder(Conflict):
    code = "page_out_of_order"
    text = "Manifest pages arrive in order; see details.next_page. Nothing was changed."


class StaleExchange(Conflict):
    code = "stale_exchange"
    text = "A later exchange of this client was already answered; this one changed nothing."


class ClientTaken(Conflict):
    code = "client_taken"
    text = "This client id belongs to somebody else. Choose a new one; nothing was changed."


class TicketNotTaken(Conflict):
    code = "ticket_not_taken"
    text = "This client reports parts as sent that it did not take. Nothing was changed."


class LimitReached(ManyhandsError):
    code = "limit_reached"
    status_hint = 429
    retryable = True


class TooManyUploads(LimitReached):
    code = "too_many_uploads"
    retryable = False
    text = "You have too many unfinished uploads. Finish or cancel one; nothing was uploaded."


class GroupFull(LimitReached):
    """The message names the limit, as ``details.limit`` does; ``room`` words it."""

    code = "group_full"
    retryable = False
    text = "The group has no room for this file. Nothing was uploaded, and what is stored stays."


class BoardFull(LimitReached):
    code = "board_full"
    text = "Too many devices work on this upload at once. It goes on without this one."


class Unavailable(ManyhandsError):
    code = "unavailable"
    status_hint = 503
    retryable = True


class BoardBusy(Unavailable):
    code = "board_busy"
    text = "Many devices reported at the same moment. Nothing is lost; please try again."


class StorageUnavailable(Unavailable):
    code = "storage_unavailable"
    text = "The storage did not answer as it should. Nothing is lost; please try again."


class IdentityUnavailable(Unavailable):
    code = "identity_unavailable"
    text = "The sign-in service did not answer. Nothing is lost; please try again."


class Internal(ManyhandsError):
    code = "internal"
    retryable = True
    text = "Something went wrong on our side. What was uploaded is kept; please try again."
