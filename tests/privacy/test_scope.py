"""Two hundred customers of another team: not seen, counted, found, exported or guessed by any role without scope (S-03)."""

import re
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from callbacks.tests.make import disposition, make_task
from callcenter import jobs
from callcenter.access import Role
from callcenter.models import Job
from callcenter.tests.test_role_matrix import declared, may, plain_addresses
from complaints.tests.make import make_complaint, make_floor, make_issue
from customers import actions
from customers.models import Customer, Phone
from customers.queries.completeness import completeness_by_team
from customers.tests.make import NOW, make_user
from customers.tests.test_imports import error_rows, load, write
from qa.tests.make import make_call
from reports.actions import roll_up
from tests.privacy.test_masking import addresses, one_of_each_role

pytestmark = pytest.mark.django_db
HOW_MANY = 200
NAME, NUMBER = "泄漏鸟", "LEAK"
# Names, customer numbers, and the masked form of every planted phone.
SIGNS = re.compile(NAME + "|" + NUMBER + r"|177\*{4}9")
VOLATILE = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken[^}]+|\d\d:\d\d(:\d\d)?|\d+-\d\d-\d\dT[^"]+|'
    r'value="[0-9a-f-]{36}"|content="[A-Za-z0-9]{20,}"|nonce-[^\']+|class="day-now" x="[^"]+"'
)


def settle(floor):
    """A floor's clients require fields, so that completeness counts them."""
    floor.client.required_fields = ["name", "phone"]
    floor.client.save()
    return floor


def plant(floor):
    """200 customers of the floor, and what was done about some of them."""
    people = Customer.objects.bulk_create(
        [
            Customer(
                client=floor.client,
                unit=floor.team.unit,
                team=floor.team,
                name=f"{NAME}{number}",
                external_id=f"{NUMBER}{number}",
                created_at=NOW,
                updated_at=NOW,
            )
            for number in range(HOW_MANY)
        ]
    )
    Phone.objects.bulk_create(
        [
            Phone(customer=one, number=f"+86177{9_000_000 + place:08}"[:14], preferred=True)
            for place, one in enumerate(people)
        ]
    )
    call = make_call(floor.campaign, floor.agent, customer=people[0], note=NAME, number="+8617700009000")
    rows = [call, make_issue(floor, customer=people[1], description=NAME)]
    rows += [make_complaint(floor, customer=people[2], content=NAME)]
    rows += [make_task(floor.campaign, customer=people[3], reason=NAME)]
    actions.block(customer=people[4], category="asked", reason=NAME, by=None, now=NOW)
    actions.place_hold(customer=people[5], by=floor.manager, reason=NAME, now=NOW)
    roll_up(days=[call.local_day], now=NOW + timedelta(days=1))
    return people, sorted(
        {row.pk for row in [*people[:6], *rows, *Phone.objects.filter(customer__in=people[:6])]}
    )


def bodies(client, role):
    """{name: text} of every page without arguments that the role opens, without what changes by itself."""
    found = {}
    for name, address in plain_addresses().items():
        entry = declared(name)
        if entry is not None and name not in ("logout", "readyz") and _opens(name, role):
            answer = client.get(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            found[name] = VOLATILE.sub("", body.decode("utf-8", "replace"))
    return found


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_pages_do_not_change_by_a_single_sign(role):
    here, there = settle(make_floor()), settle(make_floor())
    here_customer = here.customer()
    # The results of calls are offered in every filter once they are loaded.
    disposition("DONE")
    roll_up(days=[NOW.date()], now=NOW)
    client = Client(raise_request_exception=False)
    client.force_login(one_of_each_role(here)[role])
    before = bodies(client, role)
    people, numbers = plant(there)
    after = bodies(client, role)
    # How many customers report a problem point is counted, and published, across the centre (ISS-5).
    changed = [name for name in before if before[name] != after[name] and name != "complaints:focus"]
    assert changed == []
    opened = ((name, address) for name, address in addresses(numbers) if _opens(name, role))
    shown = [name for name, address in opened if SIGNS.search(_text(client, address))]
    assert shown == []
    assert here_customer.pk not in {one.pk for one in people}


def _opens(name, role):
    entry = declared(name)
    return (not isinstance(entry, dict) or "GET" in entry) and may(entry, "GET", role)


def _text(client, address):
    answer = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode("utf-8", "replace")


@pytest.mark.parametrize(
    "name",
    [
        "customers:detail",
        "customers:edit",
        "customers:permission",
        "customers:hold",
        "customers:copy",
        "customers:erase",
        "customers:consent",
        "customers:block",
        "customers:phone_new",
        "callbacks:customer_tasks",
        "customers:timeline",
        "complaints:customer_issues",
        "api_customer",
    ],
)
def test_a_foreign_customer_answers_like_none(name):
    here, there = make_floor(), make_floor()
    people, _numbers = plant(there)
    client = Client()
    client.force_login(here.manager)
    answers = [client.get(reverse(name, args=[pk])) for pk in (people[0].pk, 987_654_321)]
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].status_code == 404 or name == "complaints:customer_issues"
    said = [VOLATILE.sub("", answer.content.decode()) for answer in answers]
    said = [re.sub(rf"(/|=)({people[0].pk}|987654321)\b", r"\1", text) for text in said]
    assert said[0] == said[1]


