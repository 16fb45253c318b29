"""Signed out in the middle of a form: nothing typed is lost, nothing is done unasked."""

from __future__ import annotations

import html
import re
from urllib.parse import urlencode

import pytest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

from denrei.accounts import rights, tenancy
from denrei.accounts.models import Organization, Session, Unit
from denrei.accounts.rights import Right
from denrei.broadcasts.models import Draft
from denrei.web.console.forms import Form, Line
from tests.web.console.conftest import PASSWORD, hire
from tests.web.console.door.signing import SIGN_IN, sign_in

pytestmark = pytest.mark.spec("SMS-13")
PAGE, BUTTON = "/console/test-form/", "/console/test-button/"


class Note(Form):
    """A form of any area."""

    text = Line(limit=10, label="本文")


@rights.needs(Right.READ)
def page(request: HttpRequest) -> HttpResponse:
    """Do what pages of the console do with a form."""
    form = Note(request.POST or None)
    if form.is_valid():
        _add_unit(request, form.cleaned_data["text"])
        return redirect(PAGE)
    said = " ".join(str(message) for message in request._messages)  # type: ignore[attr-defined] # Django's
    return HttpResponse(f"{said} {form}", status=422 if request.method == "POST" else 200)


@rights.needs(Right.READ)
def button(request: HttpRequest) -> HttpResponse:
    """Do what a button without a form does."""
    _add_unit(request, "pressed")
    return redirect(PAGE)


def _add_unit(request: HttpRequest, name: str) -> None:
    organization: Organization = request.organization  # type: ignore[attr-defined] # the gate's
    Unit.objects.create(organization=organization, code=name, name=name)


urlpatterns = [
    path("console/test-form/", page),
    path("console/test-button/", button),
    path("", include("denrei.project.urls")),
]


@pytest.fixture(autouse=True)
def pages(settings: Settings) -> None:
    """Serve the two pages above, too."""
    settings.ROOT_URLCONF = "tests.web.console.door.test_resuming"


@pytest.fixture
def client(city: Organization) -> Client:
    """A browser that was signed in until a moment ago."""
    hire(city, "admin")
    client = Client(enforce_csrf_checks=False)
    sign_in(client, "admin")
    _end_sessions(city)
    return client


def _end_sessions(city: Organization) -> None:
    with tenancy.acting_for(city.pk):
        Session.objects.all().delete()


def units(city: Organization) -> list[str]:
    with tenancy.acting_for(city.pk):
        return list(Unit.objects.values_list("name", flat=True))


def offered(client: Client, address: str = "/console/test") -> tuple[str, list[tuple[str, str]]]:
    """Return (address, fields) of the form that the page of the way back offers."""
    text = client.get("/console/resume/").content.decode()
    form = re.search(
        rf'<form method="post" action="({address}[^"]*)">(.*?)</form>', text, re.DOTALL
    )
    assert form is not None, text
    typed = re.findall(r'<textarea name="([^"]*)" hidden>\n(.*?)</textarea>', form[2], re.DOTALL)
    resumed = re.findall(r'name="(_resumed)" value="([^"]*)"', form[2])
    return html.unescape(form[1]), [
        (name, html.unescape(value)) for name, value in [*typed, *resumed]
    ]


def press(client: Client, address: str, fields: list[tuple[str, str]]) -> HttpResponse:
    """Press the button of that form."""
    response: HttpResponse = client.post(
        address, urlencode(fields), content_type="application/x-www-form-urlencoded"
    )
    return response


def test_what_was_typed_is_shown_again_after_signing_in(client: Client, city: Organization) -> None:
    sent = client.post(
        f"{PAGE}?a=1", {"text": "<髙﨑>\n𠮷"}, headers={"Referer": "http://testserver" + PAGE}
    )
    door = client.get(sent.headers["Location"])
    back = sign_in(client, "admin", next=PAGE)
    shown = press(client, *offered(client))

    assert (302, True, "/console/resume/") == (
        sent.status_code,
        "入力した内容に戻れます。" in door.content.decode(),
        back.headers["Location"],
    )
    text = shown.content.decode()
    assert (422, True, True) == (
        shown.status_code,
        "サインインし直しました。入力した内容はそのままです。" in text,
        "&lt;髙﨑&gt;" in text,
    )
    assert [] == units(city)


