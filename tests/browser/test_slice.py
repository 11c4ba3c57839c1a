"""The work across roles on the pages: department, complaint with a second person, quality, figures, import."""

from datetime import timedelta

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from callbacks.states import OrderState
from complaints.models import Complaint, DepartmentAnswer
from complaints.states import ComplaintState
from complaints.tests.make import contact_of, make_issue
from customers.models import Customer
from qa.actions import draw_samples
from qa.models import Review
from qa.states import ReviewState
from qa.tests.make import make_call, make_inspector, make_order, make_plan
from tests.browser.make import Shift

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
LANGUAGES = ["zh-hans", "en"]
both_languages = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def as_user(page, sign_in):
    """A function that goes on as another person, in the language given."""

    def enter(user, address, language):
        user.language = language
        user.save(update_fields=["language"])
        sign_in(user)
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == language
        return page

    return enter


def fill(form, **values):
    """Fill fields by name: radio buttons and selects by value, the rest by text."""
    for name, value in values.items():
        field = form.locator(f"[name={name}]")
        if field.first.get_attribute("type") == "radio":
            form.locator(f"[name={name}][value='{value}']").check()
        elif field.first.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def do(page, verb, **values):
    """One verb of a case: its part is opened, filled and sent."""
    part = page.locator(f"#do-{verb}")
    if part.get_attribute("open") is None:
        part.locator("summary").click()
    fill(part, **values)
    with page.expect_navigation():
        part.locator("button[type=submit], button:not([type])").first.click()


@both_languages
def test_a_department_answers_and_the_lead_reads_it(as_user, language):
    shift = Shift()
    issue = make_issue(shift, now=timezone.now())
    page = as_user(contact_of(shift.department, 1), "/issues/", language)
    page.locator(f"tbody a[href*='/issues/{issue.pk}/']").first.click()
    form = page.locator("form[action$='/answer/']")
    fill(form, text="已补发赔款,两日内到账。")
    solved = form.locator("[name=solved]")
    if solved.first.get_attribute("type") == "radio":
        form.locator("[name=solved][value=yes]").check()
    else:
        solved.select_option("yes")
    with page.expect_navigation():
        form.locator("button").first.click()
    expect(page.locator("main")).to_contain_text("已补发赔款")
    answer = DepartmentAnswer.objects.get()
    assert (answer.issue, answer.solved) == (issue, True)
    page = as_user(shift.lead, "/issues/", language)
    with page.expect_navigation():
        page.locator(f"tbody a[href*='/issues/{issue.pk}/']").first.click()
    expect(page.locator("main")).to_contain_text("已补发赔款")
    assert page.locator("form[action$='/answer/']").count() == 0


