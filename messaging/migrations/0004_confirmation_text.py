"""A kind of text that asks for the confirmation of a trial, and the shipped draft of it (CAM-10)."""

from django.db import migrations, models
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
    dependencies = [("messaging", "0003_campaign_holds")]
    operations = [
        migrations.AlterField(
            model_name="template",
            name="kind",
            field=models.CharField(
                choices=[
                    ("holiday", "holiday greeting"),
                    ("information", "useful information"),
                    ("tip", "tip"),
                    ("after_repair", "after a repair"),
                    ("thanks", "thanks"),
                    ("survey", "survey invitation"),
                    ("improvement", "improvement notice"),
                    ("confirmation", "confirmation of a trial"),
                    ("unsubscribed", "answer to a stop word"),
                ],
                max_length=14,
                verbose_name="kind",
            ),
        ),
        # A reply answers a questionnaire or the question about a trial.
        migrations.AlterField(
            model_name="reply",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "to be read"),
                    ("stopped", "consent withdrawn"),
                    ("answered", "taken as the answer"),
                    ("person", "handled by a person"),
                ],
                max_length=10,
                verbose_name="outcome",
            ),
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
