"""The pages and API of segments: scope, rows, errors beside their fields, and nothing sent or stored gives a 500 (CUS-5)."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callcenter.models import Job
from customers.models import Segment, SegmentCount
from customers.queries.segments import KINDS
from customers.tests.make import NOW, make_client, make_customer, make_region, make_team, make_user
from customers.tests.segments import KEY, definition, make_segment
from customers.tests.test_pages import CANARY, assert_no_canary, signed_in, two_teams

pytestmark = pytest.mark.django_db
NEW = reverse("customers:segment_new")


def lead(team, **fields):
    user = make_user("lead", team=team, language="en", **fields)
    browser = signed_in(user)
    browser.cookies["django_language"] = "en"
    browser.user = user
    return browser


def rows(*conditions, match="all", **fields):
    """What the builder sends for one group of conditions."""
    data = {"layout": str(len(conditions)), "g0-match": match}
    for number, values in enumerate(conditions):
        data |= {f"c0-{number}-{name}": value for name, value in values.items()}
        data |= {f"c0-{number}-shown": values.get("shown", values.get("kind", ""))}
    return data | fields


def save(browser, *conditions, url=NEW, **fields):
    return browser.post(url, rows(*conditions, do="save", **({"name": "重点客户"} | fields)))


def test_builder_saves_and_shows_what_was_meant():
    own, mine, _canary = two_teams()
    browser = lead(own)
    region = make_region(name="浙江")
    type(mine).objects.filter(pk=mine.pk).update(region=region)
    response = save(
        browser, {"kind": "region", "op": "in", "value": region.code}, description="省内", shared="on"
    )
    segment = Segment.objects.get()
    assert response.url == reverse("customers:segment", args=[segment.pk])
    assert (segment.owner, segment.name, segment.description, segment.shared, segment.client) == (
        browser.user,
        "重点客户",
        "省内",
        True,
        None,
    )
    assert segment.definition == definition({"kind": "region", "op": "in", "value": region.code}).as_json()
    assert SegmentCount.objects.get().customers == 1
    page = browser.get(response.url)
    text = page.content.decode()
    assert "Region: is in 浙江 or below" in text
    assert mine.name in text
    assert "138****8000" in text
    assert_no_canary(page)


def test_counts_and_rows_are_those_of_the_scope():
    own, mine, canary = two_teams()
    make_customer(team=own, phones=["+8613800138009"], key_customer=True)
    type(canary).objects.update(key_customer=True)
    browser = lead(own)
    response = browser.post(NEW, rows(KEY, do="count"))
    assert re.search(r"<strong>2</strong>\s+of 2 customers you may see", response.content.decode())
    assert_no_canary(response)
    shared = make_segment(shared=True)
    actions_count = browser.post(
        reverse("customers:segment_count", args=[shared.pk]), headers={"hx-request": "true"}
    )
    assert "<strong>2</strong>" in actions_count.content.decode()
    for url in (reverse("customers:segments"), reverse("customers:segment", args=[shared.pk])):
        page = browser.get(url)
        assert "<strong>2</strong>" in page.content.decode()
        assert_no_canary(page)
    api = browser.get(reverse("api_segment_count", args=[shared.pk]))
    assert api.json()["customers"] == 2


@pytest.mark.parametrize(
    "condition",
    [
        {"kind": "team", "op": "is", "value": "foreign"},
        {"kind": "unit", "op": "in", "value": "foreign"},
        {"kind": "custom", "field": "险种", "op": "is", "value": CANARY},
        {"kind": "level", "op": "one_of", "values": CANARY},
        {"kind": "contact", "op": "never"},
    ],
)
def test_no_condition_reaches_customers_out_of_scope(condition):
    own, mine, canary = two_teams()
    type(canary).objects.filter(pk=canary.pk).update(level=CANARY, custom={"险种": CANARY})
    type(mine).objects.filter(pk=mine.pk).update(level="x")
    if condition.get("value") == "foreign":
        condition = condition | {
            "value": {"team": canary.team.code, "unit": canary.unit.code}[condition["kind"]]
        }
    response = lead(own).post(NEW, rows(condition, do="count"))
    text = response.content.decode()
    assert "139****2222" not in text
    assert "CANARY1" not in text
    assert "of 1 customers you may see" in text


def test_teams_out_of_scope_are_not_offered_and_not_taken():
    own, _mine, canary = two_teams()
    browser = lead(own)
    response = save(browser, {"kind": "team", "op": "is", "value": canary.team.code})
    assert response.status_code == 422
    assert canary.team.name not in response.content.decode()
    assert "Choose one of the values offered." in response.content.decode()
    assert not Segment.objects.exists()


def test_foreign_or_private_segments_do_not_exist_for_others():
    own, _mine, _canary = two_teams()
    browser = lead(own)
    private, shared = make_segment(name="私有"), make_segment(name="共享", shared=True)
    assert "私有" not in browser.get(reverse("customers:segments")).content.decode()
    for name in ("segment", "segment_edit", "segment_export"):
        assert browser.get(reverse(f"customers:{name}", args=[private.pk])).status_code == 404
    for name in ("segment_edit", "segment_count", "segment_copy", "segment_delete", "segment_export"):
        assert (
            browser.post(reverse(f"customers:{name}", args=[private.pk]), {"reason": "x"}).status_code == 404
        )
    for name in ("segment_edit", "segment_delete"):
        assert browser.post(reverse(f"customers:{name}", args=[shared.pk])).status_code == 404
    for name in ("api_segment", "api_segment_count"):
        assert browser.get(reverse(name, args=[private.pk])).status_code == 404
        assert browser.get(reverse(name, args=[shared.pk])).status_code == 200
    assert Segment.objects.count() == 2


def test_bad_values_are_explained_beside_their_fields_and_nothing_is_saved():
    browser = lead(make_team())
    response = save(
        browser,
        {"kind": "contact", "op": "within", "days": "soon"},
        {"kind": "amount", "low": "9", "high": "1"},
        {},
        name="",
    )
    text = response.content.decode()
    assert response.status_code == 422
    assert re.search(r'id="id_c0-0-days_error"><div>This is not a number', text)
    assert re.search(r'id="id_c0-1-high_error"><div>The upper limit lies below', text)
    assert re.search(r'id="id_c0-2-kind_error"><div>Choose what the condition is about', text)
    assert 'href="#id_c0-0-days"' in text
    assert 'value="soon"' in text
    assert not Segment.objects.exists()


def test_segment_without_a_condition_is_not_saved():
    response = save(lead(make_team()))
    assert response.status_code == 422
    assert "Add a condition first." in response.content.decode()


def live(browser, target, data, url=NEW):
    return browser.post(url, data, headers={"hx-request": "true", "hx-target": target})


def test_live_count_answers_with_the_sum_the_customers_and_every_error():
    own, mine, _canary = two_teams()
    data = rows(
        {"kind": "contact", "op": "within", "days": "x"}, {"kind": "nature", "op": "is", "value": ""}, KEY
    )
    text = live(lead(own), "segment-result", data).content.decode()
    assert "<html" not in text
    assert re.search(r"<strong>0</strong>", text)
    assert "unfinished and wrong conditions are not counted yet" in text
    assert re.search(r'id="id_c0-0-days_error" hx-swap-oob="true"><div>This is not a number', text)
    assert re.search(r'id="id_c0-1-value_error" hx-swap-oob="true"></div>', text)
    assert not Segment.objects.exists()


def test_rows_and_groups_are_added_and_removed_with_and_without_scripts():
    browser = lead(make_team())
    level = {"kind": "level", "op": "one_of", "values": "金卡"}
    added = live(browser, "builder", rows(KEY, do="add-0")).content.decode()
    assert "<html" not in added
    assert 'name="layout" value="2"' in added
    assert re.search(r'name="c0-1-kind"[^>]*autofocus', added)
    removed = browser.post(NEW, rows(KEY, level, do="remove-0-0")).content.decode()
    assert "<html" in removed
    assert 'name="layout" value="1"' in removed
    assert 'value="金卡"' in removed
    grown = browser.post(NEW, rows(KEY, do="group")).content.decode()
    assert 'name="layout" value="1,1"' in grown
    shrunk = browser.post(
        NEW, rows(KEY, do="ungroup-0") | {"layout": "1,0", "g1-match": "any"}
    ).content.decode()
    assert 'name="layout" value="0"' in shrunk


def test_changed_kind_shows_its_own_fields_and_forgets_the_others():
    browser = lead(make_team())
    text = live(
        browser, "builder", rows({"kind": "contact", "shown": "level", "op": "one_of", "values": "金卡"})
    ).content.decode()
    assert 'name="c0-0-days"' in text
    assert 'name="c0-0-values"' not in text
    never = live(browser, "builder", rows({"kind": "contact", "op": "never"})).content.decode()
    assert 'name="c0-0-days"' not in never


def test_every_kind_has_its_row():
    browser = lead(make_team())
    for code, kind in KINDS.items():
        text = live(browser, "builder", rows({"kind": code, "shown": ""})).content.decode()
        assert f'name="c0-0-{kind.shape.fields[0].name}"' in text, code


def test_edit_of_an_old_version_keeps_what_was_typed_and_shows_both():
    browser = lead(make_team())
    segment = make_segment(by=browser.user)
    url = reverse("customers:segment_edit", args=[segment.pk])
    level = {"kind": "level", "op": "one_of", "values": "金卡"}
    assert 'value="yes" selected' in browser.get(url).content.decode()
    assert save(browser, level, url=url, version=1, name="先").status_code == 302
    response = save(browser, {"kind": "contact", "op": "never"}, url=url, version=1, name="后")
    text = response.content.decode()
    assert response.status_code == 409
    assert "Level: is one of 金卡" in text
    assert 'value="后"' in text
    segment.refresh_from_db()
    assert (segment.name, segment.version) == ("先", 2)
    assert save(browser, level, url=url, version=2, name="后").status_code == 302


def test_copy_delete_and_export_from_the_page():
    browser = lead(make_team())
    shared = make_segment(shared=True)
    copied = browser.post(reverse("customers:segment_copy", args=[shared.pk]))
    copy = Segment.objects.get(owner=browser.user)
    assert copied.url == reverse("customers:segment_edit", args=[copy.pk])
    export = reverse("customers:segment_export", args=[shared.pk])
    assert browser.post(export, {"file_format": "xlsx", "reason": ""}).status_code == 422
    assert browser.post(export, {"file_format": "pdf", "reason": "x"}).status_code == 422
    assert browser.post(export, {"file_format": "csv", "reason": "周会"}).url == reverse(
        "job", args=[Job.objects.get().pk]
    )
    assert browser.post(reverse("customers:segment_delete", args=[copy.pk])).status_code == 302
    assert not Segment.objects.filter(pk=copy.pk).exists()


def test_export_of_others_cannot_be_downloaded():
    team = make_team()
    browser, other = lead(team), lead(team)
    browser.post(
        reverse("customers:segment_export", args=[make_segment(shared=True).pk]),
        {"file_format": "csv", "reason": "x"},
    )
    job = Job.objects.get()
    assert other.get(reverse("job_file", args=[job.pk, "result"])).status_code == 404


def filled(team, how_many):
    """So many segments of others with everything a list shows, and customers who meet them."""
    for number in range(how_many):
        make_segment(shared=True, name=f"共享{number}", client=make_client())
        make_customer(
            team=team, key_customer=True, region=make_region(), phones=["+8613800138000", "+8613900139000"]
        )


@pytest.mark.parametrize("how_many", [1, 3])
def test_list_page_asks_as_many_queries_for_one_as_for_three(how_many):
    team = make_team()
    filled(team, how_many)
    browser = lead(team)
    with CaptureQueriesContext(connection) as seen:
        text = browser.get(reverse("customers:segments")).content.decode()
    assert text.count("共享") == how_many * 2
    assert len(seen) == 5


@pytest.mark.parametrize("how_many", [1, 3])
def test_segment_page_asks_as_many_queries_for_one_customer_as_for_three(how_many):
    team = make_team()
    filled(team, how_many)
    browser = lead(team)
    with CaptureQueriesContext(connection) as seen:
        text = browser.get(reverse("customers:segment", args=[make_segment(shared=True).pk])).content.decode()
    assert text.count("138****8000") == how_many
    assert len(seen) == 14


@pytest.mark.parametrize("how_many", [1, 3])
def test_builder_asks_as_many_queries_for_one_condition_as_for_three(how_many):
    team = make_team()
    filled(team, how_many)
    browser = lead(team)
    condition = {"kind": "team", "op": "is", "value": team.code}
    with CaptureQueriesContext(connection) as seen:
        browser.post(NEW, rows(*[condition] * how_many, do="count"))
    assert len(seen) == 11


@pytest.mark.parametrize(
    "stored",
    [
        {},
        [],
        "x",
        {"groups": 3},
        {"groups": [3, {}]},
        {
            "groups": [
                {"match": [], "conditions": [{"kind": ["a"]}, {"kind": "region", "op": {}, "value": [[]]}, 3]}
            ]
        },
        {"groups": [{"match": "all", "conditions": [{"kind": "contact", "op": "within", "days": 10**30}]}]},
    ],
)
def test_bad_stored_conditions_never_give_a_500(stored):
    browser = lead(make_team())
    segment = make_segment(by=browser.user)
    Segment.objects.filter(pk=segment.pk).update(definition=stored)
    for name, status in (("segment", 200), ("segment_edit", 200)):
        response = browser.get(reverse(f"customers:{name}", args=[segment.pk]))
        assert response.status_code == status
    assert browser.post(reverse("customers:segment_count", args=[segment.pk])).status_code == 422
    export = browser.post(
        reverse("customers:segment_export", args=[segment.pk]), {"file_format": "csv", "reason": "x"}
    )
    assert export.status_code == 422
    assert browser.get(reverse("api_segment_count", args=[segment.pk])).status_code == 422
    assert browser.get(reverse("api_segment", args=[segment.pk])).status_code == 200
    assert browser.get(reverse("api_segments")).status_code == 200


NAMES = ["layout", "g0-match", "do", "version", "client", "name", "c0-0-kind", "c0-0-shown", "c0-0-op"]
NAMES += ["c0-0-value", "c0-0-values", "c0-0-days", "c0-0-low", "c0-0-field", "c0-0-event", "c0-0-question"]
VALUES = st.sampled_from(
    [
        "",
        "save",
        "1",
        "1,1",
        "9" * 30,
        "-1",
        "add-0",
        "remove-9-9",
        "ungroup-0",
        "add-٣",
        "on",
        "٣",
        *sorted(KINDS),
    ]
) | st.text(max_size=30).filter(lambda text: "\0" not in text)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(NAMES), VALUES), st.sampled_from(["", "builder", "segment-result"]))
def test_nothing_that_can_be_posted_gives_a_500(db, data, target):
    browser = lead(make_team())
    data = {name: value.encode("utf-8", "replace").decode() for name, value in data.items()}
    response = live(browser, target, data) if target else browser.post(NEW, data)
    assert response.status_code in (200, 302, 422)


def test_api_lists_and_shows_segments_as_data():
    team = make_team()
    browser = lead(team)
    segment = make_segment(by=browser.user, client=make_client(code="AX"), description="说明")
    listed = browser.get(reverse("api_segments")).json()["results"]
    assert [one["id"] for one in listed] == [segment.pk]
    one = browser.get(reverse("api_segment", args=[segment.pk])).json()
    assert (one["client"], one["owner"], one["definition"]) == (
        "AX",
        browser.user.username,
        segment.definition,
    )
    count = browser.get(reverse("api_segment_count", args=[segment.pk])).json()
    assert count["customers"] == 0
    assert set(count) == {"customers", "at"}


def test_private_count_of_another_person_is_shown_to_nobody_else():
    own, _mine, canary = two_teams()
    shared = make_segment(shared=True)
    SegmentCount.objects.create(
        segment=shared, user=make_user("lead", team=canary.team), customers=4711, at=NOW
    )
    browser = lead(own)
    for url in (reverse("customers:segments"), reverse("customers:segment", args=[shared.pk])):
        assert "4,711" not in browser.get(url).content.decode()
