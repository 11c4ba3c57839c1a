"""Signing in by the form, as the first page everybody meets."""

import pytest

from people.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
PASSWORD = "a-long-password-1"


def test_sign_in_by_the_form_reaches_the_home_of_the_role(page):
    User.objects.create_superuser("boss", password=PASSWORD, full_name="王主管")
    page.goto("/")
    assert "/login/" in page.url
    assert page.locator("html").get_attribute("lang") == "zh-hans"
    page.fill("[name=username]", "boss")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    assert "王主管" in page.inner_text("body")


def test_sign_in_with_a_wrong_password_says_so_and_keeps_the_name(page):
    User.objects.create_superuser("boss", password=PASSWORD, full_name="王主管")
    page.goto("/login/")
    page.fill("[name=username]", "boss")
    page.fill("[name=password]", "wrong")
    page.press("[name=password]", "Enter")
    page.wait_for_selector("form [role=alert], form .alert, form .invalid-feedback, form .errorlist")
    assert page.input_value("[name=username]") == "boss"