@both_languages
def test_a_complaint_reaches_the_archive_only_through_a_second_person(as_user, language):
    shift = Shift()
    customer = shift.tasks[0].customer
    page = as_user(shift.handler, f"/complaints/new/?customer={customer.pk}", language)
    form = page.locator("main form").first
    fill(form, content="客服态度恶劣,要求道歉")
    with page.expect_navigation():
        form.locator("button").last.click()
    complaint = Complaint.objects.get()
    assert complaint.state == ComplaintState.REGISTERED
    address = f"/complaints/{complaint.pk}/"
    do(page, "acknowledge", note="电话告知")
    do(page, "judge", founded="yes", reason="录音属实", department=str(shift.department.pk))
    do(page, "investigate", promised_at=(timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"))
    do(page, "propose", finding="坐席打断客户", text_1="书面道歉")
    # Whoever proposed cannot decide: the page offers nothing of the kind.
    assert page.locator("#do-approve").count() == 0
    page = as_user(shift.approver, address, language)
    remedy = complaint.remedies.get()
    do(page, "approve", remedy=str(remedy.pk))
    page = as_user(shift.handler, address, language)
    do(page, "carry-out", note="已寄出道歉信")
    do(page, "call-back", satisfied="yes")
    do(page, "archive")
    complaint.refresh_from_db()
    assert complaint.state == ComplaintState.ARCHIVED
    assert complaint.remedies.get().approved_by == shift.approver


@both_languages
def test_a_fatal_item_voids_the_sale_and_the_agent_reads_why(as_user, language):
    shift = Shift()
    now = timezone.now()
    call = make_call(shift.campaign, shift.agent, code="SALE", at=now - timedelta(days=1))
    order = make_order(call)
    make_plan(shift.team.unit)
    assert draw_samples(day=call.local_day, now=now) == 1
    review = Review.objects.get()
    page = as_user(make_inspector(shift.team.unit), "/qa/", language)
    assert shift.agent.full_name not in page.locator("main").inner_text()
    page.locator(f"a[href='/qa/{review.pk}/']").click()
    page.locator("form[action$='/take/'] button").click()
    form = page.locator("form[action$='/publish/']")
    with page.expect_navigation():
        form.evaluate("form => { form.noValidate = true; form.querySelector('.btn-primary').click(); }")
    expect(page.locator(".qa-missing").first).to_be_visible()
    items = form.locator(".qa-criterion")
    for place in range(items.count()):
        items.nth(place).locator("input[type=radio][value='1']").check()
    fatal = items.nth(2)
    fatal.locator("input[type=radio][value='0']").check()
    fatal.locator("input:not([type=radio])").nth(0).fill("未告知资费")
    fatal.locator("input:not([type=radio])").nth(1).fill("41")
    with page.expect_navigation():
        form.locator(".btn-primary").click()
    order.refresh_from_db()
    review.refresh_from_db()
    assert (order.state, review.score, review.fatal) == (OrderState.VOID, 0, True)
    page = as_user(shift.agent, "/qa/", language)
    page.locator(f"a[href='/qa/{review.pk}/']").click()
    expect(page.locator("main")).to_contain_text("未告知资费")
    assert page.locator("main .badge-bad").count() >= 2
    with page.expect_navigation():
        page.locator("form[action$='/acknowledge/'] button").click()
    review.refresh_from_db()
    assert review.state == ReviewState.ACKNOWLEDGED


@both_languages
def test_a_manager_gets_the_workbook_of_what_the_page_shows(as_user, tmp_path, language):
    shift = Shift()
    for code in ("DONE", "DONE", "NA", "REFUSE"):
        make_call(shift.campaign, shift.agent, code=code, at=timezone.now() - timedelta(minutes=5))
    page = as_user(shift.manager, "/reports/?period=today", language)
    assert page.locator(".kpi-card").count() == 8
    assert page.locator(".kpi-chart svg").count() == 2
    page.locator("form[action$='/workbook/'] summary").click()
    page.fill("form[action$='/workbook/'] [name=reason]", "月度例会")
    with page.expect_navigation():
        page.locator("form[action$='/workbook/'] button").click()
    link = page.locator("a[href$='/result/']")
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        link.click()
    path = tmp_path / "kpi.xlsx"
    download.value.save_as(path)
    assert download.value.suggested_filename.endswith(".xlsx")
    book = openpyxl.load_workbook(path)
    assert len(book.sheetnames) >= 10
    assert sum(sheet.max_row for sheet in book) > 40


@both_languages
def test_a_file_of_customers_with_a_bad_row_brings_the_good_ones_and_names_the_bad(
    as_user, tmp_path, language
):
    shift = Shift()
    before = Customer.objects.count()
    path = tmp_path / "customers.csv"
    path.write_text(
        "客户编号,姓名,手机\nN1,刘洋,13912345671\nN2,赵倩,12\nN3,周杰,13912345673\n", encoding="utf-8-sig"
    )
    page = as_user(shift.manager, "/customers/import/", language)
    form = page.locator("main form").first
    form.locator("[name=file]").set_input_files(str(path))
    form.locator("[name=client]").select_option(str(shift.client.pk))
    form.locator("[name=team]").select_option(str(shift.team.pk))
    with page.expect_navigation():
        form.locator("button.btn-primary").click()
    form = page.locator("main form").first
    form.locator("[name=keep_good]").select_option("yes")
    with page.expect_navigation():
        form.locator("button.btn-primary").click()
    expect(page.locator("[aria-labelledby=errors-title] table")).to_contain_text("12", timeout=60_000)
    with page.expect_navigation():
        page.locator("form[action$='/start/'] .btn-primary").click()
    page.wait_for_timeout(500)
    link = page.locator("a[href$='/errors/']")
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        link.click()
    found = tmp_path / download.value.suggested_filename
    download.value.save_as(found)
    assert found.stat().st_size > 0
    assert Customer.objects.count() == before + 2
    assert set(
        Customer.objects.filter(external_id__in=["N1", "N2", "N3"]).values_list("external_id", flat=True)
    ) == {"N1", "N3"}
