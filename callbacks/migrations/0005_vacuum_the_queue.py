"""On PostgreSQL the task table is vacuumed early: every claim leaves a dead entry at the front of the queue's index."""

from django.db import migrations

SETTINGS = "autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 1, autovacuum_analyze_scale_factor = 0.02"


def set_storage(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER TABLE callbacks_task SET ({SETTINGS})")


class Migration(migrations.Migration):
    dependencies = [("callbacks", "0004_one_task_in_hand")]
    operations = [migrations.RunPython(set_storage, migrations.RunPython.noop)]
