"""What a person sees: who one could be here, and a form as anywhere."""

import base64
import hashlib
from html import escape

from local.people import PASSWORD, Sample

STYLE = """
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0;display:grid;place-items:center;min-height:100vh;background:light-dark(#f6f8f8,#12171a);
color:light-dark(#182226,#e7eef0)}
main{box-sizing:border-box;width:min(24rem,100vw);padding:1.5rem;display:grid;gap:1rem}
h1{font-size:1.4rem;margin:0}p{margin:0;color:light-dark(#54636a,#a3b4bb)}
form{display:grid;gap:.7rem}label{display:grid;gap:.2rem}
input,button{font:inherit;color:inherit;padding:.55rem .8rem;border-radius:9px;
border:1px solid light-dark(#b8c4c8,#44555e);background:light-dark(#fff,#1b2327)}
button{cursor:pointer;text-align:left}
button.main{background:light-dark(#0a6f7d,#4cc3d4);color:light-dark(#fff,#06262b);font-weight:600;
text-align:center}
:focus-visible{outline:3px solid light-dark(#0a6f7d,#4cc3d4);outline-offset:2px}
[role=alert]{color:light-dark(#b3261e,#ff9c94)}hr{width:100%;border:0;border-top:1px solid #8886}
"""
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
CONTENT_SECURITY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; frame-ancestors 'none'"
)
"""No form-action: Chromium applies it to the redirect after the form, which leads to the client."""


def sign_in(query: str, samples: tuple[Sample, ...], hint: str, wrong: bool) -> str:
    """``query``: the authorization request, which the forms carry on."""
    people = "".join(_person(sample, query) for sample in samples)
    alert = '<p role="alert">User name or password is wrong.</p>' if wrong else ""
    return _page(
        "Sign in",
        "<p>This system runs on one machine, with sample people. "
        f"The password of each is {escape(PASSWORD)}.</p>{people}<hr>"
        f"{_form(query)}{alert}"
        '<label>User name<input name="username" autocomplete="username" required '
        f'value="{escape(hint)}"></label>'
        '<label>Password<input name="password" type="password" '
        'autocomplete="current-password" required></label>'
        '<button class="main">Sign in</button></form>',
    )


def mistaken(why: str) -> str:
    return _page("This sign-in cannot be right", f"<p>{escape(why)}</p>")


def _person(sample: Sample, query: str) -> str:
    groups = ", ".join(sample.groups)
    return (
        f'{_form(query)}<input type="hidden" name="username" value="{escape(sample.name)}">'
        f'<input type="hidden" name="password" value="{escape(PASSWORD)}">'
        f"<button>{escape(sample.name)} <small>({escape(groups)})</small></button></form>"
    )


def _form(query: str) -> str:
    return f'<form method="post" action="/oauth2/authorize?{escape(query)}">'


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title} · Manyhands</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{title}</h1>{body}</main></body></html>"
    )
