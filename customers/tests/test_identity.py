"""Numbers of identity documents: checked by GB 11643, stored sealed, found by a hash, shown masked (CUS-11)."""

import random

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from callcenter.models import AccessLog
from callcenter.sealing import fingerprint, seal, unseal
from customers import actions, queries
from customers.models import Customer, ImportRow
from customers.queries.completeness import completeness_by_team
from customers.rules.identity import IdentityRejected, check_character, mask_identity, read_identity
from customers.tests.make import NOW, make_client, make_customer, make_team, make_user
from customers.tests.test_imports import load, write

NUMBER = "11010519491231002X"


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        (NUMBER, NUMBER),
        (" 110105 19491231 002x ", NUMBER),
        ("１１０１０５１９４９１２３１００２Ｘ", NUMBER),
        ("440524188001010014", "440524188001010014"),
        ("110105491231002", "110105491231002"),
        ("E12345678", "E12345678"),
        ("a123456(7)", "A123456(7)"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_golden_identity_numbers_are_read(text, stored):
    assert read_identity(text) == stored


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("110105194912310021", "id_check"),
        ("110105194913310028", "id_birth"),
        ("110105500231002", "id_birth"),
        ("12", "id_shape"),
        ("不知道", "id_shape"),
        ("X" * 31, "id_shape"),
        ("E123\x00456", "id_shape"),
    ],
)
def test_golden_wrong_identity_numbers_say_why(text, code):
    with pytest.raises(IdentityRejected) as rejected:
        read_identity(text)
    assert rejected.value.code == code


def test_every_single_wrong_digit_of_a_resident_number_is_found():
    rng = random.Random(1)
    first = "33010219" + "800115" + "123"
    number = first + check_character(first)
    for place in range(18):
        other = rng.choice([digit for digit in "0123456789" if digit != number[place]])
        with pytest.raises(IdentityRejected):
            read_identity(number[:place] + other + number[place + 1 :])


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("330102198001151234", "3301**********1234"),
        ("E12345678", "E*******8"),
        ("AB", "**"),
        ("", ""),
    ],
)
def test_golden_identity_numbers_are_masked(number, shown):
    assert mask_identity(number) == shown


pytestmark = pytest.mark.django_db


