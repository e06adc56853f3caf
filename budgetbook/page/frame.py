"""One page as one file: a template, its style and scripts, and a policy that lets nothing else run. The module that knows Jinja."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from .compact import embedded


def page(template: str, script: str, told: Any, **words: Any) -> str:
    """The page that *template* makes of *words*; *script* builds in the browser what it finds in *told*."""
    style, code = _asset("page.css"), _asset("page.js") + _asset(script)
    policy = (
        f"default-src 'none'; script-src '{_digest(code)}'; style-src '{_digest(style)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    made = _templates().get_template(template)
    return made.render(words, policy=policy, style=Markup(style), code=Markup(code), told=embedded(told))


@cache
def _templates() -> Environment:
    loader = PackageLoader("budgetbook.page", "assets")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@cache
def _asset(name: str) -> str:
    loader = PackageLoader("budgetbook.page", "assets")
    return loader.get_source(_templates(), name)[0]


def _digest(text: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode()
