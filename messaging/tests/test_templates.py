"""Texts: written by one, approved by another, and never wrong in a way that a rule can see (CB-9)."""

import pytest
from django.utils import translation

from callcenter.access import Role
from callcenter.errors import Conflict, Refused
from messaging.actions import approve_version, create_template, retire_version, save_version
from messaging.catalogue import TEMPLATES
from messaging.models import Template, TemplateVersion
from messaging.queries.rendering import render
from messaging.rules.segments import cost_of
from messaging.tests.make import NOW, load_texts, make_reachable, make_team, make_user, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_user(Role.LEAD, team=make_team())


def make_template(author, **fields):
    values = {
        "code": "T1",
        "name": {"zh-hans": "名"},
        "kind": "thanks",
        "channel": "sms",
        "purpose": "service",
    }
    return create_template(**values | fields, by=author, now=NOW)


def test_draft_is_approved_by_a_second_person_and_retires_the_last(author):
    template = make_template(author)
    first = save_version(template=template, subjects={}, bodies={"zh-hans": "好"}, by=author, now=NOW)
    with pytest.raises(Refused) as refused:
        approve_version(version=first, by=author, now=NOW)
    assert refused.value.code == "second_person"
    second_person = make_user(Role.MANAGER, unit=make_team().unit)
    approve_version(version=first, by=second_person, now=NOW)
    with pytest.raises(Conflict):
        approve_version(version=first, by=second_person, now=NOW)
    draft = save_version(template=template, subjects={}, bodies={"zh-hans": "更好"}, by=author, now=NOW)
    assert (draft.number, draft.state) == (2, "draft")
    again = save_version(template=template, subjects={}, bodies={"zh-hans": "最好"}, by=author, now=NOW)
    assert again.pk == draft.pk
    approve_version(version=draft, by=second_person, now=NOW)
    states = dict(template.versions.values_list("number", "state"))
    assert states == {1: "retired", 2: "approved"}
    assert retire_version(version=TemplateVersion.objects.get(number=2), by=None, now=NOW).state == "retired"


@pytest.mark.parametrize(
    ("fields", "bodies", "code"),
    [
        ({}, {"zh-hans": " "}, "no_text"),
        ({}, {"zh-hans": "{nonsense}"}, "unknown_field"),
        ({"purpose": "sales"}, {"zh-hans": "买"}, "missing_field"),
        ({"kind": "survey"}, {"zh-hans": "评"}, "missing_field"),
        ({}, {"zh-hans": "好" * 671}, "too_long"),
        ({"channel": "email"}, {"zh-hans": "好"}, "no_subject"),
    ],
)
def test_wrong_texts_are_refused(author, fields, bodies, code):
    template = make_template(author, **fields)
    with pytest.raises(Refused) as refused:
        save_version(template=template, subjects={}, bodies=bodies, by=author, now=NOW)
    assert refused.value.code == code


def test_taken_code_is_refused(author):
    make_template(author)
    with pytest.raises(Refused):
        make_template(author)


def test_shipped_texts_pass_their_own_rules_and_fit_two_parts(author):
    load_texts()
    assert Template.objects.count() == len(TEMPLATES)
    customer = make_reachable(name="欧阳娜娜", gender="f")
    for version in TemplateVersion.objects.select_related("template"):
        assert set(version.bodies) == {"zh-hans", "zh-hant", "en"}
        template = Template.objects.get(pk=version.template_id)
        template.versions.filter(state="draft").delete()
        save_version(template=template, subjects=version.subjects, bodies=version.bodies, by=author, now=NOW)
        if template.channel == "sms":
            shown = render(
                version, customer=customer, now=NOW, link="https://calls.example.org/s/" + "x" * 23
            )
            assert shown.cost.segments <= 2, shown.body
            assert cost_of(shown.body).encoding == "ucs2"
    load_texts()
    assert Template.objects.count() == len(TEMPLATES)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-hans", "王女士 回复TD退订"),
        ("zh-hant", "王女士 回覆TD退訂"),
        ("en", "Ms 王 Reply TD to opt out"),
        ("", "王女士 回复TD退订"),
    ],
)
def test_text_speaks_the_customers_language_not_the_readers(language, expected):
    version = make_version(body="{salutation} {stop}")
    version.bodies = dict.fromkeys(("zh-hans", "zh-hant", "en"), "{salutation} {stop}")
    with translation.override("en"):
        assert render(version, customer=make_reachable(language=language), now=NOW).body == expected


def test_missing_language_falls_back_to_one_that_exists():
    shown = render(make_version(body="{salutation}您好"), customer=make_reachable(language="en"), now=NOW)
    assert (shown.language, shown.body) == ("zh-hans", "王女士您好")
