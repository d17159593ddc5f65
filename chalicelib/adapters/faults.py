"""Which of AWS's errors may pass by themselves.

Only those become StorageUnavailable (or what the caller names); everything else is a defect of
ours and is let through as it is, to be seen.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError, HTTPClientError

from chalicelib.domain.errors import StorageUnavailable, Unavailable

PASSING = frozenset(
    {
        "InternalError",
        "InternalServerError",
        "ServiceUnavailable",
        "SlowDown",
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
    except HTTPClientError as error:
        raise unavailable from error
    except ClientError as error:
        if may_pass(error):
            raise unavailable from error
        raise


def may_pass(error: ClientError) -> bool:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return code_of(error) in PASSING or status >= 500


def code_of(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")
