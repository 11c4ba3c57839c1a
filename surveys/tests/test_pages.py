import pytest
from django.urls import reverse

from callcenter.access import Role
from surveys.models import Item, Question, Questionnaire, QuestionnaireVersion
from surveys.tests.make import (
    items_of,
    make_client,
    make_customer,
    make_question,
    make_response,
    make_team,
    make_user,
    make_version,
    make_why_version,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    user = make_user("manager")
    client.force_login(user)
    return user


def listed(kind, count):
    for _number in range(count):
        if kind == "surveys:questions":
            make_question()
        else:
            make_why_version()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("surveys:list", 6), ("surveys:questions", 9)])
def test_lists_cost_the_same_at_one_and_three_rows(
    client, manager, django_assert_num_queries, count, name, queries
):
    listed(name, count)
    with django_assert_num_queries(queries):
        response = client.get(reverse(name))
    assert len(response.context["page"]) >= count


@pytest.mark.parametrize("count", [1, 3])
def test_questionnaire_page_costs_the_same_at_one_and_three_versions(
    client, manager, django_assert_num_queries, count
):
    questionnaire = make_version("text", number=1).questionnaire
    make_version("yesno", questionnaire=questionnaire, number=2)
    for number in range(3, 2 + count):
        make_version("yesno", questionnaire=questionnaire, number=number)
    with django_assert_num_queries(9):
        response = client.get(reverse("surveys:questionnaire", args=[questionnaire.pk]))
    assert "Question" in response.content.decode()


PAGES = ["list", "questions", "question_new", "questionnaire_new"]


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.ADMIN, Role.DEPARTMENT, Role.CLIENT)]
)
def test_who_reaches_the_pages(client, role):
    client.force_login(make_user(role))
    readers = {Role.MANAGER, Role.TRAINER, Role.LEAD, Role.QA_SUPERVISOR}
    writers = {Role.MANAGER, Role.TRAINER}
    found = [client.get(reverse(f"surveys:{page}")).status_code for page in PAGES]
    expected = [readers, readers, writers, writers]
    assert found == [200 if role in allowed else 403 for allowed in expected]


def test_leads_read_but_do_not_write(client):
    client.force_login(make_user("lead"))
    version = make_why_version(published=False)
    assert client.get(reverse("surveys:version", args=[version.pk])).url == reverse(
        "surveys:preview", args=[version.pk]
    )
    item = items_of(version)[0]
    for name, args in [
        ("publish", [version.pk]),
        ("discard", [version.pk]),
        ("item_remove", [item.pk]),
        ("item_move", [item.pk, "up"]),
    ]:
        assert client.post(reverse(f"surveys:{name}", args=args)).status_code == 403
    assert version.items.count() == 3


def test_questionnaire_is_made_filled_and_published_by_forms_alone(client, manager):
    make_question(code="OVERALL")
    make_question("multi", code="WHY")
    response = client.post(reverse("surveys:questionnaire_new"), {"name": "Claims", "code": "CLAIMS"})
    version = QuestionnaireVersion.objects.get()
    assert response.url == reverse("surveys:version", args=[version.pk])
    overall, why = Question.objects.order_by("code")
    page = reverse("surveys:version", args=[version.pk])
    client.post(page, {"question": overall.pk, "required": "on"})
    first = items_of(version)[0]
    client.post(page, {"question": why.pk, "required": "on", "condition": [f"{first.pk}:1", f"{first.pk}:2"]})
    second = items_of(version)[1]
    assert (second.depends_on_id, second.when_values) == (first.pk, ["1", "2"])
    edit = reverse("surveys:item", args=[second.pk])
    assert client.get(edit).context["form"].initial["condition"] == [f"{first.pk}:1", f"{first.pk}:2"]
    client.post(edit, {"required": "on", "condition": [f"{first.pk}:3"]})
    second.refresh_from_db()
    assert second.when_values == ["3"]
    client.post(reverse("surveys:publish", args=[version.pk]))
    version.refresh_from_db()
    assert (version.state, version.published_by) == ("published", manager)


def test_moving_before_the_condition_is_refused_on_a_page(client, manager):
    why = items_of(make_why_version(published=False))[1]
    response = client.post(reverse("surveys:item_move", args=[why.pk, "up"]))
    assert response.status_code == 422


