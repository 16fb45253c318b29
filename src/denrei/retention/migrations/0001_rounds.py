from __future__ import annotations

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from denrei.accounts import tenancy

#: What is append-only may be deleted by the worker's role alone, and only what is over: of a broadcast that is marked
#: as emptied, or older than the shortest period that an organization may choose (denrei.domain.retention). The
#: database says so, whatever the code asks for.
DELETIONS = """
GRANT DELETE ON attempt, event, response, page_view, audit_entry TO denrei_worker;
CREATE POLICY over ON attempt AS RESTRICTIVE FOR DELETE
  USING (EXISTS (SELECT FROM emptied e WHERE e.broadcast_id = attempt.broadcast_id));
CREATE POLICY over ON event AS RESTRICTIVE FOR DELETE
  USING (CASE WHEN broadcast_id IS NULL THEN received_at < now() - interval '90 days'
              ELSE EXISTS (SELECT FROM emptied e WHERE e.broadcast_id = event.broadcast_id) END);
CREATE POLICY over ON response AS RESTRICTIVE FOR DELETE
  USING (EXISTS (SELECT FROM emptied e WHERE e.broadcast_id = response.broadcast_id));
CREATE POLICY over ON page_view AS RESTRICTIVE FOR DELETE
  USING (at < now() - interval '30 days' OR EXISTS (SELECT FROM emptied e WHERE e.broadcast_id = page_view.broadcast_id));
CREATE POLICY over ON audit_entry AS RESTRICTIVE FOR DELETE USING (at < now() - interval '1 year');
"""
NO_DELETIONS = """
REVOKE DELETE ON attempt, event, response, page_view, audit_entry FROM denrei_worker;
DROP POLICY over ON attempt; DROP POLICY over ON event; DROP POLICY over ON response;
DROP POLICY over ON page_view; DROP POLICY over ON audit_entry;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0006_first_steps"),
        ("deliveries", "0016_emptied_hold"),
        ("responses", "0003_earlier_answers"),
    ]

    operations = [
        migrations.CreateModel(
            name="RetentionRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("night", models.DateField()),
                ("kind", models.TextField()),
                ("until", models.DateTimeField()),
                (
                    "began_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "moved_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                ("removed", models.BigIntegerField(db_default=0, default=0)),
                ("rows", models.BigIntegerField(db_default=0, default=0)),
                ("seconds", models.FloatField(db_default=0, default=0)),
                ("trouble", models.TextField(db_default="", default="")),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "db_table": "retention_run",
                "indexes": [
                    models.Index(
                        fields=["organization", "-night", "id"], name="retention_run_newest"
                    ),
                    models.Index(
                        condition=models.Q(
                            ("ended_at", None), models.Q(("trouble", ""), _negated=True)
                        ),
                        fields=["organization"],
                        name="retention_run_failing",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("night", "organization", "kind"),
                        name="retention_run_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        # the clock of the workers asks what of a night is done before it acts for anybody
        tenancy.SecureTenant("retention_run", worker_sees_all=True),
        migrations.RunSQL(DELETIONS, NO_DELETIONS),
    ]
