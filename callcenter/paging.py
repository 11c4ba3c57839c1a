"""Pages of lists that never count the table: one row more than shown tells whether there is a next page."""

from django.utils.translation import gettext as _
from rest_framework.pagination import CursorPagination

from callcenter.errors import Refused

PAGE_SIZE = 50
MAX_PAGE = 2_000


class Page:
    """A slice of an ordered queryset with ``number``, ``has_next``, ``has_previous``; iterable."""

    def __init__(self, rows, number, has_next):
        self.rows, self.number, self.has_next = rows, number, has_next
        self.has_previous = number > 1

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)


def page_of(queryset, raw_number, size=PAGE_SIZE) -> Page:
    """Page ``raw_number`` (anything a URL may hold) of an ordered queryset. Nonsense is page 1."""
    text = str(raw_number or "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    number = max(1, number)
    if number > MAX_PAGE:
        raise Refused(
            _("That is too far down the list. Narrow it with the filters instead."), code="page_too_far"
        )
    start = (number - 1) * size
    rows = list(queryset[start : start + size + 1])
    return Page(rows[:size], number, len(rows) > size)


class ApiPagination(CursorPagination):
    """Cursor pagination by descending id: constant cost at any depth."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500
    ordering = "-id"
