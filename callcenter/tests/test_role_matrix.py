"""Every URL × every role: 403, or a way to the sign-in page, exactly where ``access_matrix`` says no (ORG-2)."""

import re
import uuid
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from django.urls.resolvers import RoutePattern

from callcenter.access import Role, policy_of
from callcenter.tests.access_matrix import ACCESS, PUBLIC, SIGNED_IN
from people.tests.make import make_one_of_each_role

# Nothing has these numbers; the second does not even fit in a column.
ID_VALUES = (987_654_321, 10**24)
# The one only sends to the sign-in page; the other refuses everybody who does not say which field it completes.
NOT_TRIED = {"admin:login", "admin:autocomplete"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Url:
    """A URL of the project: its view, and the pieces of its route from the root."""

    callback: object
    pieces: tuple


def named_urls(resolver=None, namespaces=(), pieces=()):
    """Every URL of the project as (name with namespaces, the URL); unnamed ones by their pattern."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = (*pieces, entry.pattern)
        if isinstance(entry, URLResolver):
            below = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from named_urls(entry, below, here)
        elif isinstance(entry, URLPattern):
            yield ":".join([*namespaces, entry.name or f"({entry.pattern})"]), Url(entry.callback, here)


URLS = dict(named_urls())


def declared(name):
    """The line of the matrix for a URL; the administration has one for all of it."""
    if name in ACCESS:
        return ACCESS[name]
    return ACCESS["admin:"] if name.startswith("admin:") else None


def may(entry, method, role):
    """Whether the matrix lets the role (None: nobody is signed in) use the URL with the method."""
    if isinstance(entry, dict):
        entry = entry[method]
    if entry == PUBLIC:
        return True
    if role is None:
        return False
    return entry == SIGNED_IN or role == Role.ADMIN or role in entry


def as_line(name):
    """A missing line of the matrix, as the view's decorators would have it."""
    callback = URLS[name].callback
    per_method = getattr(getattr(callback, "cls", None), "method_policies", None)
    if per_method:
        policies = {method: _words(policy) for method, policy in sorted(per_method.items())}
        default = _words(policy_of(callback))
        policies |= {method: default for method in sorted(_methods(name)) if method not in per_method}
        return f'    "{name}": {{{", ".join(f"{key!r}: {value}" for key, value in policies.items())}}},'
    return f'    "{name}": {_words(policy_of(callback))},'


def _words(policy):
    if policy is None:
        return "UNDECLARED"
    if policy.kind != "roles":
        return "PUBLIC" if policy.kind == "public" else "SIGNED_IN"
    if policy.roles == frozenset(Role):
        return "EVERYBODY"
    return "{" + ", ".join(role.name for role in Role if role in policy.roles) + "}"


def _methods(name):
    """The methods a view of the API answers; of a page, GET (and POST where GET is refused)."""
    callback = URLS[name].callback
    if getattr(callback, "actions", None):
        return {method.upper() for method in callback.actions} & set(METHODS)
    view = getattr(callback, "cls", None)
    if view is not None:
        return {method for method in METHODS if hasattr(view, method.lower())}
    return {"GET"}


def addresses(name):
    """The URL with made-up arguments, one address per kind of number; none if they do not lead to the view."""
    found = {"/" + "".join(_fill(piece, number) for piece in URLS[name].pieces) for number in ID_VALUES}
    return sorted(address for address in found if _leads_somewhere(address))


def _fill(piece, number):
    values = {"int": str(number), "uuid": str(uuid.UUID(int=1))}
    if isinstance(piece, RoutePattern):
        return re.sub(r"<(?:(\w+):)?\w+>", lambda match: values.get(match[1], "x"), str(piece))
    plain = re.sub(r"\(\?P<\w+>([^)]*)\)", lambda match: _matching(match[1], str(number)), str(piece))
    return plain.replace("\\", "").strip("^$").removesuffix("/?")


def _matching(group, number):
    """Something that a group of a regular expression takes: the number, else the first of its alternatives."""
    return number if re.fullmatch(group, number) else "x" if re.fullmatch(group, "x") else group.split("|")[0]


def _leads_somewhere(address):
    try:
        return resolve(address) is not None
    except Resolver404:
        return False


def plain_addresses():
    """The addresses that need no argument, by name."""
    plain = {
        name for name, url in URLS.items() if not any(re.search("[<(]", str(piece)) for piece in url.pieces)
    }
    return {name: addresses(name)[0] for name in sorted(plain) if addresses(name)}


def outcome(client, method, address):
    """``denied``, ``allowed`` or ``broken`` with the status; whatever the request did is undone."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        response = client.generic(method, address, headers={"accept": "application/json, text/html"})
        if response.streaming:
            # Reading a file to its end closes it; closing the answer itself would close the test's connection too.
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    client.cookies = cookies
    if response.status_code >= 500 and not address.endswith("readyz"):
        return f"broken {response.status_code}"
    to_sign_in = response.status_code == 302 and "/login/?next=" in response["Location"]
    return "denied" if response.status_code in {401, 403} or to_sign_in else "allowed"


def cases(role):
    """(name, method, address) of every declared URL, with each kind of number where the role gets in."""
    for name in sorted(URLS):
        if declared(name) is None or "(" in name or name in NOT_TRIED:
            continue
        for method in sorted(_methods(name)):
            allowed = may(declared(name), method, role)
            for address in addresses(name)[: None if allowed else 1]:
                yield name, method, address


def test_every_url_has_a_line_in_the_matrix():
    missing = sorted(name for name in URLS if declared(name) is None)
    lines = "\n".join(as_line(name) for name in missing)
    assert not missing, (
        f"Add to callcenter/tests/access_matrix.py, after asking whether it is right:\n{lines}"
    )


def test_every_line_of_the_matrix_has_a_url():
    assert sorted(set(ACCESS) - set(URLS) - {"admin:"}) == []


def test_most_urls_can_be_tried():
    unreachable = [name for name in sorted(URLS) if not name.startswith("admin:") and not addresses(name)]
    assert unreachable == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role or "nobody")
def test_a_role_gets_in_exactly_where_the_matrix_lets_it(role):
    people = make_one_of_each_role()
    client = Client(raise_request_exception=False)
    if role is not None:
        client.force_login(people[role])
    wrong = []
    for name, method, address in cases(role):
        found = outcome(client, method, address)
        if found == "allowed" and method == "GET" and _refuses_get(client, address):
            method, found = "POST", outcome(client, "POST", address)
        wanted = "allowed" if may(declared(name), method, role) else "denied"
        if name.startswith("admin:") and role == Role.ADMIN and found == "denied":
            # What is only read there, or never deleted, is the model admin's own rule.
            continue
        if found != wanted:
            wrong.append(f"{name}: {method} {address} should be {wanted}, is {found}")
    assert not wrong, "\n".join(wrong)


def _refuses_get(client, address):
    cookies = client.cookies.copy()
    with transaction.atomic():
        status = client.get(address).status_code
        transaction.set_rollback(True)
    client.cookies = cookies
    return status == 405
