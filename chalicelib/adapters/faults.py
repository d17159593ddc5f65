"""Which of AWS's errors may pass by themselves.

Only those become StorageUnavailable (or what the caller names); everything else is a defect of
ours and is let through as it is, to be seen. The SDK has tried several times before an error comes
here. It has two families for a call that got no answer: ``ConnectionError`` where none was begun,
``HTTPClientError`` where it broke off on the way.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from chalicelib.domain.errors import StorageUnavailable, Unavailable

PASSING = frozenset(
    {
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "ServiceUnavailable",
        "SlowDown",
        "Throttled",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestTimeout",
    }
)


@contextmanager
def passing(unavailable: type[Unavailable] = StorageUnavailable) -> Iterator[None]:
    """Turn errors that may pass into ``unavailable``, with their cause."""
    try:
        yield
    except (ConnectionError, HTTPClientError) as error:
        raise unavailable from error
    except ClientError as error:
        if may_pass(error):
            raise unavailable from error
        raise


def may_pass(error: ClientError) -> bool:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return code_of(error) in PASSING or status == 429 or status >= 500


def code_of(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")
