"""Changes to what many records share: proposed by one editor, in force when another confirms."""

from decimal import Decimal

import pytest

from editorial import amendments
from editorial.models import Amendment, Change, PublicSerial
from editorial.workflow import WorkflowError
from missions.models import Organisation, Place, Term
from sources.models import Source
from tests.factories import (
    EventFactory,
    MissionFactory,
    OrganisationFactory,
    PlaceFactory,
    SourceFactory,
    TermFactory,
    author,
    published,
    reviewer,
)

pytestmark = pytest.mark.django_db


def in_public_use(**fields):
    """A source that a public edition cites."""
    source = published(MissionFactory()).citations.get().source
    for name, value in fields.items():
        setattr(source, name, value)
    source.save()
    return source


def changed(thing, **fields):
    """An unsaved copy with other values, as a form makes it."""
    copy = type(thing).objects.get(pk=thing.pk)
    for name, value in fields.items():
        setattr(copy, name, value)
    return copy


def proposed(thing, by=None, reason="A slip.", **fields):
    return amendments.propose(thing, changed(thing, **fields), by=by or author(), reason=reason)


# Proposing


def test_a_proposal_holds_what_differs_as_it_is_and_as_it_should_be_and_changes_nothing_yet():
    source = in_public_use(title="Reprot")
    serial = PublicSerial.now()
    ana = author()

    proposal = proposed(source, by=ana, title="Report", publisher="NATO", reason=" A slip. ")

    assert proposal.old_values == {"title": "Reprot", "publisher": "United Nations"}
    assert proposal.new_values == {"title": "Report", "publisher": "NATO"}
    assert proposal.differences() == [("title", "Reprot", "Report"), ("publisher", "United Nations", "NATO")]
    assert (proposal.state, proposal.proposed_by, proposal.reason) == ("proposed", ana, "A slip.")
    source.refresh_from_db()
    assert source.title == "Reprot"
    assert PublicSerial.now() == serial


def test_a_proposal_needs_a_reason():
    with pytest.raises(WorkflowError, match="give the reason"):
        proposed(in_public_use(), title="Another", reason=" ")


def test_a_proposal_needs_a_difference():
    with pytest.raises(WorkflowError, match="Nothing has changed"):
        proposed(in_public_use())


def test_the_same_number_written_otherwise_is_no_difference():
    place = PlaceFactory(latitude=Decimal("42.66"), longitude=Decimal("21.16"))

    with pytest.raises(WorkflowError, match="Nothing has changed"):
        proposed(place, latitude=Decimal("42.660"), longitude=Decimal("21.1600"))
    proposal = proposed(place, latitude=Decimal("42.7"))

    assert (proposal.old_values, proposal.new_values) == ({"latitude": "42.66"}, {"latitude": "42.7"})


def test_one_proposal_at_a_time_waits_for_a_thing():
    source = in_public_use()
    proposed(source, title="One")

    with pytest.raises(WorkflowError, match="waits for a second editor already"):
        proposed(source, title="Another")


def test_somebody_whose_role_does_not_allow_writing_proposes_nothing():
    ana = author()
    ana.groups.clear()

    with pytest.raises(WorkflowError, match="role"):
        proposed(in_public_use(), by=type(ana).objects.get(pk=ana.pk), title="Another")


# Confirming


def test_a_confirmed_proposal_is_in_force_in_the_public_log_and_in_the_history():
    source = in_public_use(title="Reprot")
    serial = PublicSerial.now()
    proposal = proposed(source, title="Report", reason="A slip.")
    cem = reviewer()

    amendments.confirm(proposal, by=cem)

    source.refresh_from_db()
    assert source.title == "Report"
    assert (proposal.state, proposal.decided_by) == (Amendment.State.CONFIRMED, cem)
    change = Change.objects.get(kind=Change.Kind.AMENDED)
    assert (change.amendment, change.note, change.label) == (proposal, "A slip.", str(source))
    assert change.address == source.get_absolute_url()
    assert (change.serial, PublicSerial.now()) == (serial + 1, serial + 1)
    assert [old.title for old in source.history.all()][:2] == ["Report", "Reprot"]


def test_nobody_confirms_their_own_proposal_not_even_a_superuser():
    cem = reviewer(is_superuser=True)
    source = in_public_use()
    proposal = proposed(source, by=cem, title="Another")

    with pytest.raises(WorkflowError, match="other than the one who proposed"):
        amendments.confirm(proposal, by=cem)

    source.refresh_from_db()
    assert source.title != "Another"


def test_an_author_does_not_confirm():
    proposal = proposed(in_public_use(), title="Another")

    with pytest.raises(WorkflowError, match="role"):
        amendments.confirm(proposal, by=author())
    with pytest.raises(WorkflowError, match="role"):
        amendments.decline(proposal, by=author())


def test_a_proposal_is_stale_when_the_thing_has_changed_since_and_says_where():
    source = in_public_use(title="One")
    proposal = proposed(source, title="Two")
    Source.objects.filter(pk=source.pk).update(title="Three", publisher="NATO")

    with pytest.raises(WorkflowError, match=r"Changed since it was proposed: title\. Decline it"):
        amendments.confirm(proposal, by=reviewer())

    source.refresh_from_db()
    assert source.title == "Three"


def test_what_changed_elsewhere_in_the_meantime_stays():
    source = in_public_use()
    proposal = proposed(source, title="Two")
    Source.objects.filter(pk=source.pk).update(publisher="NATO")

    amendments.confirm(proposal, by=reviewer())

    source.refresh_from_db()
    assert (source.title, source.publisher) == ("Two", "NATO")


