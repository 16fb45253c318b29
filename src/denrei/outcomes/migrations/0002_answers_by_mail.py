"""What a reply names, and the answer that it was kept as (MSG-8)."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outcomes", "0001_received_mail"),
    ]

    operations = [
        migrations.AddField(
            model_name="receivedmail",
            name="choice",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="receivedmail",
            name="response_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="receivedmail",
            name="found_by",
            field=models.TextField(
                choices=[
                    ("token", "戻り先アドレスの署名"),
                    ("message", "元のメールのMessage-ID"),
                    ("page", "引用された回答ページのアドレス"),
                    ("address", "宛先のアドレス"),
                    ("", "特定できません"),
                ],
                db_default="",
                default="",
            ),
        ),
    ]