def test_saved_from_there_it_is_done_once_and_no_longer_kept(
    client: Client, city: Organization
) -> None:
    client.post(PAGE, {"text": "本文"})
    sign_in(client, "admin")
    press(client, *offered(client))
    client.post(PAGE, {"text": "本文"})

    assert (["本文"], 302) == (units(city), client.get("/console/resume/").status_code)


def test_a_mere_button_is_not_pressed_by_itself(client: Client, city: Organization) -> None:
    client.post(BUTTON, headers={"Referer": f"http://testserver{PAGE}"})
    sign_in(client, "admin")
    response = press(client, *offered(client))

    assert (302, PAGE, []) == (response.status_code, response.headers["Location"], units(city))
    assert "操作はまだ行われていません" in client.get(PAGE).content.decode()


def test_a_part_of_a_page_leads_the_whole_page_to_the_door(client: Client) -> None:
    response = client.post(
        PAGE,
        {"text": "本文"},
        headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{PAGE}?tab=2"},
    )

    expected = f"{SIGN_IN}?next=%2Fconsole%2Ftest-form%2F%3Ftab%3D2"
    assert (200, expected) == (response.status_code, response.headers["HX-Redirect"])
    sign_in(client, "admin")
    assert (PAGE, [("text", "本文"), ("_resumed", f"{PAGE}?tab=2")]) == offered(client)


def test_a_page_that_asks_by_itself_is_not_led_away(client: Client) -> None:
    response = client.post(PAGE, headers={"HX-Request": "true", "X-Background": "yes"})

    assert (204, False) == (response.status_code, "HX-Redirect" in response.headers)


def test_a_message_that_was_being_written_comes_back(client: Client, city: Organization) -> None:
    client.post("/console/compose/", {"place": "市内全域", "people": "", "do": "save"})
    sign_in(client, "admin")
    _, fields = offered(client, "/console/compose/")
    shown = press(client, "/console/compose/", fields)

    assert (200, True) == (shown.status_code, 'value="市内全域"' in shown.content.decode())
    with tenancy.acting_for(city.pk):
        assert 0 == Draft.objects.count()


def test_who_was_never_here_leaves_nothing_behind(city: Organization) -> None:
    client = Client()
    client.post(PAGE, {"text": "x"})

    assert "sessionid" not in client.cookies


def test_what_is_kept_survives_the_second_try_of_the_password(client: Client) -> None:
    client.post(PAGE, {"text": "本文"})
    sign_in(client, "admin", "wrong")
    sign_in(client, "admin")

    assert ("text", "本文") in offered(client)[1]


def test_somebody_else_at_the_same_desk_is_not_shown_what_was_typed(
    client: Client, city: Organization
) -> None:
    hire(city, "other")
    client.post(PAGE, {"text": "髙﨑"})

    after = sign_in(client, "other")

    assert "/console/" == after.headers["Location"]
    assert "/console/" == client.get("/console/resume/").headers["Location"]


def test_of_two_who_share_a_desk_the_later_one_typed_it(client: Client, city: Organization) -> None:
    hire(city, "other")
    for login in ("admin", "other", "admin"):
        sign_in(client, login)
        client.get(PAGE)
    _end_sessions(city)
    client.post(PAGE, {"text": "髙﨑"})

    sign_in(client, "admin")

    assert ("text", "髙﨑") in offered(client)[1]


def test_it_can_be_thrown_away(client: Client) -> None:
    client.post(PAGE, {"text": "本文"})
    sign_in(client, "admin")
    client.post("/console/resume/")

    assert 302 == client.get("/console/resume/").status_code


