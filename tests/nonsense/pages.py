"""What a page offers to somebody who sends anything: its addresses, its forms and the names in its queries."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

LINKS = ("href", "hx-get", "src")
NAMES = re.compile(r"[?&;](\w+)=")


@dataclass
class Form:
    """One form, or one button that posts by itself: where it goes, how, and what may be chosen under each name."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)


class Page(HTMLParser):
    def __init__(self, text: str):
        super().__init__()
        self.links: set[str] = set()
        self.forms: list[Form] = []
        self.names = set(NAMES.findall(text))
        self._form: Form | None = None
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        self.links.update(given[name] for name in LINKS if given.get(name, "").startswith(("/", "?")))
        if tag == "form":
            posts = given.get("hx-post")
            action = given.get("action") or posts or given.get("hx-get") or ""
            self._form = Form(action, "post" if posts else given.get("method", "get").lower())
            self.forms.append(self._form)
        elif given.get("hx-post"):
            self.forms.append(Form(given["hx-post"], "post"))
        if self._form is None:
            return
        name = given.get("name")
        if tag == "select":
            self._select = name or ""
        if name and tag in {"input", "select", "textarea", "button"}:
            chosen = self._form.fields.setdefault(name, [])
            if tag != "select":
                chosen.append(given.get("value", ""))
        elif tag == "option" and self._select:
            self._form.fields.setdefault(self._select, []).append(given.get("value", ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
