"""Pictures: what is kept of an upload, who sees it when, and that nothing of it is lost on the way."""

from __future__ import annotations

import io
import json
import re
import struct
import tarfile

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image, PngImagePlugin

from editorial import integrity, previews, workflow
from missions import dataset
from missions.models import Event, Mission
from missions.pictures import BadPicture, Picture, PictureFile, decoding, keeping
from missions.record_files import BadRecordError, export, load
from tests.admin_forms import form_data, form_of
from tests.factories import (
    EventFactory,
    MissionFactory,
    author,
    managing_editor,
    next_edition,
    published,
    reviewer,
    submitted,
)
from tests.pictures import GPS, MAKE, ORIENTATION, IllustrationFactory, a_picture, picture_bytes, upload

pytestmark = pytest.mark.django_db


def encoded(data: bytes):
    return decoding.encoded_anew(io.BytesIO(data), len(data))


# What is kept


def test_what_the_camera_wrote_is_gone_and_what_it_meant_is_applied():
    exif = Image.Exif()
    exif[MAKE], exif[ORIENTATION] = "Zanzibarquux", 6  # to be turned by a quarter
    exif[GPS] = {1: "N", 2: (42.0, 40.0, 0.0)}
    data = picture_bytes((600, 400), exif=exif, comment=b"Zanzibarquux")

    kept = encoded(data)

    assert b"Zanzibarquux" in data
    assert (kept.picture.width, kept.picture.height) == (400, 600)
    for file, content in kept.files.items():
        assert b"Zanzibarquux" not in content
        with Image.open(io.BytesIO(content)) as image:
            assert (image.format, not image.getexif(), image.width) == ("JPEG", True, file.width)


def test_a_large_picture_is_kept_smaller_with_copies_and_named_by_its_content():
    kept = encoded(picture_bytes((3000, 300), "PNG"))

    assert (kept.picture.width, kept.picture.height, kept.picture.extension) == (2400, 240, "png")
    assert [file.width for file in kept.picture.files] == [480, 960, 1600, 2400]
    assert set(kept.files) == set(kept.picture.files)
    assert PictureFile.named(str(kept.picture.copies[1])) == kept.picture.copies[1]
    assert encoded(picture_bytes((3000, 300), "PNG")).picture == kept.picture


def test_a_png_and_a_webp_that_can_be_seen_through_stay_so_and_lose_their_texts():
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "Zanzibarquux")
    for format, options in (("PNG", {"pnginfo": text}), ("WEBP", {"xmp": b"Zanzibarquux"})):
        into = io.BytesIO()
        Image.new("RGBA", (300, 200), (200, 0, 0, 120)).save(into, format, **options)
        kept = encoded(into.getvalue())
        content = kept.files[PictureFile(kept.picture)]
        assert b"Zanzibarquux" not in content
        assert Image.open(io.BytesIO(content)).mode == "RGBA"


def test_what_is_hidden_in_a_picture_or_behind_it_is_gone_or_is_not_unpacked():
    data, script = picture_bytes((300, 200)), b"PK\x03\x04<script>Zanzibarquux</script>"
    comment = b"\xff\xfe" + struct.pack(">H", len(script) + 2) + script
    for hidden in (data + script, data[:2] + comment + data[2:]):
        assert b"Zanzibarquux" not in b"".join(encoded(hidden).files.values())
    with pytest.raises(BadPicture):
        encoded(script + data)
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "a" * 2_000_000, zip=True)  # two kB
    into = io.BytesIO()
    Image.new("RGB", (300, 200)).save(into, "PNG", pnginfo=text)
    with pytest.raises(BadPicture):
        encoded(into.getvalue())


def a_gif() -> bytes:
    return picture_bytes(format="GIF")


def an_svg() -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"><script>alert(1)</script></svg>'


def a_moving_picture() -> bytes:
    into = io.BytesIO()
    frames = [Image.new("RGB", (300, 200), colour) for colour in ("red", "blue")]
    frames[0].save(into, "WEBP", save_all=True, append_images=frames[1:])
    return into.getvalue()


