"""How phone numbers and contact decisions are shown: hidden by default, in the reader's language (CUS-11)."""

from django import template
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from callcenter.masking import mask_text
from customers.rules import phones
from customers.rules.contact import REASON_TEXTS

register = template.Library()


@register.filter
def masked(number):
    """A stored number as everybody sees it: 138****8000."""
    return phones.mask(number) if number else "—"


@register.filter
def quiet(text):
    """Any text with the numbers and addresses of people in it hidden."""
    return mask_text(str(text))


@register.filter
def whole(number):
    """A stored number in full, for pages that have logged its showing."""
    return phones.display(number)


@register.filter
def reason_text(reason):
    """One reason against a contact as a sentence."""
    return _(REASON_TEXTS[reason.code]) % reason.params


@register.filter
def translated(label):
    """A label that a rule marked for translation."""
    return _(label)


@register.filter
def language_name(code):
    """A customer's language by its own name; a code nobody knows stays as it is."""
    try:
        return get_language_info(code)["name_local"]
    except KeyError:
        return code
