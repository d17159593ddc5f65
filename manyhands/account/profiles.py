"""Profiles: several services, or several people at one, under names, as the AWS command line has.

A profile is a name and the service's address; everything else is asked of that address each time
somebody signs in. They stand in ``config.ini``, which is meant to be read and written by people
too::

    [profile work]
    url = https://uploads.example.org/

Which one counts: ``--profile`` before the command, else ``MANYHANDS_PROFILE``, else ``default``.
``MANYHANDS_URL`` replaces the address for one command and is never written down.

INI, because the standard library both reads and writes it; TOML it only reads. Names are small
letters, digits and ``._-``: they become names of files, and some disks take ``Work`` for ``work``.
"""

import configparser
import io
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from manyhands.account import folder as files
from manyhands.errors import BadAddress, BadProfile, NoSuchProfile, StoreUnusable

DEFAULT = "default"
PROFILE_VARIABLE, URL_VARIABLE = "MANYHANDS_PROFILE", "MANYHANDS_URL"
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
HEADER = (
    "# The profiles of manyhands. Comments are lost when «manyhands configure» writes this.\n\n"
)
SECTION = "profile "


def chosen(option: str, environment: Mapping[str, str]) -> str:
    """The name of the profile that counts. Raises BadProfile."""
    return checked(option or environment.get(PROFILE_VARIABLE) or DEFAULT)


def checked(name: str) -> str:
    """Raises BadProfile."""
    if not NAME.fullmatch(name):
        raise BadProfile(
            f"«{name}» cannot be the name of a profile: small letters, digits and . _ - only."
        )
    return name


def address(text: str) -> str:
    """The service's address, ending in "/". Raises BadAddress."""
    url = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(url)
        right = parts.scheme in ("http", "https") and parts.hostname and not parts.query
        right = right and url.split() == [url] and not parts.fragment and parts.port != 0
    except ValueError:
        right = False
    if not right:
        raise BadAddress(f"«{text}» is not the address of a Manyhands service.")
    return url if url.endswith("/") else f"{url}/"


def command(profile: str, rest: str) -> str:
    """What to type for this profile."""
    return f"manyhands {rest}" if profile == DEFAULT else f"manyhands --profile {profile} {rest}"


class Profiles:
    """``config.ini`` of a folder. Every method raises StoreUnusable."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "config.ini"

    def all(self) -> dict[str, str]:
        """Addresses by name, as they are written."""
        found = self._read()
        sections = [section for section in found.sections() if section.startswith(SECTION)]
        return {s.removeprefix(SECTION): found[s].get("url", "") for s in sections}

    def url(self, name: str, environment: Mapping[str, str]) -> str:
        """The address that counts, "" if only ``default`` has none yet.

        Raises NoSuchProfile, BadAddress.
        """
        instead = environment.get(URL_VARIABLE)
        if instead:
            return address(instead)
        written = self.all()
        if name not in written and name != DEFAULT:
            raise NoSuchProfile(name, list(written))
        return address(written[name]) if written.get(name) else ""

    def set(self, name: str, url: str) -> None:
        """Whatever else is written in the file stays, but for comments. Raises BadProfile."""
        section = f"{SECTION}{checked(name)}"
        with files.locked(self._path.with_suffix(".lock")):
            found = self._read()
            if not found.has_section(section):
                found.add_section(section)
            found[section]["url"] = url
            text = io.StringIO(HEADER)
            text.seek(0, io.SEEK_END)
            found.write(text)
            files.write(self._path, text.getvalue().encode())

    def _read(self) -> configparser.ConfigParser:
        found = configparser.ConfigParser(interpolation=None)
        try:
            found.read_string(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return found
        except (OSError, UnicodeDecodeError, configparser.Error) as error:
            why = str(error).replace("\n", " ")
            raise StoreUnusable(
                f"{self._path} cannot be read ({why}). Please mend it, or delete it."
            ) from error
        return found