def a_bomb() -> bytes:
    """A few kB that say they are 30,000 pixels wide and high."""
    into = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(into, "PNG")
    return into.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (an_svg(), "no JPEG, PNG or WebP"),
        (a_gif(), "no JPEG, PNG or WebP"),
        (b"", "no JPEG, PNG or WebP"),
        (picture_bytes()[:2000], "damaged"),
        (picture_bytes((60, 40)), "must have 200"),
        (a_moving_picture(), "moving picture"),
        (a_bomb(), ""),
    ],
    ids=["svg", "gif", "empty", "half", "small", "moving", "bomb"],
)
def test_what_is_no_still_picture_is_refused_with_a_reason(data, reason):
    with pytest.raises(BadPicture) as refusal:
        encoded(data)
    assert reason in str(refusal.value)


def test_a_file_that_is_too_large_is_refused_unread():
    with pytest.raises(BadPicture, match="20 MB"):
        decoding.encoded_anew(io.BytesIO(b""), decoding.MOST_BYTES + 1)


# Who sees it when


def addresses(name: str) -> list[str]:
    return [reverse("picture", args=[file]) for file in Picture.named(name).files]


@pytest.fixture
def mission():
    """A draft with a picture."""
    mission = MissionFactory(slug="kfor")
    IllustrationFactory(mission)
    return mission


def test_a_draft_picture_is_not_found_by_its_address_and_editors_see_it(mission, client):
    name = mission.illustrations.get().picture

    assert {client.get(address).status_code for address in addresses(name)} == {404}
    assert client.get(reverse("editors-picture", args=[name])).status_code == 302  # to the log-in

    without_role = author()
    without_role.groups.clear()
    client.force_login(without_role)
    assert client.get(reverse("editors-picture", args=[name])).status_code == 403

    client.force_login(author())
    assert {client.get(address).status_code for address in addresses(name)} == {404}
    shown = client.get(reverse("editors-picture", args=[name]))
    assert (shown.status_code, shown["Content-Type"], "no-store" in shown["Cache-Control"]) == (200, "image/jpeg", True)
    page = client.get(reverse("admin:missions_mission_preview", args=[mission.pk])).text
    assert reverse("editors-picture", args=[name]) in page
    assert "The bridge over the Ibar" in page


def test_who_was_given_a_link_sees_the_pictures_of_that_edition_alone(mission, client):
    name, other = mission.illustrations.get().picture, a_picture((500, 400))
    page, _ = previews.share(mission, by=mission.contributors.get(), days=1)

    html = client.get(page).text
    assert f"{page}pictures/{name}" in html
    shown = client.get(f"{page}pictures/{name}")
    assert (shown.status_code, "no-store" in shown["Cache-Control"]) == (200, True)
    assert client.get(f"{page}pictures/{other}").status_code == 404
    assert client.get(f"/preview/nothing/pictures/{name}").status_code == 404

    submitted(mission)
    assert client.get(f"{page}pictures/{name}").status_code == 410


