"""What all processes of the web remember for minutes: attempts, and codes that were used."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_initial_passwords"),
    ]

    operations = [
        # As `createcachetable` makes it, with the rights of the application. Keys hold numbers of
        # operators and no name, and no page lists them: not a table of an organization.
        migrations.RunSQL(
            """
            CREATE TABLE cache_entry (
              cache_key varchar(255) PRIMARY KEY,
              value text NOT NULL,
              expires timestamptz NOT NULL
            );
            -- throws out what expired, when the table is full
            CREATE INDEX cache_entry_expires ON cache_entry (expires);
            GRANT SELECT, INSERT, UPDATE, DELETE ON cache_entry TO denrei_app;
            """,
            "DROP TABLE cache_entry",
        ),
    ]