def test_frozen_version_answers_409_to_every_edit(client, manager):
    version = make_why_version()
    item = items_of(version)[2]
    for name, args in [("item_remove", [item.pk]), ("item_move", [item.pk, "up"]), ("publish", [version.pk])]:
        assert client.post(reverse(f"surveys:{name}", args=args)).status_code == 409
    assert client.post(reverse("surveys:item", args=[item.pk]), {"required": "on"}).status_code == 409
    assert Item.objects.filter(version=version).count() == 3


def test_new_draft_shows_what_changed(client, manager):
    version = make_why_version()
    client.post(reverse("surveys:draft", args=[version.questionnaire_id]), {"note": "less"})
    draft = QuestionnaireVersion.objects.get(number=2)
    removed = items_of(draft)[2]
    client.post(reverse("surveys:item_remove", args=[removed.pk]))
    response = client.get(reverse("surveys:questionnaire", args=[version.questionnaire_id]))
    (change,) = response.context["compared"]["changes"]
    assert (change["kind"], change["code"]) == ("removed", removed.question.code)
    back = client.get(
        reverse("surveys:questionnaire", args=[version.questionnaire_id]), {"old": "2", "new": "1"}
    )
    assert back.context["compared"]["changes"][0]["kind"] == "added"


@pytest.mark.parametrize(("score", "shown"), [("1", 3), ("5", 2), ("nonsense", 2), ("😀", 2)])
def test_preview_follows_the_branches_without_javascript(client, manager, score, shown):
    version = make_why_version()
    overall = items_of(version)[0]
    response = client.get(reverse("surveys:preview", args=[version.pk]), {f"q{overall.pk}": score})
    assert len(response.context["shown"]) == shown


def question_data(**changes):
    values = {
        "code": "NEW-1",
        "kind": "single",
        "text_zh_hans": "您喜欢吗?",
        "text_zh_hant": "",
        "text_en": "Do you like it?",
        "options": "a | 喜欢 | 喜歡 | Yes | 5\nb | 不喜欢",
        "active": "on",
    }
    return values | changes


def test_question_is_saved_in_its_languages(client, manager):
    assert client.post(reverse("surveys:question_new"), question_data()).status_code == 302
    question = Question.objects.get(code="NEW-1")
    assert question.text == {"zh-hans": "您喜欢吗?", "en": "Do you like it?"}
    assert question.options == [
        {"value": "a", "text": {"zh-hans": "喜欢", "zh-hant": "喜歡", "en": "Yes"}, "score": 5},
        {"value": "b", "text": {"zh-hans": "不喜欢"}},
    ]
    page = client.get(reverse("surveys:question", args=[question.pk])).content.decode()
    assert "a | 喜欢 | 喜歡 | Yes | 5\nb | 不喜欢" in page
    copy = client.get(reverse("surveys:question_new"), {"copy": question.pk})
    assert copy.context["form"].initial["code"] == ""


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "a b"}, "code"),
        ({"code": "x" * 41}, "code"),
        ({"kind": "nonsense"}, "kind"),
        ({"text_zh_hans": "", "text_en": ""}, "text"),
        ({"options": " | x"}, "options"),
        ({"options": "a|b|c|d|e|f"}, "options"),
        ({"options": "a|b|c|d|1e9"}, "options"),
        ({"options": "a"}, None),
        ({"options": "a\na"}, None),
    ],
)
def test_wrong_question_is_shown_again_with_the_reason(client, manager, change, field):
    response = client.post(reverse("surveys:question_new"), question_data(**change))
    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {field or "__all__"}
    assert not Question.objects.exists()


def test_taken_code_is_an_error_of_its_field(client, manager):
    make_question(code="NEW-1")
    response = client.post(reverse("surveys:question_new"), question_data())
    assert "code" in response.context["form"].errors


ADDRESSES = [
    "questionnaire",
    "draft",
    "version",
    "preview",
    "publish",
    "results",
    "item",
    "texts",
    "question",
    "proposal",
]


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("pk", [0, 999_999, 10**30])
def test_ids_that_do_not_exist_are_404(client, manager, name, pk):
    address = reverse(f"surveys:{name}", args=[pk])
    assert client.get(address).status_code in (404, 405)
    assert client.post(address).status_code in (404, 405)