def test_number_is_sealed_found_and_shown_only_by_reveal():
    team = make_team()
    customer = make_customer(team=team)
    lead = make_user("lead", team=team)
    browser = Browser()
    browser.force_login(lead)
    actions.update_customer(customer=customer, version=1, by=lead, now=NOW, id_number=NUMBER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_sealed, id_print FROM customers_customer")
        assert NUMBER not in str(cursor.fetchall())
    page = browser.get(reverse("customers:detail", args=[customer.pk])).content.decode()
    assert "1101**********002X" in page
    assert NUMBER not in page
    found = browser.post(reverse("customers:list"), {"number": "110105 19491231 002x"}).content.decode()
    assert customer.name in found
    url = reverse("customers:reveal_hidden", args=[customer.pk, "identity"])
    assert NUMBER not in browser.get(url).content.decode()
    assert browser.post(url, {"reason": " "}).status_code == 422
    assert NUMBER in browser.post(url, {"reason": "核对身份"}).content.decode()
    log = AccessLog.objects.get(action="reveal")
    assert (log.subject, log.subject_id, log.reason) == ("identity", str(customer.pk), "核对身份")
    changed = AccessLog.objects.get(subject="customer")
    assert changed.facts == {"fields": ["id_number"]}


@pytest.mark.parametrize("what", ["email", "identity", "phone", "x"])
def test_nothing_hidden_is_a_404(what):
    team = make_team()
    customer = make_customer(team=team)
    browser = Browser()
    browser.force_login(make_user("lead", team=team))
    assert browser.get(f"/customers/{customer.pk}/reveal/{what}/").status_code == 404
    assert not AccessLog.objects.exists()


def test_form_neither_shows_nor_loses_what_is_hidden():
    team = make_team()
    customer = make_customer(team=team, email="wang@example.com", **_sealed(NUMBER))
    browser = Browser()
    browser.force_login(make_user("lead", team=team))
    url = reverse("customers:edit", args=[customer.pk])
    page = browser.get(url).content.decode()
    assert "wang@" not in page
    assert NUMBER not in page
    plain = {"name": "新名", "nature": "individual", "version": 1, "email": "", "id_number": ""}
    assert browser.post(url, plain).status_code == 302
    customer.refresh_from_db()
    assert (customer.name, customer.email, unseal(customer.id_sealed)) == ("新名", "wang@example.com", NUMBER)
    assert browser.post(url, plain | {"version": 2, "id_number": "110105194912310021"}).status_code == 422
    gone = plain | {"version": 2, "remove_email": "on", "remove_id_number": "on"}
    assert browser.post(url, gone).status_code == 302
    customer.refresh_from_db()
    assert (customer.email, customer.id_sealed, customer.id_print) == ("", "", "")


def _sealed(number):
    return {"id_sealed": seal(number), "id_print": fingerprint(number)}


def test_api_takes_an_identity_number_and_gives_back_nothing_whole(client):
    team, firm = make_team(), make_client()
    client.force_login(make_user("lead", team=team))
    sent = {
        "client": firm.code,
        "team": team.code,
        "name": "王",
        "id_number": NUMBER,
        "email": "wang@example.com",
    }
    made = client.post("/api/v1/customers/", sent, content_type="application/json")
    assert made.status_code == 201, made.json()
    assert NUMBER not in made.content.decode()
    assert made.json()["email"] == "w***@example.com"
    customer = Customer.objects.get()
    assert unseal(customer.id_sealed) == NUMBER
    url = f"/api/v1/customers/{customer.pk}/"
    for wrong in ({"id_number": "123"}, {"email": "w***@example.com"}, {"custom": {"备用": "139****0000"}}):
        answer = client.patch(url, wrong | {"version": 1}, content_type="application/json")
        assert answer.status_code in (400, 422), wrong
    customer.refresh_from_db()
    assert (customer.email, customer.version) == ("wang@example.com", 1)


def test_import_seals_the_column_and_names_wrong_numbers_masked(tmp_path):
    header = "客户编号,姓名,手机,身份证号"
    rows = [
        f"A1,王一,13800000001,{NUMBER}",
        "A2,王二,13800000002,110105194912310021",
        "A3,王三,13800000003,",
    ]
    path = write(tmp_path, rows, header=header)
    mapping = {
        "columns": {"客户编号": "external_id", "姓名": "name", "手机": "phone", "身份证号": "id_number"}
    }
    firm = make_client()
    job, counts = load(path, client=firm, mapping=mapping)
    assert (counts["accepted"], counts["rejected"]) == (2, 1)
    found = {row.external_id: unseal(row.id_sealed) for row in Customer.objects.all()}
    assert found == {"A1": NUMBER, "A3": ""}
    assert queries.customer_list(make_user("admin"), number=NUMBER).get().external_id == "A1"
    assert not ImportRow.objects.exists()
    other = write(tmp_path, ["A1,王一,13800000001,E12345678"], header=header, name="again.csv")
    load(other, client=firm, mapping=mapping, duplicates="update")
    assert unseal(Customer.objects.get(external_id="A1").id_sealed) == "E12345678"
    load(write(tmp_path, rows[:1], header=header, name="skip.csv"), client=firm, mapping=mapping)
    assert unseal(Customer.objects.get(external_id="A1").id_sealed) == "E12345678"


def test_completeness_counts_sealed_numbers():
    team, firm = make_team(), make_client(required_fields=["id_number"])
    make_customer(team=team, client=firm, **_sealed(NUMBER))
    make_customer(team=team, client=firm)
    (line,) = completeness_by_team(make_user("lead", team=team))
    assert line["score"] == 0.5


def test_keys_rotate_and_a_lost_key_is_told(settings, capsys):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEYS = [old]
    customer = make_customer(**_sealed(NUMBER))
    admin = make_user("admin")
    settings.FIELD_KEYS = [new, old]
    assert queries.customer_list(admin, number=NUMBER).exists()
    call_command("reseal", verbosity=0)
    settings.FIELD_KEYS = [new]
    customer.refresh_from_db()
    assert unseal(customer.id_sealed) == NUMBER
    assert queries.customer_list(admin, number=NUMBER).exists()
    settings.FIELD_KEYS = [old]
    assert customer.masked_identity == ""
    with pytest.raises(CommandError):
        call_command("reseal", verbosity=0)
    customer.refresh_from_db()
    settings.FIELD_KEYS = [new]
    assert unseal(customer.id_sealed) == NUMBER


@pytest.mark.parametrize("merges", [1, 2])
def test_merges_are_undone_after_the_keys_have_rotated(settings, merges):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEYS = [old]
    survivor = make_customer()
    losers = [make_customer(client=survivor.client, **_sealed(number)) for number in (NUMBER, "E12345678")]
    made = []
    for loser in losers[:merges]:
        survivor.refresh_from_db()
        seen = {survivor.pk: survivor.version, loser.pk: loser.version}
        made.append(
            actions.merge_customers(
                survivor=survivor, loser=loser, take=["id_sealed"], versions=seen, by=None, now=NOW
            )
        )
    settings.FIELD_KEYS = [new, old]
    call_command("reseal", verbosity=0)
    settings.FIELD_KEYS = [new]
    for merge in reversed(made):
        actions.undo_merge(merge=merge, by=None, now=NOW)
        survivor.refresh_from_db()
        left = unseal(survivor.id_sealed)
        assert left == (NUMBER if merge != made[0] else "")
        assert survivor.id_print == fingerprint(left)
    assert unseal(Customer.objects.get(pk=losers[0].pk).id_sealed) == NUMBER
