"""Finding the service at an address that somebody typed.

Without a scheme it is https. A stack on one's own machine has no certificate, so on a loopback
address http is taken where only that answers. Elsewhere it is only named, never taken: a password
would travel in the clear.
"""

import ipaddress
from urllib.parse import urlsplit

from manyhands.account.profiles import address
from manyhands.account.service import read_config
from manyhands.cli import waiting
from manyhands.errors import ManyhandsError, NotConfigured, Unreachable
from manyhands.net.transport import PoolTransport


def service(typed: str) -> str:
    """The address of a service that answers. Raises BadAddress, NotConfigured, Unreachable."""
    base = address(typed)
    with waiting.answers_of(place(base)):
        try:
            read_config(base, PoolTransport())
        except Unreachable as error:
            return _without_certificate(typed, base, error)
    return base


def host(base: str) -> str:
    return urlsplit(base).hostname or ""


def place(base: str) -> str:
    """With its port, if it was given one."""
    return urlsplit(base).netloc


def _without_certificate(typed: str, base: str, error: Unreachable) -> str:
    parts = urlsplit(base)
    plain = parts._replace(scheme="http").geturl()
    if plain == base or not (parts.port or _is_here(host(base))) or not _answers(plain):
        raise error
    if _is_here(host(base)) and "://" not in typed:
        return plain
    raise NotConfigured(f"{base} does not answer. Did you mean {plain}?") from error


def _answers(base: str) -> bool:
    try:
        read_config(base, PoolTransport())
    except ManyhandsError:
        return False
    return True


def _is_here(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
