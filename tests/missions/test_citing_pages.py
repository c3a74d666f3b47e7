"""How pages, facts and sources are cited: read back by the programs that others use, with nothing lost."""

from __future__ import annotations

import json

import bibtexparser
import pytest
import rispy
from django.utils import timezone

from sources.bibliography import read
from tests.factories import (
    CitationFactory,
    FigureFactory,
    MissionFactory,
    SourceFactory,
    author,
    next_edition,
    published,
)
from tests.factories import imported as from_the_founding_record

pytestmark = pytest.mark.django_db

KFOR = "/missions/kfor/"
FACT = f"{KFOR}figures/strength-2025/"
TITLE = "Forca {KFOR} në Kosovë: Đorđe & Çelik, 100% of {it"


@pytest.fixture
def kfor():
    """An edition by two authors, with a fact on which a news site and NATO differ, and one more source."""
    mission = MissionFactory(slug="kfor", title="Kosovo Force {KFOR} në Kosovë", by=author(public_name="Ana Đurić"))
    mission.contributors.add(author(public_name="Ben Ng"))
    news = SourceFactory(
        key="rferl", type="article-newspaper", title=TITLE, authors=[{"family": "Đorđević", "given": "Ana"}],
        container="RFE/RL", publisher="", issued="2025-03-13", url="https://example.org/a_b?x={1}&y=%20#p", doi="10.1/a_b",
        language="sr-Latn",
    )  # fmt: skip
    nato = SourceFactory(key="nato", title="Placemat", authors=[{"literal": "Smith and Sons, NATO"}], issued="2025-03")
    FigureFactory(
        edition=mission, key="a", fact="strength-2025", value=4600, qualifier="about", as_of="2025-03-12", source=news,
        locator="para. 4", quote="oko 4.600 vojnika",
    )  # fmt: skip
    FigureFactory(
        edition=mission, key="b", fact="strength-2025", value=4700, as_of="2025-03", source=nato, locator="p. 1"
    )
    CitationFactory(edition=mission, key="n", source=nato, locator="p. 2")
    return published(mission)


def file(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.getvalue().decode()


def as_bibtex(client, address):
    """The fields of the entries, as bibtexparser finds them."""
    library = bibtexparser.parse_string(file(client, f"{address}.bib"))
    assert library.failed_blocks == []
    return [entry.fields_dict for entry in library.entries]


def test_a_fact_is_cited_with_who_gives_what_and_the_edition(client, kfor):
    words = (
        "Kosovo Force {KFOR} në Kosovë: Military personnel, 2025: 4,700 (Smith and Sons, NATO, March 2025); "
        "others say about 4,600 (RFE/RL, 13 March 2025)"
    )
    address = f"http://127.0.0.1:8000{FACT}?edition=1"

    assert file(client, f"{FACT}cite.txt").startswith(f"{words}; edition 1. Ana Đurić and Ben Ng, ")
    assert words in client.get(FACT).context["citation"].text
    (item,) = json.loads(file(client, f"{FACT}cite.json"))
    assert (item["title"], item["version"], item["URL"]) == (words, "1", address)
    for evidence in ("para. 4", "“oko 4.600 vojnika”", "p. 1", "Đorđe & Çelik", kfor.sha256):
        assert evidence in item["note"]
    (record,) = rispy.loads(file(client, f"{FACT}cite.ris"))
    assert (record["title"], record["urls"], record["notes"]) == (words, [address], [item["note"]])
    (fields,) = as_bibtex(client, f"{FACT}cite")
    assert fields["url"].value == address
    assert "oko 4.600 vojnika" in fields["note"].value


def test_a_page_names_all_its_authors_and_its_day(client, kfor):
    day = f"{timezone.localtime(kfor.published_at):%Y/%m/%d}/"
    (item,) = json.loads(file(client, f"{KFOR}cite.json"))
    names = [one["literal"] for one in item["author"]]
    assert names == ["Ana Đurić", "Ben Ng"]
    (record,) = rispy.loads(file(client, f"{KFOR}cite.ris"))
    assert (record["authors"], record["date"], record["type_of_reference"]) == (names, day, "ELEC")
    (fields,) = as_bibtex(client, f"{KFOR}cite")
    assert fields["author"].value == " and ".join(f"{{{name}}}" for name in names)
    assert r"{Kosovo Force \textbraceleft{}KFOR\textbraceright{} në Kosovë}" in fields["title"].value


def test_an_edition_and_what_it_said_of_a_fact_stay_citable(client, kfor):
    draft = next_edition(kfor.record, change_kind="correction", change_note="It gave 4,700.")
    draft.figures.filter(key="b").update(value=4800)
    published(draft)

    assert "edition 1," in file(client, f"{KFOR}editions/1/cite.txt")
    assert "4,700" in file(client, f"{FACT}cite.txt?edition=1")
    assert "4,800" in file(client, f"{FACT}cite.txt?edition=2") == file(client, f"{FACT}cite.txt")
    page = client.get(f"{FACT}?edition=1")
    assert page.text.index("Corrected in") < page.text.index("It gave 4,700.") < page.text.index("fact-values")
    assert f'href="{FACT}cite.bib?edition=1"' in page.text
    assert f'href="{KFOR}editions/1/cite.bib"' in client.get(f"{KFOR}editions/1/").text
    assert "no public edition of that number" in client.get(f"{FACT}?edition=7").text
    for nothing in (f"{FACT}cite.txt?edition=7", f"{KFOR}editions/7/cite.txt", f"{KFOR}editions/1/cite.docx"):
        assert client.get(nothing).status_code == 404
    assert client.get(f"{FACT}?edition=%00{'9' * 5000}").status_code < 500


@pytest.mark.parametrize("address", ["/sources/rferl/cite", "/sources/export"])
def test_a_source_comes_back_from_every_format_as_it_went(client, kfor, address):
    (item,) = [one for one in json.loads(file(client, f"{address}.json")) if one["id"] == "rferl"]
    assert (item["title"], item["DOI"], item["issued"]) == (TITLE, "10.1/a_b", {"date-parts": [[2025, 3, 13]]})
    for format in ("bib", "ris"):
        text = file(client, f"{address}.{format}")
        (back,) = [entry.item for entry in read(format, text).entries if entry.item["id"] == "rferl"]
        assert back == item
    records = {record["id"]: record for record in rispy.loads(file(client, f"{address}.ris"))}
    assert records["rferl"]["title"] == TITLE
    assert records["rferl"]["urls"] == [item["URL"]]
    titles = [fields["title"].value for fields in as_bibtex(client, address)]
    assert any("Đorđe" in title for title in titles)
    text = file(client, f"{address}.txt")
    assert f"Ana Đorđević, “{TITLE}”, RFE/RL, 13 March 2025, https://doi.org/10.1/a_b, {item['URL']}" in text


def test_a_source_nobody_may_see_is_not_cited(client):
    SourceFactory(key="hidden")
    assert client.get("/sources/hidden/cite.bib").status_code == 404


def test_the_founding_record_is_cited_under_the_name_of_the_site(client):
    from_the_founding_record(MissionFactory(slug="unmik"))
    (item,) = json.loads(file(client, "/missions/unmik/cite.json"))
    assert item["author"] == [{"literal": "Kosovo Peace"}]
    assert file(client, "/missions/unmik/cite.txt").startswith("“Kosovo Force”, Kosovo Peace, edition 1, ")