def test_searching_a_foreign_customer_is_searching_nobody():
    here, there = make_floor(), make_floor()
    people, _numbers = plant(there)
    phone = people[7].phones.get().number
    client = Client()
    client.force_login(here.manager)
    url = reverse("customers:list")
    for sent in ({"number": phone}, {"number": "+8617711112222"}):
        assert not client.post(url, sent).context["page"].rows
    for query in ({"q": NAME}, {"q": f"{NUMBER}7"}, {"missing": "email"}, {"client": there.client.pk}):
        assert not client.get(url, query).context["page"].rows
    found = client.get("/api/v1/customers/", {"external_id": f"{NUMBER}7"}).json()["results"]
    assert found == []
    assert client.get(f"/api/v1/customers/{there.client.code}/{NUMBER}7/").status_code == 404


def test_writing_about_a_foreign_customer_is_writing_about_nobody():
    here, there = make_floor(), make_floor()
    people, _numbers = plant(there)
    client = Client()
    client.force_login(here.manager)

    def sent(address, body):
        answer = client.post(address, body, content_type="application/json")
        return answer.status_code, answer.content.decode()

    event = {
        "client": there.client.code,
        "kind": "claim",
        "external_id": "1",
        "occurred_at": "2026-03-01T00:00:00Z",
    }
    listed = {"client": there.client.code, "category": "asked", "reason": "r"}
    for address, body in (("/api/v1/events/", event), ("/api/v1/blacklist/", listed)):
        real, none = (sent(address, body | {"customer": number}) for number in (f"{NUMBER}7", "NOBODY"))
        assert real == none
        assert real[0] == 404
    issue = {
        "problem_point": here.point.pk,
        "urgency": "routine",
        "description": "x",
        "client_uuid": "0" * 32,
    }
    real, none = (sent("/api/v1/issues/", issue | {"customer": pk}) for pk in (people[0].pk, 987_654_321))
    assert real[0] == none[0] == 400
    assert real[1].replace(str(people[0].pk), "") == none[1].replace("987654321", "")


def test_a_call_of_a_foreign_customer_of_the_same_client_is_a_call_of_nobody():
    """One client, two teams: the other team's customer numbers cannot be tried out by reporting calls."""
    here, there = make_floor(), make_floor()
    there.client = here.client
    plant(there)
    client = Client()
    client.force_login(here.lead)
    call = {
        "external_id": "C1",
        "campaign": here.campaign.code,
        "disposition": "DONE",
        "started_at": "2026-03-01T02:00:00Z",
    }
    answers = [
        client.post("/api/v1/calls/", call | {"customer": number}, content_type="application/json")
        for number in (f"{NUMBER}7", "NOBODY")
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].content == answers[1].content


def test_counts_and_files_are_the_same_with_and_without_them():
    here, there = settle(make_floor()), settle(make_floor())
    here.customer()
    lead = here.lead
    before = completeness_by_team(lead)
    plant(there)
    assert completeness_by_team(lead) == before
    client = Client()
    client.force_login(here.manager)
    client.post(
        reverse("reports:workbook"),
        {"period": "custom", "start": "2026-03-01", "end": "2026-03-05", "reason": "r"},
    )
    job = jobs.run_now(Job.objects.get())
    book = openpyxl.load_workbook(BytesIO(open(job.result_path, "rb").read()))
    cells = "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    assert not SIGNS.search(cells)
    assert there.campaign.name not in cells
    assert there.agent.full_name not in cells
    stranger = Client()
    stranger.force_login(make_user("manager", unit=there.team.unit))
    assert stranger.get(reverse("job", args=[job.pk])).status_code == 404
    assert stranger.get(reverse("job_file", args=[job.pk, "result"])).status_code == 404


@pytest.mark.parametrize("policy", ["skip", "update"])
def test_import_names_neither_team_nor_person_of_a_foreign_customer(tmp_path, policy):
    here, there = make_floor(), make_floor()
    there.client = here.client
    people, _numbers = plant(there)
    path = write(tmp_path, [f"{NUMBER}7,别名,13800001111"], name=f"{policy}.csv")
    job, counts = load(path, client=here.client, by=here.lead, team=here.team, duplicates=policy)
    assert (counts["accepted"], counts["updated"]) == (0, 0)
    said = "\n".join(" ".join(row[:3] + row[-3:]) for row in error_rows(job)) if job.error_path else ""
    said += job.message + job.title
    assert not re.search(NAME, said)
    assert there.team.name not in said
    assert there.team.unit.name not in said
    people[7].refresh_from_db()
    assert people[7].name == f"{NAME}7"


def test_the_signs_would_be_found():
    """Who has the customers in scope sees them everywhere above: the walk is not blind."""
    there = settle(make_floor())
    _people, numbers = plant(there)
    client = Client()
    client.force_login(there.manager)
    assert any(SIGNS.search(text) for text in bodies(client, Role.MANAGER).values())
    assert sum(1 for _name, address in addresses(numbers) if SIGNS.search(_text(client, address))) > 10
