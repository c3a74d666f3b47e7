import datetime, json, re, pytest
from django.test import Client
from django.urls import reverse, get_resolver
from django.contrib import admin
from django.utils import timezone
from editorial import workflow, reviewing, amendments, previews, notices
from editorial.models import *
from editorial.admin.access import edition_address
from sources.models import Source, Citation, Recheck
from sources import merging, founding
from missions.models import *
from tests.factories import *
from tests.admin_forms import form_data, with_new_row
pytestmark = pytest.mark.django_db
X = '"><script>alert(1)</script><img src=x onerror=alert(2)>\'{{7*7}}'
def at_work(e):
    c = Client(); c.force_login(e); return c

def test_xss_everywhere(settings):
    boss = managing_editor(public_name="Boss"+X[:60], is_superuser=True); ana = author(public_name="Ana"+X[:60])
    s = SourceFactory(title="T"+X, authors=[{"literal":"A"+X}], publisher="P"+X, container="C"+X, symbol="S"+X[:50], note="N"+X, url="https://example.org/?q=%22%3E<script>", stake="party", stake_reason=X, consulted_at="http"+X)
    s2 = SourceFactory(title="T"+X, key="other")
    e = MissionFactory(by=ana, title="M"+X, summary="Sum 50,000 "+X, body="## H"+X+"\n\nB 1999 "+X+' “q'+X+'” [l](javascript:alert(1)) [m](data:text/html,x) <javascript:alert(3)>', name_sq=X, acronym=X[:40])
    e.citations.update(locator=X, quote=X, note=X, source=s)
    f = FigureFactory(edition=e, source=s, group=X[:80], unit=X[:20], quote=X, locator=X, note=X, as_of_note=X[:80])
    StatementFactory(edition=e, holder=X, text=X)
    workflow.note_work(e, by=ana)
    pages = []
    def urls(edition):
        out = [edition_address(edition), edition_address(edition,"history"), edition_address(edition,"review"), edition_address(edition,"preview"), edition_address(edition,"cite")+"?q=T&field=body", edition_address(edition,"delete"), edition_address(edition,"check")]
        for a in ("submit","publish","share","discard","withdraw","rename","start","schedule","request-changes","take-back","suppress","unschedule"): out.append(edition_address(edition,"do",a))
        return out
    c = at_work(boss)
    cem = reviewer(public_name="Cem"+X[:60])
    def look(more=()):
        lists = [reverse(p) for p in get_resolver().reverse_dict if isinstance(p,str)] if False else []
        for m in admin.site._registry:
            n = f"admin:{m._meta.app_label}_{m._meta.model_name}"
            lists.append(reverse(n+"_changelist")); lists.append(reverse(n+"_changelist")+"?q=script")
            for o in m._default_manager.all()[:6]:
                for p in ("change","history","delete"):
                    lists.append(reverse(f"{n}_{p}", args=[o.pk]))
        lists += ["/admin/", "/admin/search/?q=script", f"/admin/search/?q={X}", reverse("admin:sources_source_merge",args=[s.pk])+f"?into={s2.pk}", reverse("admin:sources_source_import"), reverse("admin:missions_figure_changelist")+f"?edition__id__exact={e.pk}&fact=<script>"]
        bad = set()
        for a in [*lists, *more]:
            for who in (c,):
                r = who.get(a)
                assert r.status_code < 500, (a, r.status_code)
                if r.headers.get("Content-Type","").startswith("text/html"):
                    t = r.content.decode()
                    for w in ("<script>alert", "<img src=x", 'href="javascript:', 'href="data:text/html', "href=javascript"):
                        if w in t: bad.add((a, w, t[max(0,t.index(w)-120):t.index(w)+60]))
        for b in bad: print("XSS", b)
        return bad
    bad = look(urls(e))
    do = lambda a, d={}, who=None: (who or at_work(ana)).post(edition_address(e,"do",a), d)
    r = do("share", {"days": 7}); print(r.status_code)
    r = at_work(ana).get(edition_address(e)); bad |= {("share",)} if "<script>alert" in r.text else set()
    workflow.submit(e, by=ana)
    reviewing.add_note(e, passage=X, text=X, by=cem)
    bad |= look(urls(e))
    workflow.request_changes(e, by=cem, reason=X)
    bad |= look(urls(e))
    # conflict page
    opened = c.get(edition_address(e)); d = form_data(opened, body="mine "+X, title="mine"+X)
    at_work(ana).post(edition_address(e), form_data(at_work(ana).get(edition_address(e)), body="theirs "+X, title="theirs"+X))
    r = c.post(edition_address(e), d); assert "not saved yet" in r.text, r.status_code
    assert "<script>alert" not in r.text and "<img src=x" not in r.text
    workflow.submit(e, by=ana)
    for claim in e.claims_left(by=cem): reviewing.tick(e, claim, ground="no-claim", by=cem)
    r = c.post(edition_address(e), d); assert r.status_code == 409 and "<script>alert" not in r.text
    r = Client().post(edition_address(e), d); assert r.status_code == 403 and "<script>alert" not in r.text
    e.refresh_from_db()
    workflow.publish(e, by=cem)
    a = reverse("admin:sources_source_change", args=[s.pk])
    r = c.post(a, form_data(c.get(a), title="New"+X, reason="R"+X)); print("amend", r.status_code)
    bad |= look(urls(e))
    workflow.withdraw(e, by=boss, reason="W"+X)
    bad |= look(urls(e))
    text = "@book{k"+"x, title={T"+X.replace("{","").replace("}","")+"}, author={"+X.replace("{","").replace("}","")+"}, url={javascript:alert(1)}}\n@book{l, title={"+X.replace("{","").replace("}","")+"}}\n@book{other, title={T"+X.replace("{","").replace("}","")+"}}"
    r = c.post(reverse("admin:sources_source_import"), {"text": text, "format":"bib","standing":"news"}); print("import", r.status_code)
    assert "<script>alert" not in r.text and "<img src=x" not in r.text
    for p in (e.record.get_absolute_url(), e.get_absolute_url(), s.get_absolute_url(), "/changes/", "/", "/sources/"):
        r = Client().get(p); assert r.status_code==200, p
        for w in ("<script>alert", "<img src=x", 'href="javascript:', 'href="data:text/html'):
            if w in r.text: print("PUBLIC XSS", p, w, r.text[max(0,r.text.index(w)-100):r.text.index(w)+50])
    assert not bad
