"""``python -m examples.embed``: the system on this machine, and a site that embeds it."""

import threading

from examples.embed.site import Site, token_of
from local.stack import Options, Stack


def main() -> None:
    with Site() as site, Stack(Options(other_origins=(site.origin,))) as stack:
        site.serve(stack.url, lambda: token_of(stack.url, "ana"))
        print(f"The site that embeds the uploader: {site.origin}")
        print(f"The service itself, with its own page: {stack.url}\nCtrl-C ends both.")
        threading.Event().wait()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("\nStopped.")