def test_a_public_picture_is_given_for_ever_in_all_sizes_and_goes_with_the_edition(mission, client):
    name = mission.illustrations.get().picture
    published(mission)

    page = client.get("/missions/kfor/").text
    for address in addresses(name):
        assert address in page
        response = client.get(address)
        assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "immutable" in response["Cache-Control"]
        assert "s-maxage=60" in response["Cache-Control"]
        assert "Cookie" not in response.get("Vary", "")
        again = client.get(address, headers={"if-none-match": response["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    for words in ('width="600" height="400"', 'loading="lazy"', 'alt="A bridge over a river, closed with a barrier."'):
        assert words in page
    assert "https://creativecommons.org/licenses/by/4.0/" in page

    without = next_edition(mission.record)
    without.illustrations.all().delete()
    published(without)
    assert client.get(addresses(name)[0]).status_code == 200  # edition 1 stays, with all that was in it

    workflow.suppress(mission, by=managing_editor(), reason="A court’s order.")
    answer = client.get(addresses(name)[0])
    assert (answer.status_code, "A court’s order." in answer.text) == (410, True)
    client.force_login(author())
    assert client.get(reverse("editors-picture", args=[name])).status_code == 403
    client.force_login(managing_editor())
    assert client.get(reverse("editors-picture", args=[name])).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["0" * 64 + "-10x10.jpg", "../" * 3 + "secret_key", "0" * 64 + "-10x10-at480.jpg", "0" * 64 + "-600x400.svg", "a"],
)
def test_an_address_that_names_no_picture_is_not_found(name, client):
    assert client.get(f"/pictures/{name}").status_code == 404


def test_the_frozen_text_holds_the_hash_of_the_file_and_whose_it_is(mission):
    published(mission)
    row = mission.illustrations.get()
    frozen = json.loads(Mission.objects.get(pk=mission.pk).frozen)["content"]["illustrations"]["bridge"]

    assert frozen["picture"] == row.picture
    assert (frozen["alt_text"], frozen["credit"], frozen["licence"]) == (row.alt_text, "Somebody", "CC-BY-4.0")

    assert integrity.check().faults == []
    path = f"pictures/{row.picture}"
    default_storage.delete(path)
    default_storage.save(path, SimpleUploadedFile("a", picture_bytes((300, 300))))
    assert "is not the one that was kept" in integrity.check().faults[0]
    default_storage.delete(path)
    assert "illustrations, bridge: the file of the picture is gone." in integrity.check().faults[0]


# The form of the edition


def form_with(client, event, **typed):
    """The form of the edition as it is, with these fields of a new illustration."""
    data = form_data(client.get(form_of(event)))
    number = event.illustrations.count()
    fields = {"alt_text": "A road.", "credit": "Somebody", "licence": "CC0-1.0", "caption": "", "cites": "", "key": ""}
    row = {f"illustrations-{number}-{name}": value for name, value in (fields | typed).items()}
    return data | row | {"illustrations-TOTAL_FORMS": str(number + 1)}


def test_a_picture_is_uploaded_with_the_form_and_kept_when_the_form_is_refused(client):
    event = EventFactory()
    client.force_login(event.contributors.get())
    refused = client.post(form_of(event), form_with(client, event, picture=upload(), licence="mine"))
    assert refused.status_code == 200
    assert "Chosen just now, and saved with this form." in refused.text
    kept = re.search(r'name="illustrations-0-picture_kept" value="([^"]+)"', refused.text)[1]

    saved = client.post(form_of(event), form_with(client, event, picture_kept=kept))
    assert saved.status_code == 302
    row = event.illustrations.get()
    assert (row.alt_text, Picture.named(row.picture).width) == ("A road.", 600)

    unchanged = form_data(client.get(form_of(event)))
    assert client.post(form_of(event), unchanged).status_code == 302
    assert event.illustrations.get().picture == row.picture


def test_a_picture_stays_with_its_row_when_another_editor_has_deleted_the_one_before_it(client):
    event = EventFactory()
    IllustrationFactory(event)
    client.force_login(event.contributors.get())
    typed = form_with(client, event, picture=upload(picture_bytes((300, 200))), caption="A road")
    event.illustrations.all().delete()
    workflow.note_work(event, by=author())

    overtaken = client.post(form_of(event), typed)
    kept = re.search(r'name="(illustrations-0-picture_kept)" value="([^"]+)"', overtaken.text)
    assert client.post(form_of(event), form_data(overtaken) | {kept[1]: kept[2]}).status_code == 302

    row = event.illustrations.get()
    assert (row.caption, Picture.named(row.picture).width) == ("A road", 300)


def test_what_is_no_picture_is_refused_in_the_form_with_what_was_typed(client):
    event = EventFactory()
    client.force_login(event.contributors.get())
    bad = {
        "This is no JPEG, PNG or WebP picture": {"picture": upload(b"<svg/>", "a.svg")},
        "choose it again": {"picture_kept": "nonsense"},
    }

    for told, typed in bad.items():
        refused = client.post(form_of(event), form_with(client, event, caption="A road", **typed))
        assert (refused.status_code, event.illustrations.count()) == (200, 0)
        assert told in refused.text
        assert "A road" in refused.text


def test_a_picture_without_description_credit_or_file_waits_as_a_draft_and_cannot_be_submitted(client):
    event = EventFactory()
    client.force_login(event.contributors.get())
    typed = {"alt_text": "", "credit": "", "licence": "permission", "key": "road"}

    client.post(form_of(event), form_with(client, event, **typed))

    assert event.illustrations.count() == 1
    problems = " ".join(Event.objects.get(pk=event.pk).submission_problems())
    for field in ("picture: ", "description: ", "credit: ", "Licence note: "):
        assert f"Illustrations, road: {field}" in problems
    assert "<img" not in client.get(reverse("admin:missions_event_preview", args=[event.pk])).text


def test_the_review_shows_the_pictures_and_the_difference_tells_of_them(mission, client):
    published(mission)
    draft = next_edition(mission.record, change_note="Another picture.")
    draft.illustrations.update(picture=a_picture((500, 500)), alt_text="Another bridge.")
    submitted(draft)
    client.force_login(author())

    page = client.get(reverse("admin:missions_mission_review", args=[draft.pk])).text
    assert reverse("editors-picture", args=[draft.illustrations.get().picture]) in page
    assert "Another bridge." in page
    assert "500 × 500 pixels" in page

    workflow.publish(draft, by=reviewer())
    assert "500 × 500 pixels" in client.get("/missions/kfor/editions/1..2/").text


def test_the_number_of_queries_does_not_grow_with_the_pictures(client):
    counts = []
    for number in (1, 4):
        mission = MissionFactory()
        picture = a_picture()
        for n in range(number):
            IllustrationFactory(mission, key=f"p{n}", picture=picture)
        published(mission)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(mission.record.get_absolute_url()).text.count('<figure class="illustration"') == number
        counts.append(len(queries))
    assert counts[0] == counts[1]


# Files of the record, and what nobody names


def test_the_record_files_hold_the_pictures_and_load_as_they_were(mission, tmp_path, settings):
    published(mission)
    name = mission.illustrations.get().picture
    export(tmp_path)
    assert (tmp_path / "missions/record/pictures" / name).read_bytes() == keeping.contents(PictureFile.named(name))

    settings.MEDIA_ROOT = tmp_path / "elsewhere"
    assert not keeping.is_there(name)
    load(tmp_path)
    assert keeping.fault(name) == ""
    assert export(tmp_path) == []

    file = tmp_path / "missions/record/pictures" / name
    for content, told in ((picture_bytes((300, 300)), "not the one that its name was made of"), (None, "no such file")):
        file.unlink()
        if content:
            file.write_bytes(content)
        with pytest.raises(BadRecordError, match=told):
            load(tmp_path)


def test_the_archive_of_what_is_public_holds_the_pictures_of_what_is_public(mission, tmp_path):
    published(mission)
    hidden = MissionFactory()
    IllustrationFactory(hidden, picture=a_picture((500, 500)))
    made = dataset.make(tmp_path)

    (archive,) = [file.name for file in made.files.values() if file.name.endswith(".tar.gz")]
    with tarfile.open(tmp_path / archive) as packed:
        pictures = [name.rpartition("/")[2] for name in packed.getnames() if "/pictures/" in name]
    assert pictures == [mission.illustrations.get().picture]


def test_files_no_row_names_are_deleted_after_a_day_and_no_others(mission, monkeypatch):
    unnamed, named = a_picture((500, 500)), mission.illustrations.get().picture
    assert keeping.tidy() == 0

    monkeypatch.setattr(keeping, "UNNAMED_FOR", -keeping.UNNAMED_FOR)
    assert keeping.tidy() == len(Picture.named(unnamed).files)
    assert (keeping.is_there(unnamed), keeping.fault(named)) == (False, "")
