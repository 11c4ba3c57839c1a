"""Conditions about open issues (SPEC CUS-5, CUS-10). Pure data; `queries.segments` asks them."""

from typing import Final

from customers.rules.segments import Field, Shape


def _(message: str) -> str:
    """Marks a message for the translators; the pages translate it."""
    return message


CATEGORIES: Final = (
    ("any", _("of any category")),
    ("attitude", _("attitude")),
    ("fault", _("technical fault")),
    ("process", _("business process")),
    ("product", _("product")),
    ("price", _("price")),
    ("other", _("other")),
)
OPEN_ISSUE: Final = Shape(
    "issue",
    _("What the customer said"),
    _("Open issue"),
    (
        Field(
            "op",
            "choice",
            _("How"),
            choices=(("open", _("has one that is not solved")), ("none", _("has none"))),
        ),
        Field("category", "choice", _("Category"), choices=CATEGORIES),
    ),
)
