"""The pages of the archive: scope, masking, numbers of queries, conflicts, and nothing a user can send gives a 500."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcenter import jobs
from callcenter.models import AccessLog
from customers import actions
from customers.actions import imports
from customers.models import BlacklistEntry, Consent, Customer, Import, NameKey, NamesToRead, Phone
from customers.queries import customer_list
from customers.tests.make import NOW, make_client, make_customer, make_region, make_team, make_unit, make_user

pytestmark = pytest.mark.django_db
CANARY = "金丝雀"
CANARY_NUMBER = "+8613911112222"


def signed_in(user):
    browser = Browser()
    browser.force_login(user)
    return browser


def lead_of(team):
    return signed_in(make_user("lead", team=team))


def two_teams():
    """Our team with a customer, and another with a canary that must show nowhere."""
    own, foreign = make_team(), make_team()
    mine = make_customer(team=own, name="我方客户", phones=["+8613800138000"])
    canary = make_customer(team=foreign, name=CANARY, external_id="CANARY1", phones=[CANARY_NUMBER])
    return own, mine, canary


def assert_no_canary(response):
    text = response.content.decode()
    for sign in (CANARY, "CANARY1", "13911112222", "139****2222"):
        assert sign not in text


def test_list_shows_only_customers_in_scope_with_masked_phones():
    own, mine, _canary = two_teams()
    response = lead_of(own).get(reverse("customers:list"))
    text = response.content.decode()
    assert mine.name in text
    assert "138****8000" in text
    assert "13800138000" not in text
    assert_no_canary(response)


@pytest.mark.parametrize(
    "query",
    [{"q": CANARY}, {"q": "CANARY1"}, {"nature": "individual"}, {"team": "foreign"}, {"client": "foreign"}],
)
def test_no_filter_reaches_customers_out_of_scope(query):
    own, _mine, canary = two_teams()
    query = {name: getattr(canary, name).pk if value == "foreign" else value for name, value in query.items()}
    response = lead_of(own).get(reverse("customers:list"), query)
    assert response.status_code == 200
    text = response.content.decode().replace(f'value="{query.get("q")}"', "")
    assert CANARY not in text
    assert "139****2222" not in text


def test_number_search_finds_the_whole_number_in_scope_only():
    own, mine, _canary = two_teams()
    browser = lead_of(own)
    found = browser.post(reverse("customers:list"), {"number": "138 0013 8000"})
    assert mine.name in found.content.decode()
    for number in ("13911112222", "8000", "138001380", "nonsense"):
        response = browser.post(reverse("customers:list"), {"number": number})
        assert mine.name not in response.content.decode()
        assert CANARY not in response.content.decode()


def test_filters_find_by_region_below_level_and_name():
    team = make_team()
    country = make_region()
    city = make_region(parent=country)
    wanted = make_customer(team=team, region=city, level="金卡", name="王芳", key_customer=True)
    other = make_customer(team=team, level="银卡", name="李芳")
    browser = lead_of(team)
    for query in ({"region": country.pk}, {"level": "金卡"}, {"q": "王"}, {"key_customer": "true"}):
        text = browser.get(reverse("customers:list"), query).content.decode()
        assert wanted.name in text
        assert other.name not in text


@pytest.mark.parametrize("how_many", [1, 3])
def test_list_page_asks_as_many_queries_for_one_as_for_three(how_many):
    team, region = make_team(), make_region()
    for _ in range(how_many):
        make_customer(team=team, region=region, phones=["+8613800138000", "+8613900139000"])
    browser = lead_of(team)
    with CaptureQueriesContext(connection) as seen:
        response = browser.get(reverse("customers:list"))
    assert response.content.decode().count("138****8000") == how_many
    assert len(seen) == 10


@pytest.mark.parametrize("how_many", [1, 3])
def test_detail_page_asks_as_many_queries_for_one_row_as_for_three(how_many):
    team = make_team()
    customer = make_customer(team=team, phones=[f"+861380013800{n}" for n in range(how_many)])
    for number in range(how_many):
        for verb in (actions.grant_consent, actions.withdraw_consent):
            channel = ("phone", "sms", "email")[number]
            verb(customer=customer, channel=channel, purpose="sales", source="s", by=make_user(), now=NOW)
        actions.block(customer=customer, category="asked", reason=f"r{number}", by=make_user(), now=NOW)
        actions.record_event(
            customer=customer, kind="claim", external_id=str(number), occurred_at=NOW, facts={}, now=NOW
        )
    browser = lead_of(team)
    with CaptureQueriesContext(connection) as seen:
        response = browser.get(reverse("customers:detail", args=[customer.pk]))
    assert response.status_code == 200
    assert len(seen) == 21


def test_detail_says_whether_and_why_not():
    team = make_team()
    customer = make_customer(team=team)
    actions.block(customer=customer, category="asked", reason="不要再打", by=None, now=NOW)
    browser = lead_of(team)
    browser.cookies["django_language"] = "en"
    text = browser.get(reverse("customers:detail", args=[customer.pk])).content.decode()
    assert "The customer is on the do-not-call list." in text
    assert "不要再打" in text
    fragment = browser.get(
        reverse("customers:permission", args=[customer.pk]), {"purpose": "sales", "channel": "sms"}
    )
    assert "has not agreed" in fragment.content.decode()


def test_no_page_of_a_foreign_customer_exists():
    own, _mine, canary = two_teams()
    browser = lead_of(own)
    phone = canary.phones.get()
    entry = actions.block(customer=canary, category="asked", reason="r", by=None, now=NOW)
    for name, pk in [
        ("detail", canary.pk),
        ("edit", canary.pk),
        ("permission", canary.pk),
        ("phone_new", canary.pk),
        ("consent", canary.pk),
        ("block", canary.pk),
        ("entry", entry.pk),
        ("consents", canary.pk),
        ("reveal", phone.pk),
    ]:
        for response in (
            browser.get(reverse(f"customers:{name}", args=[pk])),
            browser.post(reverse(f"customers:{name}", args=[pk]), {"reason": "r", "name": "x", "version": 1}),
        ):
            assert response.status_code in {404, 405}, name
            assert_no_canary(response)
    for name in ("phone_state", "phone_prefer"):
        assert (
            browser.post(reverse(f"customers:{name}", args=[phone.pk]), {"state": "wrong"}).status_code == 404
        )
    phone.refresh_from_db()
    assert phone.state == "valid"
    assert not AccessLog.objects.filter(action="reveal").exists()


def test_reveal_shows_the_number_for_a_reason_and_logs_it():
    own, mine, _canary = two_teams()
    browser = lead_of(own)
    url = reverse("customers:reveal", args=[mine.phones.get().pk])
    assert browser.post(url, {"reason": " "}).status_code == 422
    assert not AccessLog.objects.filter(action="reveal").exists()
    response = browser.post(url, {"reason": "客户要求回电"})
    assert "138 0013 8000" in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    row = AccessLog.objects.get(action="reveal")
    assert (row.subject, row.reason) == ("phone", "客户要求回电")


def test_a_thousand_reveals_are_a_thousand_rows(settings):
    settings.REVEALS_PER_DAY = 1_000
    user = make_user()
    phone = make_customer().phones.get()
    for _ in range(1_000):
        actions.reveal_phone(phone=phone, by=user, reason="check", now=NOW)
    assert AccessLog.objects.filter(action="reveal", user=user).count() == 1_000
    with pytest.raises(actions.REFUSALS) as refused:
        actions.reveal_phone(phone=phone, by=user, reason="check", now=NOW)
    assert refused.value.code == "reveal_limit"
    assert actions.reveal_phone(phone=phone, by=user, reason="check", now=NOW + timedelta(days=1, seconds=1))


def test_number_does_not_leave_when_the_log_cannot_be_written(monkeypatch):
    phone = make_customer().phones.get()
    monkeypatch.setattr(AccessLog.objects, "create", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.reveal_phone(phone=phone, by=make_user(), reason="check", now=NOW)


def edit_data(customer, **changes):
    return {
        "version": customer.version,
        "name": customer.name,
        "external_id": customer.external_id,
        "nature": customer.nature,
        "gender": "",
        "relation": "",
    } | changes


def test_edit_saves_and_counts_the_version():
    own, mine, _canary = two_teams()
    url = reverse("customers:edit", args=[mine.pk])
    browser = lead_of(own)
    assert browser.get(url).status_code == 200
    response = browser.post(
        url, edit_data(mine, name="新名字", rest_hours="12:00-13:30; 21-8", amount="-5.5")
    )
    assert response.status_code == 302
    mine.refresh_from_db()
    assert (mine.name, mine.version, str(mine.amount)) == ("新名字", 2, "-5.50")
    assert mine.rest_hours == [["12:00", "13:30"], ["21:00", "08:00"]]


def test_edit_of_an_old_version_keeps_what_was_typed_and_shows_both():
    own, mine, _canary = two_teams()
    url = reverse("customers:edit", args=[mine.pk])
    browser = lead_of(own)
    browser.post(url, edit_data(mine, name="别人的名字"))
    response = browser.post(url, edit_data(mine, name="我的名字"))
    text = response.content.decode()
    assert response.status_code == 409
    assert "我的名字" in text
    assert "别人的名字" in text
    assert Customer.objects.get(pk=mine.pk).name == "别人的名字"
    version = re.search(r'name="version" value="(\d+)"', text)[1]
    assert browser.post(url, edit_data(mine, name="我的名字", version=version)).status_code == 302
    assert Customer.objects.get(pk=mine.pk).name == "我的名字"


def test_wrong_hours_come_back_with_a_sentence():
    own, mine, _canary = two_teams()
    response = lead_of(own).post(
        reverse("customers:edit", args=[mine.pk]), edit_data(mine, rest_hours="25:00-26")
    )
    assert response.status_code == 422
    assert "25:00-26" in response.content.decode()


def test_new_customer_goes_into_an_own_team_only():
    own, foreign, client = make_team(), make_team(), make_client()
    browser = lead_of(own)
    data = {
        "client": client.pk,
        "team": own.pk,
        "name": "新客户",
        "number": "0571-88888888-801",
        "nature": "individual",
    }
    assert browser.get(reverse("customers:new")).status_code == 200
    assert browser.post(reverse("customers:new"), data).status_code == 302
    customer = Customer.objects.get(name="新客户")
    assert (customer.unit, customer.phones.get().extension) == (own.unit, "801")
    assert browser.post(reverse("customers:new"), data | {"team": foreign.pk}).status_code == 422
    assert browser.post(reverse("customers:new"), data | {"number": "123x"}).status_code == 422
    assert Customer.objects.count() == 1


def test_taken_customer_number_is_a_conflict_beside_its_field():
    own, mine, _canary = two_teams()
    data = {
        "client": mine.client.pk,
        "team": own.pk,
        "name": "又一个",
        "external_id": mine.external_id,
        "nature": "individual",
    }
    assert lead_of(own).post(reverse("customers:new"), data).status_code == 409


def test_phone_consent_and_do_not_call_are_written_from_the_page():
    own, mine, _canary = two_teams()
    browser = lead_of(own)
    browser.post(reverse("customers:phone_new", args=[mine.pk]), {"number": "13900139000", "preferred": "on"})
    assert mine.phones.get(preferred=True).number == "+8613900139000"
    first = mine.phones.get(number="+8613800138000")
    browser.post(reverse("customers:phone_prefer", args=[first.pk]))
    assert mine.phones.get(preferred=True) == first
    browser.post(reverse("customers:phone_state", args=[first.pk]), {"state": "wrong"})
    assert mine.phones.get(preferred=True).number == "+8613900139000"
    browser.post(
        reverse("customers:consent", args=[mine.pk]),
        {"channel": "sms", "purpose": "sales", "state": "withdrawn", "source": "call"},
    )
    assert Consent.objects.get().state == "withdrawn"
    browser.post(reverse("customers:block", args=[mine.pk]), {"category": "asked", "reason": "不要打"})
    entry = BlacklistEntry.objects.get()
    assert browser.get(reverse("customers:detail", args=[mine.pk])).status_code == 200
    browser.post(reverse("customers:entry_verb", args=[entry.pk, "ask-removal"]), {"reason": "改变主意"})
    entry.refresh_from_db()
    assert (entry.state, entry.removal_reason) == ("removal_proposed", "改变主意")


ODD = ["\x00", "-1", "0", "abc", "9" * 30, "2026-13-45", "x" * 10_000, "[]", "../../", "😀", "\u202e"]


@pytest.mark.parametrize("odd", ODD)
def test_odd_parameters_are_no_server_error(odd):
    own, mine, _canary = two_teams()
    browser = lead_of(own)
    for name in (
        "q",
        "client",
        "region",
        "team",
        "level",
        "nature",
        "key_customer",
        "page",
        "purpose",
        "channel",
    ):
        for url in (
            reverse("customers:list"),
            reverse("customers:detail", args=[mine.pk]),
            reverse("customers:import"),
        ):
            assert browser.get(url, {name: odd}).status_code < 500, (name, odd)
    assert browser.post(reverse("customers:list"), {"number": odd}).status_code < 500
    for url in ("edit", "phone_new", "consent", "block"):
        data = dict.fromkeys(
            [
                "version",
                "name",
                "number",
                "amount",
                "region",
                "rest_hours",
                "channel",
                "reason",
                "expires_at",
                "category",
            ],
            odd,
        )
        assert browser.post(reverse(f"customers:{url}", args=[mine.pk]), data).status_code < 500, url


def upload(text, name="名单.csv"):
    return SimpleUploadedFile(name, text.encode())


LIST = "客户编号,姓名,手机,爱好\nA1,王芳,13800000001,茶\nA2,李娜,13800000002,\nA3,坏,123x,\n"


def test_import_wizard_from_file_to_result():
    team, client = make_team(), make_client()
    browser = lead_of(team)
    browser.cookies["django_language"] = "en"
    assert browser.get(reverse("customers:import")).status_code == 200
    response = browser.post(
        reverse("customers:import"), {"file": upload(LIST), "client": client.pk, "team": team.pk}
    )
    batch = Import.objects.get()
    assert response.url == reverse("customers:import_columns", args=[batch.pk])
    page = browser.get(response.url).content.decode()
    assert "138****0001" in page
    assert "13800000001" not in page
    columns = {"column0": "external_id", "column1": "name", "column2": "phone", "column3": "custom"}
    for name, target in columns.items():
        assert re.search(rf'name="{name}".*?value="{target}" selected', page, re.S), name
    response = browser.post(
        response.url,
        columns | {"duplicates": "skip", "scope": "client", "keep_good": "yes", "save_as": "月度"},
    )
    preview = reverse("customers:import_preview", args=[batch.pk])
    assert response.url == preview
    assert browser.get(preview).status_code == 200
    run_jobs()
    page = browser.get(preview).content.decode()
    assert "Import 2 rows" in page
    assert "123x" in page
    assert Customer.objects.count() == 0
    browser.post(reverse("customers:import_start", args=[batch.pk]))
    run_jobs()
    assert Customer.objects.filter(team=team).count() == 2
    assert Customer.objects.get(external_id="A1").custom == {"爱好": "茶"}
    assert "Result" in browser.get(preview).content.decode()
    again = browser.post(
        reverse("customers:import"), {"file": upload(LIST), "client": client.pk, "team": team.pk}
    )
    page = browser.get(again.url).content.decode()
    assert re.search(r'name="column2".*?value="phone" selected', page, re.S)


def run_jobs():
    from django.utils import timezone

    while job := jobs.claim(now=timezone.now()):
        jobs.run(job)


def test_import_pages_belong_to_their_owner():
    team, client = make_team(), make_client()
    browser = lead_of(team)
    browser.post(reverse("customers:import"), {"file": upload(LIST), "client": client.pk, "team": team.pk})
    batch = Import.objects.get()
    other = lead_of(team)
    for name in ("import_preview", "import_columns"):
        assert other.get(reverse(f"customers:{name}", args=[batch.pk])).status_code == 404
    assert other.post(reverse("customers:import_start", args=[batch.pk])).status_code == 404


def test_import_into_a_foreign_team_or_unit_is_refused():
    own, foreign, client = make_team(), make_team(), make_client()
    browser = lead_of(own)
    for place in ({"team": foreign.pk}, {"unit": foreign.unit.pk}, {"unit": make_unit().pk}, {}):
        response = browser.post(
            reverse("customers:import"), {"file": upload(LIST), "client": client.pk} | place
        )
        assert response.status_code == 422
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    "data",
    [{}, {"duplicates": "nonsense"}, {"column0": "nonsense"}, {"header_row": "9" * 30}, {"encoding": "\x00"}],
)
def test_odd_column_choices_come_back(data):
    team, client = make_team(), make_client()
    browser = lead_of(team)
    response = browser.post(
        reverse("customers:import"), {"file": upload(LIST), "client": client.pk, "team": team.pk}
    )
    assert browser.post(response.url, data).status_code in {400, 422}


def test_unreadable_upload_is_explained():
    team, client = make_team(), make_client()
    for file in (upload(""), upload("", "a.xlsx"), SimpleUploadedFile("a.xlsx", b"PK\x03\x04broken")):
        response = lead_of(team).post(
            reverse("customers:import"), {"file": file, "client": client.pk, "team": team.pk}
        )
        assert response.status_code == 422


def test_agents_and_observers_may_not_browse_the_archive():
    team, client = make_team(), make_client()
    customer = make_customer(team=team, client=client)
    for user in (make_user("agent", team=team), make_user("client", client=client)):
        assert signed_in(user).get(reverse("customers:list")).status_code == 403
        assert signed_in(user).get(reverse("customers:detail", args=[customer.pk])).status_code == 403
    assert Phone.objects.exists()


@pytest.mark.parametrize("typed", ["小明", "wangxiaoming", "wxm", "wang xiao", "ＷＸＭ", "王小明", "K777"])
def test_a_customer_is_found_by_part_of_the_name_pinyin_initials_and_number(typed):
    team = make_team()
    place = {"client": make_client(), "unit": team.unit, "team": team, "by": None, "now": NOW}
    actions.create_customer(**place, name="王小明", external_id="K777")
    actions.create_customer(**place, name="李大海", external_id="K778")
    text = lead_of(team).get(reverse("customers:list"), {"q": typed}).content.decode()
    assert "王小明</a>" in text
    assert "李大海" not in text


def test_a_renamed_customer_is_found_under_the_new_name_only():
    team = make_team()
    customer = make_customer(team=team, name="王小明")
    for name in ("陈静", "刘洋"):
        customer = actions.update_customer(
            customer=customer, version=customer.version, by=None, now=NOW, name=name
        )
    browser = lead_of(team)
    for typed, found in (("liuyang", True), ("ly", True), ("chenjing", False), ("wxm", False)):
        text = browser.get(reverse("customers:list"), {"q": typed}).content.decode()
        assert ("刘洋</a>" in text) is found


@pytest.mark.parametrize("few", [1_000, 1])
def test_a_name_that_many_share_is_found_by_walking_the_list(few, monkeypatch):
    monkeypatch.setattr("customers.queries.names.FEW", few)
    own, foreign = make_team(), make_team()
    for number in range(3):
        make_customer(team=own, name=f"王小明{number}", external_id=f"K77{number}")
    make_customer(team=foreign, name="王小明9")
    actions.read_names(Customer.objects.all())
    browser = lead_of(own)
    for typed, how_many in (("wxm", 3), ("小明2", 1), ("K772", 1), ("ming", 3), ("李", 0)):
        text = browser.get(reverse("customers:list"), {"q": typed}).content.decode()
        assert text.count("王小明") == how_many
    with CaptureQueriesContext(connection) as seen:
        browser.get(reverse("customers:list"), {"q": "wxm"})
    assert len(seen) == (13 if few > 1 else 12)


def test_names_that_an_import_brought_or_changed_are_read_by_the_sweep(tmp_path):
    client, unit = make_client(), make_unit()
    make_customer(client=client, unit=unit, external_id="K1", name="王小明", phones=[])
    actions.read_names(Customer.objects.all())
    path = tmp_path / "list.csv"
    path.write_text("编号,姓名\nK1,陈静\nK2,刘洋\nK3,周海燕\n", encoding="utf-8")
    mapping = {"columns": {"编号": "external_id", "姓名": "name"}, "rest": "ignore"}
    _batch, job = imports.import_file(
        path=path, client=client, unit=unit, mapping=mapping, duplicates="update", now=NOW
    )
    assert jobs.run(job).result["updated"] == 1
    actions.read_names_due(now=NOW)
    assert not NamesToRead.objects.exists()
    manager = make_user("manager", unit=unit)
    for typed, name in (("cj", "陈静"), ("yang", "刘洋"), ("海燕", "周海燕"), ("wxm", None)):
        found = [customer.name for customer in customer_list(manager, q=typed)]
        assert found == ([name] if name else [])


def test_a_large_part_is_read_a_chunk_at_a_time(monkeypatch):
    monkeypatch.setattr("customers.actions.names.CHUNK", 2)
    made = [make_customer(name=f"王{number}") for number in range(5)]
    NamesToRead.objects.create(first_id=made[0].pk, last_id=made[-1].pk)
    assert actions.read_names_due(now=NOW) == 3
    assert NameKey.objects.values("customer").distinct().count() == 5
    assert actions.read_names_due(now=NOW) == 0


def test_an_erased_customer_is_found_no_more():
    customer = make_customer(name="王小明")
    actions.read_names(Customer.objects.all())
    actions.erase_customer(customer=customer, by=None, reason="letter", now=NOW)
    assert not NameKey.objects.exists()
