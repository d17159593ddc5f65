"""Options of the whole command, given before the command's own; read by whoever needs them."""

import os
from dataclasses import dataclass


@dataclass
class Settings:
    debug: bool = bool(os.environ.get("MANYHANDS_DEBUG"))
    profile: str = ""


SETTINGS = Settings()
