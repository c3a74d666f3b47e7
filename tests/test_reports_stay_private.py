"""What readers sent and nobody released, looked for at every address of the site, with reports in every state.

The addresses are those of the test of drafts: a page added later is looked at as well.
"""

from __future__ import annotations

import pytest

from editorial import amendments
from editorial.corrections import answering, deciding, receiving
from editorial.models import Correction
from tests.dataset_files import Files
from tests.factories import (
    ArticleFactory,
    CitationFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    SourceFactory,
    author,
    next_edition,
    published,
    reported,
    reviewer,
)
from tests.test_drafts_stay_private import KEPT, WORD, addresses, answer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_pages")]

RELEASED = "released by consent"
State = Correction.State


def told(**fields):
    """All a reader can send, the word in each; they would allow everything, and nobody has released it."""
    return {
        "message": f"Message {WORD}", "passage": f"Passage {WORD}", "should_say": f"Rather {WORD}", "name": f"Name {WORD}",
        "email": f"{WORD}@example.org", "evidence_url": f"https://example.org/{WORD}", "figure": WORD, "citation": WORD,
        "may_name": True, "may_quote": True, "living_person": True, "subject_label": "Public",
    } | fields  # fmt: skip


@pytest.fixture
def reports():
    """Public things of every kind, and reports on them in every state."""
    source = SourceFactory(key="public", title="Public source")
    mission = MissionFactory(slug="public")
    CitationFactory(edition=mission, key="public", source=source)
    FigureFactory(edition=mission, fact="public-fact", source=source)
    published(mission)
    published(EventFactory(slug="public"))
    published(ArticleFactory(slug="public"))
    record = mission.record

    draft = next_edition(record, change_kind="correction")
    fixed = reported(record, state=State.IN_WORK, attached_to=draft, **told())
    published(draft)
    by_amendment = reported(None, state=State.CONFIRMED, **told(subject=source.get_absolute_url()))
    changed = type(source).objects.get(pk=source.pk)
    changed.title = "A better title"
    amendment = amendments.propose(source, changed, by=author(), reason="A slip.")
    answering.attach_to_amendment(by_amendment, by=author(), amendment=amendment)
    amendments.confirm(amendment, by=reviewer())
    made = [fixed, by_amendment]
    for state in (State.NEW, State.NEEDS_INFORMATION, State.CONFIRMED, State.DECLINED, State.CLOSED):
        made.append(reported(record, state=state, **told()))
        made.append(reported(None, state=state, **told(subject=source.get_absolute_url())))
    made.append(reported(record, state=State.DUPLICATE, duplicate_of=fixed, **told()))
    made.append(reported(record, is_spam=True, **told()))
    made.append(reported(record, state=State.IN_WORK, **told()))
    for report in made:
        deciding.note(report, by=author(), text=f"Note {WORD}")
        receiving.follow_up(report, {"text": f"Follow-up {WORD}"}, address=f"192.0.2.{report.pk}")
    taken_back = reported(record, state=State.DECLINED, **told())
    deciding.release(taken_back, by=author(), words=True, name=True)
    receiving.withdraw_name(taken_back)
    receiving.withdraw_words(taken_back)
    words, name = (reported(record, state=State.DECLINED, **told()) for _ in range(2))
    for report, shown in ((words, {"message": RELEASED, "passage": "", "should_say": ""}), (name, {"name": RELEASED})):
        Correction.objects.filter(pk=report.pk).update(**shown)
        deciding.release(report, by=author(), words=report is words, name=report is name)
    return Correction.objects.order_by("pk")


def test_no_public_address_says_what_a_reader_sent_and_nobody_released(client, reports):
    numbers = [report.number for report in reports]
    asked = {
        *addresses(),
        "/corrections/?state=declined",
        "/api/v1/corrections/?page_size=100",
        "/api/v1/changes/?page_size=100",
    }
    asked |= {f"{before}/corrections/{number}/" for before in ("", "/api/v1") for number in numbers}
    there = [address for address in sorted(asked) if answer(client, address)[0] in KEPT]
    texts = [answer(client, address)[1] for address in there]  # once more, when they may come from a cache
    found = sum(RELEASED in text for text in texts)
    assert found >= 5  # words and name, each on its page and in the API; and the API's list


def test_no_file_to_download_says_it(reports, tmp_path):
    everything = Files(tmp_path).everything().decode(errors="replace").lower()

    assert f"/corrections/{reports[0].number}/" in everything
    assert WORD not in everything


def test_the_word_would_be_found_if_it_were_released(client, reports):
    report = reports.filter(state=State.DECLINED, name__contains=WORD).first()
    for words, name in ((True, False), (False, True)):
        deciding.release(report, by=author(), words=words, name=name)
        assert WORD in client.get(report.get_absolute_url()).content.decode()
