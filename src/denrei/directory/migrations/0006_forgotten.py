"""Finds what an import may still be undone by, among all that is forgotten."""

from __future__ import annotations

from django.db import migrations, models

from denrei.accounts.rolling import IndexConcurrently


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("directory", "0005_undo")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                IndexConcurrently(
                    "people_import_person_known",
                    "people_import_person (people_import_id) WHERE before IS NOT NULL",
                )
            ],
            state_operations=[
                migrations.AddIndex(
                    model_name="importedperson",
                    index=models.Index(
                        condition=models.Q(("before__isnull", False)),
                        fields=["people_import"],
                        name="people_import_person_known",
                    ),
                )
            ],
        )
    ]