def test_after_the_hour_of_what_was_kept_one_is_still_signed_in(client: Client) -> None:
    client.post(PAGE, {"text": "本文"})
    assert 3600 == client.session.get_expiry_age()
    sign_in(client, "admin")

    assert client.session.get_expiry_age() > 3600


def strict(city: Organization, signed_in: bool = True) -> Client:
    """Return a browser whose forms are checked against forgery, with an old token."""
    hire(city, "admin")
    client = Client(enforce_csrf_checks=True)
    client.get(SIGN_IN)
    token = client.cookies["csrftoken"].value
    client.post(SIGN_IN, {"login": "admin", "password": PASSWORD, "csrfmiddlewaretoken": token})
    if not signed_in:
        _end_sessions(city)
    return client


def test_a_form_of_another_tab_is_offered_again_and_not_carried_out(city: Organization) -> None:
    client = strict(city)

    sent = client.post(PAGE, {"text": "本文", "csrfmiddlewaretoken": "x" * 64})

    assert (302, "/console/resume/", []) == (
        sent.status_code,
        sent.headers["Location"],
        units(city),
    )
    address, fields = offered(client)
    token = client.cookies["csrftoken"].value
    shown = press(client, address, [*fields, ("csrfmiddlewaretoken", token)])
    assert (422, True) == (shown.status_code, "本文" in shown.content.decode())


def test_an_old_token_on_the_way_back_loses_nothing_either(city: Organization) -> None:
    client = strict(city)
    client.post(PAGE, {"text": "本文", "csrfmiddlewaretoken": "x" * 64})
    address, fields = offered(client)

    again = press(client, address, [*fields, ("csrfmiddlewaretoken", "x" * 64)])

    assert (403, True) == (
        again.status_code,
        "入力した内容は残っています" in again.content.decode(),
    )
    assert ("text", "本文") in offered(client)[1]


def test_htmx_is_led_there_too(city: Organization) -> None:
    sent = strict(city).post(PAGE, {"text": "本文"}, headers={"HX-Request": "true"})

    assert (200, "/console/resume/") == (sent.status_code, sent.headers["HX-Redirect"])


def test_signed_out_with_an_old_token_nothing_is_lost_either(city: Organization) -> None:
    client = strict(city, signed_in=False)
    sent = client.post(PAGE, {"text": "本文", "csrfmiddlewaretoken": "x" * 64})
    token = client.cookies["csrftoken"].value
    client.post(SIGN_IN, {"login": "admin", "password": PASSWORD, "csrfmiddlewaretoken": token})

    assert sent.headers["Location"].startswith(SIGN_IN)
    assert ("text", "本文") in offered(client)[1]


def test_a_sign_out_that_comes_a_second_time_ends_the_session(
    client: Client, city: Organization
) -> None:
    sign_in(client, "admin")

    client.post("/console/sign-out/", {"_resumed": PAGE})

    with tenancy.acting_for(city.pk):
        assert not Session.objects.exclude(operator=None).exists()


def test_a_form_of_another_site_is_refused_and_not_kept(city: Organization) -> None:
    client = strict(city)
    forged = client.post(PAGE, {"text": "x"}, headers={"Origin": "https://evil.example"})

    assert (403, 302) == (forged.status_code, client.get("/console/resume/").status_code)


def test_a_form_too_big_to_keep_is_refused(city: Organization) -> None:
    assert 403 == strict(city).post(PAGE, {"text": "x" * 70_000}).status_code


def test_a_sign_in_with_an_old_token_keeps_the_login(city: Organization) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(SIGN_IN, {"login": "髙﨑", "password": PASSWORD})

    text = response.content.decode()
    assert (422, True, True, False) == (
        response.status_code,
        'value="髙﨑"' in text,
        "Cookieを許可してください" in text,
        PASSWORD in text,
    )


def test_who_is_in_by_another_tab_is_led_on(city: Organization) -> None:
    client = strict(city)
    response = client.post(SIGN_IN, {"login": "admin", "password": PASSWORD, "next": PAGE})

    assert (302, PAGE) == (response.status_code, response.headers["Location"])
