"""Load the shipped texts and stop words, so that every installation has them (CB-9)."""

from django.db import migrations
from django.utils import timezone

from messaging import catalogue


def load(apps, schema_editor):
    catalogue.load_texts(
        apps.get_model("messaging", "Template"),
        apps.get_model("messaging", "TemplateVersion"),
        apps.get_model("messaging", "StopWord"),
        now=timezone.now(),
    )


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
