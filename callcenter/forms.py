"""How every form of the product is rendered: our templates around Django's field groups."""

from django.forms.renderers import TemplatesSetting


class PageRenderer(TemplatesSetting):
    """Labels, help and errors in the site's markup; the admin site keeps its own."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
