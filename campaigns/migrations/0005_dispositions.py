"""Load the shipped dispositions, so that every installation and every test has them (CB-4)."""

from django.db import migrations

from campaigns import catalogue


def load(apps, schema_editor):
    catalogue.load_dispositions(apps.get_model("campaigns", "Disposition"))


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0004_policies_scripts_variants")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
