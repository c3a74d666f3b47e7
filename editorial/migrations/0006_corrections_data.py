from django.db import migrations
from django.db.models import F
from django.db.models.functions import Coalesce

TEMPLATES = {
    "Sources differ": (
        "The sources we have differ on this, and the page shows them side by side, each with its date and what it "
        "counts. We do not prefer one of them without a reason that a source gives. If you know of a source that "
        "settles it, please tell us where it can be read."
    ),
    "A source is needed": (
        "We could not find a source for this. Please tell us where it can be read, with the page, and we will look "
        "at it again."
    ),
    "The source says what we say": (
        "We compared the passage with its source, which says what the page says. The note on the page names the "
        "source and the place in it."
    ),
    "A verdict needs a holder": (
        "This is a judgement. The record tells what was done and who judged it how: judgements stand in it only with "
        "the name of who made them, the date and a source."
    ),
    "Thank you for a comment": "Thank you. The comment was read; it asks for nothing on the page to be corrected.",
    "No answer came": (
        "We asked for more and no answer came, so we close the report. If you can tell us more, write to us again."
    ),
}
SETTLED = ["fixed", "declined", "duplicate", "closed"]


def carry_over(apps, schema_editor):
    """Reports settled before this column was there; notes of editors; a first set of answers."""
    using = schema_editor.connection.alias
    correction, entry, template = (
        apps.get_model("editorial", name) for name in ("Correction", "CorrectionEntry", "AnswerTemplate")
    )
    reports = correction.objects.using(using)
    reports.filter(state="duplicate", duplicate_of=None).update(state="closed")
    reports.filter(state__in=SETTLED).update(settled_at=Coalesce(F("decided_at"), F("received_at")))
    entry.objects.using(using).bulk_create(
        entry(correction=report, at=report.received_at, kind="note", text=report.internal_notes)
        for report in reports.exclude(internal_notes="")
    )
    template.objects.using(using).bulk_create(template(title=title, text=text) for title, text in TEMPLATES.items())


class Migration(migrations.Migration):
    dependencies = [("editorial", "0005_corrections_answered")]

    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
