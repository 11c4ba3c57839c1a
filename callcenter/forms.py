"""How every form of the product is rendered: our templates around Django's field groups."""

from django.forms.renderers import TemplatesSetting

from callcenter.errors import Refused


class PageRenderer(TemplatesSetting):
    """Labels, help and errors in the site's markup; the admin site keeps its own."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"


def posted(request):
    """The data of a form that was sent, even an empty one; None when the page is only opened."""
    return request.POST if request.method == "POST" else None


def attempt(form, verb, **values):
    """Call an action with a valid form's values; a refusal becomes errors of the form and None is returned.

    A ``Conflict`` is not caught: the thing has changed meanwhile, and the page for that says so.
    """
    try:
        return verb(**values)
    except Refused as refusal:
        for name, messages in refusal.fields.items():
            if name in form.fields:
                form.add_error(name, [str(message) for message in messages])
        form.add_error(None, str(refusal.message))
        return None