def test_what_a_thing_points_at_is_proposed_by_its_key_and_found_again():
    source, origin = in_public_use(), SourceFactory(key="origin")

    proposal = proposed(source, origin=origin)
    assert (proposal.old_values, proposal.new_values) == ({"origin": None}, {"origin": "origin"})
    amendments.confirm(proposal, by=reviewer())
    source.refresh_from_db()
    assert source.origin == origin

    amendments.confirm(proposed(source, origin=None), by=reviewer())
    source.refresh_from_db()
    assert source.origin is None


def test_a_proposal_that_points_at_what_is_gone_is_refused_with_its_name():
    source, origin = in_public_use(), SourceFactory(key="short-lived")
    proposal = proposed(source, origin=origin)
    origin.delete()

    with pytest.raises(WorkflowError, match="short-lived"):
        amendments.confirm(proposal, by=reviewer())


def test_a_proposal_for_a_thing_that_is_gone_can_only_be_declined():
    source = SourceFactory()
    proposal = proposed(source, title="Another")
    source.delete()
    proposal = Amendment.objects.get(pk=proposal.pk)

    with pytest.raises(WorkflowError, match="no longer"):
        amendments.confirm(proposal, by=reviewer())
    assert str(proposal)
    amendments.decline(proposal, by=reviewer())

    assert proposal.state == Amendment.State.DECLINED


def test_what_would_not_be_valid_is_not_put_in_force():
    proposal = proposed(in_public_use(), stake="party")

    with pytest.raises(WorkflowError, match="Say why the stake is seen so"):
        amendments.confirm(proposal, by=reviewer())

    proposal.refresh_from_db()
    assert proposal.state == Amendment.State.PROPOSED


@pytest.mark.parametrize(
    ("thing", "values"),
    [
        (
            OrganisationFactory,
            {"name": "Another", "founded": "1949-04", "website": "https://example.org/"},
        ),
        (PlaceFactory, {"latitude": Decimal("42.66"), "longitude": Decimal("21.16")}),
        (TermFactory, {"definition": "Another.", "rank": 7}),
        (
            SourceFactory,
            {"authors": [{"family": "Çelik", "given": "Ana"}], "issued": "1999-06", "title": "Tjetër"},
        ),
    ],
    ids=["organisation", "place", "term", "source"],
)
def test_every_kind_of_reference_data_can_be_amended(thing, values):
    thing = thing()
    amendments.confirm(proposed(thing, **values), by=reviewer())

    thing.refresh_from_db()
    assert {name: getattr(thing, name) for name in values} == values


def test_what_is_in_public_use_has_an_address_for_the_public_log():
    theme = TermFactory(vocabulary="theme", key="security")
    event = EventFactory(place=PlaceFactory())
    event.themes.add(theme)
    event.figures.create(key="f", fact="f", measure=TermFactory(), value=1, source=SourceFactory())
    mission = MissionFactory()
    mission.participations.create(key="p", organisation=OrganisationFactory(), role="lead", cites="a")
    published(event)
    published(mission)

    for model, name in ((Organisation, "name"), (Place, "name"), (Term, "name"), (Source, "title")):
        things = model.objects.in_public_use()
        assert things
        for thing in things:
            amendments.confirm(proposed(thing, **{name: "Another name"}), by=reviewer())
            assert Change.objects.first().address.startswith("/")


def test_what_no_public_edition_uses_is_amended_without_a_line_in_the_public_log():
    draft_only = MissionFactory().citations.get().source
    proposal = proposed(draft_only, title="Another")

    amendments.confirm(proposal, by=reviewer())

    draft_only.refresh_from_db()
    assert draft_only.title == "Another"
    assert not Change.objects.exists()
    assert PublicSerial.now() == 0


def test_readers_are_told_what_was_amended_and_no_name_of_what_they_cannot_see(client):
    source = in_public_use(title="Reprot", origin=SourceFactory(key="hidden-origin"))
    authors = [{"family": "Everts", "given": "Daan"}, {"literal": "NATO"}]
    changes = {"title": "Report", "standing": "news", "origin": None, "publisher": "", "authors": authors}
    amendments.confirm(proposed(source, **changes), by=reviewer())

    page = client.get("/changes/").text

    assert "Title: was “Reprot”, is “Report”" in page
    assert "Standing: was “primary”, is “news”" in page
    assert "Publisher: was “United Nations”, is empty" in page
    assert "is “Daan Everts; NATO”" in page
    assert "Origin" in page
    assert "hidden-origin" not in page


# Declining


def test_a_declined_proposal_changes_nothing_and_is_kept():
    source = in_public_use(title="One")
    serial, cem = PublicSerial.now(), reviewer()
    proposal = proposed(source, title="Two")

    amendments.decline(proposal, by=cem)

    source.refresh_from_db()
    assert source.title == "One"
    assert (proposal.state, proposal.decided_by) == (Amendment.State.DECLINED, cem)
    assert PublicSerial.now() == serial
    proposed(source, title="Three")  # the way is free again


def test_who_proposed_may_take_it_back():
    ana = author()
    proposal = proposed(in_public_use(), by=ana, title="Two")

    amendments.decline(proposal, by=ana)

    assert not Amendment.objects.exists()


def test_what_is_decided_is_decided_once():
    proposal = proposed(in_public_use(), title="Two")
    stale = Amendment.objects.get(pk=proposal.pk)
    amendments.confirm(proposal, by=reviewer())

    for decide in (amendments.confirm, amendments.decline):
        with pytest.raises(WorkflowError, match="decided already"):
            decide(stale, by=reviewer())
