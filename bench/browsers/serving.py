"""The peer's page: its scripts bundled as its documents say, served on a port of this machine.

``http://127.0.0.1`` is a secure context, as our own page's origin is, and another origin than the
storage's, as our own page's is.
"""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copyfile

from bench.peers import ROOT

SOURCES = ROOT / "bench" / "browsers"
PAGES = {"uppy6": SOURCES / "uppy6.js", "uppy5": SOURCES / "uppy5" / "uppy5.js"}
NODE = Path(sys.prefix) / "bin" / "node"
ESBUILD = ROOT / "node_modules" / "esbuild" / "bin" / "esbuild"
BUNDLED = ("--bundle", "--format=esm", "--minify", "--target=es2022", "--log-level=error")


@contextmanager
def pages() -> Iterator[str]:
    """Where they are: a folder for each, by its name in ``PAGES``."""
    folder = ROOT / "build" / "bench" / "pages"
    for name, source in PAGES.items():
        _bundle(source, folder / name)
    handler = partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, name="pages", daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def _bundle(source: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    copyfile(SOURCES / "index.html", folder / "index.html")
    out = f"--outfile={folder / 'page.js'}"
    subprocess.run([NODE, ESBUILD, source, *BUNDLED, out], cwd=ROOT, check=True)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""
