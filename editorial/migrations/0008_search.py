from django.db import migrations, models

FULL_TEXT = {
    # No triggers: they would be gone when Django makes a table of SQLite anew.
    "sqlite": [
        "CREATE VIRTUAL TABLE editorial_searchtext "
        "USING fts5(names, lead, text, facets, tokenize = 'unicode61 remove_diacritics 0')",
    ],
    # No foreign key: the tables Django knows are emptied in one statement, of which this one is no part.
    "postgresql": [
        "CREATE TABLE editorial_searchtext (id bigint PRIMARY KEY, names tsvector NOT NULL, words tsvector NOT NULL)",
        "CREATE INDEX editorial_searchtext_names ON editorial_searchtext USING gin (names)",
        "CREATE INDEX editorial_searchtext_words ON editorial_searchtext USING gin (words)",
    ],
}


def create(apps, schema_editor):
    for statement in FULL_TEXT[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE editorial_searchtext")


class Migration(migrations.Migration):
    dependencies = [("editorial", "0007_corrections_constraints")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        help_text="mission, event, article, source, organisation or place.", max_length=16
                    ),
                ),
                (
                    "object_id",
                    models.PositiveBigIntegerField(help_text="The number of the record, or of the thing itself."),
                ),
                ("key", models.CharField(help_text="Its slug or key.", max_length=100)),
                ("address", models.CharField(help_text="Its page on this site.", max_length=300)),
                ("title", models.CharField(max_length=500)),
                ("other_names", models.TextField(blank=True, help_text="Its names besides the title, one a line.")),
                ("makers", models.TextField(blank=True, help_text="Who made it, one a line.")),
                (
                    "names",
                    models.TextField(
                        blank=True, help_text="Title and names as they are compared, each between two bars."
                    ),
                ),
                ("lead", models.TextField(blank=True, help_text="What stands first in its text.")),
                ("text", models.TextField(blank=True, help_text="The rest of its words.")),
                ("detail", models.CharField(blank=True, help_text="What a list of hits says of it.", max_length=300)),
                ("themes", models.TextField(blank=True, help_text="Keys of its themes, divided by spaces.")),
                ("first_year", models.SmallIntegerField(null=True)),
                ("last_year", models.SmallIntegerField(null=True)),
                (
                    "priority",
                    models.SmallIntegerField(help_text="Its place among things found equally well, lowest first."),
                ),
                ("found_late", models.BooleanField(help_text="Whether texts that have a word come before it.")),
            ],
            options={
                "verbose_name_plural": "search entries",
                "constraints": [models.UniqueConstraint(fields=("kind", "object_id"), name="one_search_entry_a_thing")],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(help_text="As it is compared.", max_length=60)),
                ("shown", models.CharField(help_text="As it stands in the name.", max_length=60)),
                ("first_letter", models.CharField(max_length=1)),
                ("uses", models.PositiveIntegerField(help_text="In how many names it stands.")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("word", "shown"), name="one_search_word_a_form")],
                "indexes": [models.Index(fields=["first_letter"], name="search_word_by_letter")],
            },
        ),
        migrations.RunPython(create, drop),
    ]