@pytest.mark.parametrize(
    "query",
    [
        "?page=-1",
        "?page=9999999999999",
        "?page=x",
        "?q=%00",
        "?q=😀&kind=nonsense&direction=%00",
        "?since=yesterday&until=2026-13-40&channel=pigeon",
        "?since=2026-02-01&until=2026-01-01",
        "?since=9999-12-31&until=0001-01-01",
        "?until=9999-12-31",
        "?old=%00&new=-1",
        "?copy=99999999999999999999999",
    ],
)
def test_nonsense_in_the_address_is_never_an_error_of_ours(client, manager, query):
    version = make_why_version()
    make_version("text", questionnaire=version.questionnaire, number=2)
    for address in [
        reverse("surveys:list"),
        reverse("surveys:questions"),
        reverse("surveys:question_new"),
        reverse("surveys:results", args=[version.pk]),
        reverse("surveys:questionnaire", args=[version.questionnaire_id]),
        reverse("surveys:texts", args=[items_of(version)[2].pk]),
        reverse("surveys:rotation", args=[version.questionnaire_id]),
    ]:
        assert client.get(address + query).status_code in (200, 400, 422)


@pytest.mark.parametrize(
    "data", [{}, {"question": "x" * 99}, {"question": 10**30}, {"condition": ["1:2", "99:1", ":"]}]
)
def test_nonsense_in_the_item_form_is_shown_again(client, manager, data):
    version = make_why_version(published=False)
    response = client.post(reverse("surveys:version", args=[version.pk]), data)
    assert response.status_code == 200
    assert response.context["form"].errors


def test_conditions_on_two_questions_at_once_are_refused(client, manager):
    version = make_version("scale5", "yesno", "text", published=False)
    one, two, last = items_of(version)
    response = client.post(
        reverse("surveys:item", args=[last.pk]),
        {"required": "on", "condition": [f"{one.pk}:1", f"{two.pk}:yes"]},
    )
    assert "condition" in response.context["form"].errors


def answered_version(customer):
    version = make_why_version()
    for score in ("5", "4", "3", "2", "5"):
        why = ["a", "b"] if score < "4" else ...
        make_response(version, [score, why, "更快" if score == "5" else ...], customer=customer)
    make_response(version, ["5", ["c"], ...], customer=customer)
    make_response(version, ["1", ..., ...], customer=customer, complete=False)
    make_response(version, [None, ..., ...], customer=customer)
    return version


def test_results_count_what_was_asked(client, manager, django_assert_num_queries):
    team = make_team(unit=manager.memberships.get().unit)
    version = answered_version(make_customer(team=team))
    with django_assert_num_queries(10):
        response = client.get(reverse("surveys:results", args=[version.pk]))
    assert response.context["counts"] == {"whole": 7, "partial": 1}
    overall, why, suggestion = response.context["results"]
    assert (overall.asked, overall.n, overall.refused, overall.missing) == (7, 6, 1, 0)
    assert overall.mean.value == pytest.approx(4.0)
    assert overall.top_two == pytest.approx(4 / 6)
    assert [bar.count for bar in overall.bars] == [0, 1, 1, 1, 3]
    assert (why.n, [bar.count for bar in why.bars]) == (2, [2, 2, 0])
    assert suggestion.n == 2
    assert overall.small


def test_results_hold_only_the_customers_in_scope(client):
    version = answered_version(make_customer())
    observer = make_user("client", client=make_client())
    client.force_login(observer)
    address = reverse("surveys:results", args=[version.pk])
    assert client.get(address).status_code == 404
    assert not client.get(reverse("surveys:list")).context["page"].rows
    own = observer.memberships.get().client_id
    make_response(version, ["1", ["a"], "太慢"], customer=mine(own))
    response = client.get(address)
    assert response.context["counts"] == {"whole": 1, "partial": 0}
    texts = client.get(reverse("surveys:texts", args=[items_of(version)[2].pk]))
    assert [answer.shown for answer in texts.context["page"]] == ["太慢"]
    lead = make_user("lead")
    client.force_login(lead)
    assert client.get(address).context["counts"] == {"whole": 0, "partial": 0}


def mine(client_id):
    from customers.models import Client

    return make_customer(client=Client.objects.get(pk=client_id))


def test_undefined_shares_are_dashes(client, manager):
    page = client.get(reverse("surveys:results", args=[make_version("scale5").pk])).content.decode()
    assert "—" in page
    assert "0.0 %" not in page


def test_list_shows_the_newest_published_version_and_the_draft(client, manager):
    version = make_why_version()
    make_version("text", questionnaire=version.questionnaire, number=2, published=False)
    (row,) = client.get(reverse("surveys:list")).context["page"].rows
    assert isinstance(row, Questionnaire)
    assert (row.newest, row.version_count) == (1, 2)
    assert row.draft == QuestionnaireVersion.objects.get(number=2).pk
