"""What the service says of itself at ``/config.json``: where the API is, and where to sign in.

Asked anew at each sign-in, so a profile is nothing but an address, and a service may move its pool.
"""

from urllib.parse import urljoin

import msgspec

from manyhands.errors import NotConfigured, NotUnderstood
from manyhands.net.transport import Transport
from manyhands.wire import decode

TIMEOUT_S = 15.0


class Places(msgspec.Struct, frozen=True):
    """The addresses of the sign-in by browser."""

    authorize: str
    token: str


class Config(msgspec.Struct, frozen=True):
    """``sign_in`` is None where nobody can sign in by browser."""

    api: str
    client_id: str
    cognito_endpoint: str
    sign_in: Places | None = None


def read_config(url: str, transport: Transport) -> Config:
    """Raises NotConfigured, Unreachable."""
    answer = transport.send(
        "GET", urljoin(url, "config.json"), headers={}, body=None, timeout_s=TIMEOUT_S
    )
    try:
        if answer.status == 200:
            return _checked(url, decode(answer.body, Config))
    except NotUnderstood as error:
        raise NotConfigured(f"{url} does not say where to sign in: {error.message}") from error
    raise NotConfigured(f"{url} is not a Manyhands service (status {answer.status}).")


def _checked(url: str, config: Config) -> Config:
    """A browser is told to open what stands here, so it must be nothing but a page."""
    if config.sign_in and not config.sign_in.authorize.startswith(("https://", "http://")):
        raise NotConfigured(f"{url} names no page to sign in at: «{config.sign_in.authorize}».")
    return config
