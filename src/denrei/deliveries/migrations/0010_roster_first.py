"""A slice that knows nothing of the roster must not end a launch (ADR 0024)."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("deliveries", "0009_restored_elsewhere"), ("audience", "0003_roster")]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER roster_first BEFORE UPDATE OF cursor ON run"
            " FOR EACH ROW EXECUTE FUNCTION roster_first()",
            "DROP TRIGGER roster_first ON run",
        ),
    ]
