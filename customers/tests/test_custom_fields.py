"""A client's own fields: defined as data, checked in form and API, shown and counted (CUS-1, CUS-4)."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from customers import actions
from customers.models import Customer, CustomField
from customers.queries import completeness_by_team, completeness_of, customer_page, fields_of
from customers.rules.custom_fields import BadValue, read_value
from customers.tests.make import NOW, make_client, make_customer, make_team, make_user
from customers.tests.test_pages import lead_of


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("text", "  重疾险 ", "重疾险"),
        ("text", "", ""),
        ("number", "１２,０００.50", "12000.50"),
        ("number", "-3", "-3"),
        ("date", "2026年3月4日", "2026-03-04"),
        ("date", "2026/3/4", "2026-03-04"),
        ("choice", "是", "是"),
        ("choice", "", ""),
    ],
)
def test_values_are_read_as_people_write_them(kind, typed, stored):
    assert read_value(kind, typed, ["是", "否"]) == stored


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        ("number", "12a", "not_a_number"),
        ("number", "1e5", "not_a_number"),
        ("number", "9" * 40, "not_a_number"),
        ("date", "2026-02-30", "not_a_date"),
        ("date", "tomorrow", "not_a_date"),
        ("choice", "也许", "not_a_choice"),
        ("text", "x" * 2001, "too_long"),
    ],
)
def test_what_does_not_fit_is_refused(kind, typed, code):
    with pytest.raises(BadValue) as bad:
        read_value(kind, typed, ["是", "否"])
    assert bad.value.code == code


@given(st.sampled_from(["text", "number", "date", "choice"]), st.text())
def test_any_text_is_read_or_refused_and_reading_again_changes_nothing(kind, typed):
    try:
        stored = read_value(kind, typed, [])
    except BadValue:
        return
    assert read_value(kind, stored, []) == stored


@pytest.fixture
def place(db):
    """A team, and a client with a field of every kind."""
    client, team = make_client(required_fields=["name"]), make_team()
    for position, (name, kind, required) in enumerate(
        [
            ("险种", "choice", True),
            ("到期日", "date", False),
            ("保费", "number", False),
            ("备注", "text", False),
        ]
    ):
        CustomField.objects.create(
            client=client, name=name, label=f"{name}栏", kind=kind, required=required, position=position,
            options=["重疾险", "医疗险"] if kind == "choice" else [],
        )  # fmt: skip
    return client, team


def posted(customer, **own):
    fields = {field.name: f"own_{field.pk}" for field in fields_of(customer.client_id)}
    base = {"version": customer.version, "name": customer.name, "nature": "individual"}
    return base | {fields[name]: value for name, value in own.items()}


def test_the_form_offers_and_checks_the_fields_of_the_client(place):
    client, team = place
    customer = make_customer(client=client, team=team, custom={"车牌": "浙A", "备注": "旧"})
    browser = lead_of(team)
    url = reverse("customers:edit", args=[customer.pk])
    assert "险种栏" in browser.get(url).content.decode()
    wrong = browser.post(url, posted(customer, 险种="", 到期日="x", 保费="y"))
    assert wrong.status_code == 422
    assert wrong.context["form"].errors.keys() == {
        f"own_{field.pk}" for field in fields_of(client.pk) if field.name in ("险种", "到期日", "保费")
    }
    assert browser.post(url, posted(customer, 险种="意外险")).status_code == 422
    saved = browser.post(url, posted(customer, 险种="医疗险", 到期日="2027/1/5", 保费="1,200", 备注=""))
    assert saved.status_code == 302
    customer.refresh_from_db()
    assert customer.custom == {"车牌": "浙A", "险种": "医疗险", "到期日": "2027-01-05", "保费": "1200"}
    page = browser.get(reverse("customers:detail", args=[customer.pk])).content.decode()
    assert "到期日栏" in page
    assert "浙A" in page
    assert page.index("险种栏") < page.index("车牌")


@pytest.mark.parametrize("name", ["备注", "保费"])
def test_a_number_of_a_person_in_a_field_is_masked_in_the_form_and_stays_when_it_is_not_touched(place, name):
    client, team = place
    customer = make_customer(client=client, team=team, custom={"险种": "重疾险", name: "13912345678"})
    browser = lead_of(team)
    url = reverse("customers:edit", args=[customer.pk])
    page = browser.get(url).content.decode()
    assert "13912345678" not in page
    assert "139****5678" in page
    untouched = {"险种": "重疾险", name: "139****5678"}
    assert browser.post(url, posted(customer, **untouched)).status_code == 302
    customer.refresh_from_db()
    assert customer.custom[name] == "13912345678"
    assert browser.post(url, posted(customer, **untouched | {name: "42"})).status_code == 302
    customer.refresh_from_db()
    assert customer.custom[name] == "42"


def test_a_new_customer_gets_the_fields_of_the_chosen_client(place):
    client, team = place
    make_client()
    browser = lead_of(team)
    url = reverse("customers:new")
    assert "险种栏" not in browser.get(url).content.decode()
    asked = {"client": client.pk, "name": "王芳", "number": "13800138000", "show_fields": "1"}
    fragment = browser.post(url, asked, headers={"hx-request": "true"}).content.decode()
    assert "险种栏" in fragment
    assert 'value="13800138000"' in fragment
    field = client.custom_fields.get(name="险种")
    data = {"client": client.pk, "team": team.pk, "name": "王芳", "nature": "individual"}
    assert browser.post(url, data).status_code == 422
    assert browser.post(url, data | {f"own_{field.pk}": "重疾险"}).status_code == 302
    assert Customer.objects.get().custom == {"险种": "重疾险"}


def test_the_api_refuses_what_does_not_fit(place, client):
    owner, team = place
    customer = make_customer(client=owner, team=team)
    client.force_login(make_user("lead", team=team))
    url = f"/api/v1/customers/{customer.pk}/"
    change = {"version": 1, "custom": {"保费": "viel", "other": "free"}}
    refused = client.patch(url, change, content_type="application/json")
    assert refused.status_code == 422
    assert list(refused.json()["fields"]) == ["custom.保费"]
    change = {"version": 1, "custom": {"保费": "1,200", "other": "free"}}
    assert client.patch(url, change, content_type="application/json").json()["custom"] == {
        "保费": "1200",
        "other": "free",
    }


def test_required_fields_of_the_client_count_in_the_score(place):
    client, team = place
    customer = make_customer(client=client, team=team, custom={"险种": "重疾险"})
    lacking = make_customer(client=client, team=team, custom={"险种": ""})
    user = make_user("lead", team=team)
    (line,) = completeness_by_team(user)
    assert line["score"] == 0.75
    assert line["missing"] == [{"field": "custom:险种", "label": "险种栏", "count": 1}]
    fields = fields_of(client.pk)
    rows = customer_page(user)
    assert completeness_of(rows.get(pk=customer.pk), fields) == (1.0, [])
    assert completeness_of(rows.get(pk=lacking.pk), fields) == (0.5, ["险种栏"])
    text = lead_of(team).get(reverse("customers:list"), {"missing": "custom:险种"}).content.decode()
    assert lacking.name in text
    assert customer.name not in text


def test_the_page_of_one_customer_says_what_it_lacks(place):
    client, team = place
    customer = make_customer(client=client, team=team)
    browser = lead_of(team)
    browser.cookies["django_language"] = "en"
    page = browser.get(reverse("customers:detail", args=[customer.pk])).content.decode()
    assert "Completeness: 50.0 %" in page
    assert '<span class="badge badge-warn">险种栏</span>' in page


@pytest.mark.django_db
def test_administrators_define_fields_on_the_clients_page():
    client = make_client()
    browser = Browser()
    browser.force_login(make_user("admin", is_staff=True))
    url = reverse("admin:customers_client_change", args=[client.pk])
    prefix = "custom_fields"
    data = {
        "name": client.name, "code": client.code, f"{prefix}-TOTAL_FORMS": 1, f"{prefix}-INITIAL_FORMS": 0,
        "retentions-TOTAL_FORMS": 0, "retentions-INITIAL_FORMS": 0,
        f"{prefix}-0-name": " 险 种 ", f"{prefix}-0-kind": "choice", f"{prefix}-0-options": "", f"{prefix}-0-position": 1,
    }  # fmt: skip
    assert browser.post(url, data).status_code == 200
    assert browser.post(url, data | {f"{prefix}-0-options": "重疾险\n\n医疗险\n重疾险"}).status_code == 302
    field = CustomField.objects.get()
    assert (field.name, field.options) == ("险 种", ["重疾险", "医疗险"])


@pytest.mark.django_db
def test_a_file_may_bring_anything_and_the_form_shows_it(place):
    client, team = place
    customer = make_customer(client=client, team=team, custom={"险种": "车险", "到期日": "下周"})
    browser = lead_of(team)
    page = browser.get(reverse("customers:edit", args=[customer.pk])).content.decode()
    assert "车险" in page
    assert (
        browser.post(reverse("customers:edit", args=[customer.pk]), posted(customer, 险种="车险")).status_code
        == 422
    )
    assert "下周" in browser.get(reverse("customers:detail", args=[customer.pk])).content.decode()
    assert (
        actions.update_customer(customer=customer, version=1, by=None, now=NOW, level="x").custom["险种"]
        == "车险"
    )
