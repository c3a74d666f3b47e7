from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("editorial", "0006_corrections_data")]

    operations = [
        migrations.RemoveConstraint(
            model_name="correction",
            name="correction_in_work_says_where",
        ),
        migrations.RemoveField(
            model_name="correction",
            name="internal_notes",
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "in_work"), _negated=True),
                    models.Q(("attached_to", None), _negated=True),
                    models.Q(("amendment", None), _negated=True),
                    _connector="OR",
                ),
                name="correction_in_work_says_where",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "duplicate"), _negated=True), ("duplicate_of__isnull", False), _connector="OR"
                ),
                name="duplicate_correction_says_of_which",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("settled_at__isnull", False), ("state__in", ["fixed", "declined", "duplicate", "closed"])
                    ),
                    models.Q(
                        models.Q(("state__in", ["fixed", "declined", "duplicate", "closed"]), _negated=True),
                        ("settled_at", None),
                    ),
                    _connector="OR",
                ),
                name="correction_settled_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(("name_public", False), ("may_name", True), _connector="OR"),
                name="named_with_consent",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(("words_public", False), ("may_quote", True), _connector="OR"),
                name="quoted_with_consent",
            ),
        ),
    ]
