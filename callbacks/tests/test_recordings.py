"""Recordings: taken, refused, played in pieces, kept within scope, fetched, deleted for good (CB-6, CB-13, CUS-11)."""

import http.server
import os
import threading
import time
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from rest_framework.test import APIClient

from callbacks.actions import correct_call
from callbacks.actions.fetch_recordings import RETRIES, await_recording, clear_recordings, fetch_recordings
from callbacks.actions.recordings import FOLDER, store_recording
from callbacks.models import Recording
from callbacks.queries.recordings import file_of, play_ticket, recording_of
from callbacks.tests.make import NOW, disposition, make_agent, make_campaign, make_team
from callbacks.tests.sounds import archive, mp3, opus, wav, wav_of
from callbacks.tests.test_pages import make_call
from callcenter import jobs
from callcenter.access import Role
from callcenter.errors import Conflict, Refused
from callcenter.models import AccessLog
from callcenter.ranges import Unsatisfiable, wanted
from customers.actions.privacy.copying import start_copy
from customers.actions.privacy.erasing import erase_customer
from customers.actions.privacy.retaining import clear_expired
from customers.models import Retention
from customers.tests.make import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.LANGUAGE_CODE = "en"
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def call(team):
    return make_call(make_campaign(team=team))


@pytest.fixture
def lead(client, team):
    user = make_user(Role.LEAD, team=team)
    client.force_login(user)
    return user


def store(call, data=None, **fields):
    values = {"by": None, "now": NOW, "chunks": [data or wav()]} | fields
    return store_recording(call=call, **values)[0]


def files():
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    return sorted(folder.iterdir()) if folder.is_dir() else []


def upload(client, call, data, name="call.wav"):
    file = SimpleUploadedFile(name, data, "audio/wav")
    return client.post(reverse("callbacks:recording_upload", args=[call.pk]), {"file": file})


def play(client, recording, user, **headers):
    address = reverse("callbacks:recording", args=[recording.call_id])
    ticket = headers.pop("ticket", None) or play_ticket(recording, user)
    return client.get(address, {"play": ticket}, headers=headers)


def body(response):
    return b"".join(response.streaming_content)


@pytest.mark.parametrize(("data", "kind"), [(wav(), "wav"), (mp3(), "mp3"), (opus(), "ogg")])
def test_upload_is_kept_under_a_random_name_and_played_in_the_page(client, lead, call, data, kind):
    assert upload(client, call, data, "../../etc/passwd.wav").status_code == 302
    recording = Recording.objects.get()
    assert (recording.call, recording.kind, recording.size, recording.stored_by) == (
        call,
        kind,
        len(data),
        lead,
    )
    assert [path.read_bytes() for path in files()] == [data]
    assert "passwd" not in recording.path
    page = client.get(reverse("callbacks:call", args=[call.pk])).content.decode()
    assert "<audio" in page
    assert 'type="file"' not in page
    assert AccessLog.objects.filter(action="listen").count() == 0
    assert AccessLog.objects.get(subject="recording").facts["sha256"] == recording.sha256


HOSTILE = {
    "zip": archive(),
    "page": b"<html><script>alert(1)</script></html>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "program": b"MZ" + bytes(300),
    "nothing": b"",
    "huge header": wav_of(1, bits=16, promised=2**31, length=2**31),
    "cut": wav()[:-500],
    "polyglot": wav() + b"<script>alert(1)</script>",
    "gsm": wav_of(49),
}


@pytest.mark.parametrize(
    "name", ["x.wav", "../../../tmp/x.wav", "x" * 300 + ".wav", "\u202evaw.exe", "a\nb.wav", "…/…"]
)
@pytest.mark.parametrize("what", list(HOSTILE))
def test_hostile_uploads_are_refused_and_nothing_is_kept(client, lead, call, what, name):
    response = upload(client, call, HOSTILE[what], name)
    assert response.status_code == 422
    assert files() == []
    assert not Recording.objects.exists()


def test_too_large_and_too_long_are_refused(settings, call):
    settings.MAX_RECORDING_BYTES = 1_024 * 1_024
    with pytest.raises(Refused) as large:
        store(call, chunks=(bytes(512 * 1024) for _chunk in range(10)))
    settings.MAX_RECORDING_BYTES, settings.MAX_RECORDING_SECONDS = 10**8, 60
    with pytest.raises(Refused) as long:
        store(call, wav(61, rate=4_000))
    assert [one.value.facts["problem"] for one in (large, long)] == ["too_large", "too_long"]
    assert files() == []


def test_same_file_again_changes_nothing_and_another_one_is_a_conflict(call):
    first = store(call)
    again, created = store_recording(call=call, chunks=[wav()], by=None, now=NOW)
    assert (again, created) == (first, False)
    with pytest.raises(Conflict):
        store(call, mp3())
    assert len(files()) == 1


def test_correction_takes_the_recording_along_and_old_versions_find_it(call):
    recording = store(call)
    new = correct_call(call=call, disposition=disposition("REFUSE"), reason="听录音", by=None, now=NOW)
    recording.refresh_from_db()
    call.refresh_from_db()
    assert recording.call == new
    assert recording_of(call) == recording_of(new) == recording


@pytest.mark.parametrize(
    ("header", "status", "span"),
    [
        ("", 200, (0, None)),
        ("bytes=0-99", 206, (0, 99)),
        ("bytes=100-", 206, (100, None)),
        ("bytes=-100", 206, (-100, None)),
        ("bytes=0-99999999", 206, (0, None)),
        ("bytes=-99999999", 206, (0, None)),
        ("bytes=5-4", 200, (0, None)),
        ("bytes=0-9,20-29", 200, (0, None)),
        ("chapters=1-2", 200, (0, None)),
        ("bytes=x-y", 200, (0, None)),
        ("bytes=99999999-", 416, None),
        ("bytes=-0", 416, None),
    ],
)
def test_pieces_of_a_recording(client, lead, call, header, status, span):
    data = wav()
    recording = store(call, data)
    response = play(client, recording, lead, **({"range": header} if header else {}))
    assert response.status_code == status
    assert response["Accept-Ranges"] == "bytes"
    if status == 416:
        assert response["Content-Range"] == f"bytes */{len(data)}"
        return
    first = span[0] if span[0] >= 0 else len(data) + span[0]
    last = len(data) - 1 if span[1] is None else span[1]
    assert body(response) == data[first : last + 1]
    assert response["Content-Length"] == str(last - first + 1)
    assert response.get("Content-Range") == (f"bytes {first}-{last}/{len(data)}" if status == 206 else None)
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("audio/wav", "nosniff")
    assert "no-store" in response["Cache-Control"]


def test_condition_of_a_piece_holds_for_the_same_bytes_only(client, lead, call):
    recording = store(call)
    tag = play(client, recording, lead)["ETag"]
    assert play(client, recording, lead, range="bytes=0-9", **{"if-range": tag}).status_code == 206
    for other in ('"other"', f"W/{tag}", "Wed, 04 Mar 2026 02:00:00 GMT"):
        assert play(client, recording, lead, range="bytes=0-9", **{"if-range": other}).status_code == 200


def test_head_tells_the_size_without_a_play(client, lead, call):
    recording = store(call)
    address = reverse("callbacks:recording", args=[call.pk])
    response = client.head(address, {"play": play_ticket(recording, lead)})
    assert (response.status_code, response["Content-Length"]) == (200, str(recording.size))
    assert not AccessLog.objects.filter(action="listen").exists()


def test_each_play_is_one_line_however_many_pieces(client, lead, call):
    recording = store(call)
    for _play in range(2):
        ticket = play_ticket(recording, lead)
        for header in ("bytes=100-199", "bytes=0-", "bytes=500-600"):
            play(client, recording, lead, ticket=ticket, range=header)
    lines = AccessLog.objects.filter(action="listen", subject="recording", subject_id=str(recording.pk))
    assert [line.user for line in lines] == [lead, lead]


def test_ticket_of_another_person_recording_or_nobody_plays_nothing(client, lead, team, call):
    recording, other = store(call), store(make_call(call.campaign, number="+8613800138001"))
    stranger = make_user(Role.LEAD, team=team)
    for ticket in (
        "x",
        play_ticket(recording, stranger),
        play_ticket(other, lead),
        play_ticket(recording, lead) + "0",
    ):
        assert play(client, recording, lead, ticket=ticket).status_code == 422
    assert not AccessLog.objects.filter(action="listen").exists()


def test_recording_out_of_scope_is_not_there(client, team, call):
    recording = store(call)
    agent = make_agent(team)
    outsiders = [make_user(Role.LEAD, team=make_team()), agent, make_user(Role.QA, team=make_team())]
    for user in outsiders:
        client.force_login(user)
        assert play(client, recording, user).status_code == 404
        assert upload(client, call, wav()).status_code in (403, 404)
    for role in (Role.TRAINER, Role.COMPLAINT):
        user = make_user(role, team=team)
        client.force_login(user)
        assert play(client, recording, user).status_code == 403
    inspector = make_user(Role.QA, team=team)
    client.force_login(inspector)
    assert play(client, recording, inspector).status_code == 200
    client.logout()
    assert play(client, recording, inspector).status_code == 302


def test_recording_over_the_api(team, call):
    lead = make_user(Role.LEAD, team=team)
    client = APIClient()
    client.force_authenticate(lead)
    address = reverse("api-call-recording", args=[call.pk])

    def post(data):
        return client.post(address, {"file": SimpleUploadedFile("x.wav", data)}, format="multipart")

    first = post(wav())
    assert (first.status_code, first.json()["seconds"], first.json()["kind"]) == (201, "2.000", "wav")
    assert post(wav()).status_code == 200
    assert (post(mp3()).status_code, post(mp3()).json()["code"]) == (409, "recording_exists")
    lie = post(archive())
    assert (lie.status_code, lie.json()["code"]) == (422, "recording_refused")
    assert client.post(address, {}, format="multipart").status_code == 400
    client.force_authenticate(make_user(Role.LEAD, team=make_team()))
    assert post(wav()).status_code == 404
    client.force_authenticate(make_agent(team))
    assert post(wav()).status_code == 403


def test_copy_for_the_person_has_what_was_said(team, call):
    store(call)
    manager = make_user(Role.MANAGER, unit=team.unit)
    job = jobs.run_now(start_copy(customer=call.customer, by=manager, reason="letter", now=NOW))
    with zipfile.ZipFile(job.result_path) as archive:
        names = [name for name in archive.namelist() if name.startswith("files/")]
        assert [archive.read(name) for name in names] == [wav()]
        assert names[0].endswith(".wav")
        assert "recordings/" not in archive.read("data.json").decode()


def test_erasing_a_person_deletes_the_file(call, django_capture_on_commit_callbacks):
    recording = store(call)
    with django_capture_on_commit_callbacks(execute=True):
        erase_customer(customer=call.customer, by=None, reason="letter", now=NOW + timedelta(days=1))
    recording.refresh_from_db()
    assert (recording.state, recording.path, recording.sha256, files()) == ("deleted", "", "", [])
    with pytest.raises(Conflict) as refused:
        store(call)
    assert refused.value.code == "recording_deleted"


def test_retention_of_recordings_deletes_the_file_and_leaves_the_call(
    call, django_capture_on_commit_callbacks
):
    recording = store(call)
    Retention.objects.create(client=call.campaign.client, kind="recordings", days=30)
    with django_capture_on_commit_callbacks(execute=True):
        assert clear_expired(now=call.started_at + timedelta(days=30)) == 0
        assert clear_expired(now=call.started_at + timedelta(days=30, seconds=1)) == 1
    recording.refresh_from_db()
    call.refresh_from_db()
    assert (recording.state, files(), call.number) == ("deleted", [], "+8613800138000")


def test_file_without_a_row_goes_after_a_day(call):
    kept = store(call)
    stray = file_of(kept).with_name("stray")
    stray.write_bytes(b"x")
    assert clear_recordings(now=NOW.fromtimestamp(time.time(), NOW.tzinfo) + timedelta(hours=1)) == 0
    assert clear_recordings(now=NOW.fromtimestamp(time.time(), NOW.tzinfo) + timedelta(hours=25)) == 1
    assert files() == [file_of(kept)]


def aged(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (time.time() - 60,) * 2)


def test_recording_is_fetched_from_a_folder_once_it_is_there(settings, tmp_path, call):
    settings.RECORDING_SOURCE = str(tmp_path / "monitor" / "{year}" / "{id}.wav")
    recording = await_recording(call=call, reference="abc-1.2", now=NOW)
    assert fetch_recordings(now=NOW) == 0
    assert fetch_recordings(now=NOW + RETRIES[0]) == 1
    recording.refresh_from_db()
    assert (recording.state, recording.attempts, recording.problem) == ("awaited", 1, "no_file")
    aged(tmp_path / "monitor" / "2026" / "abc-1.2.wav", wav())
    assert fetch_recordings(now=recording.due_at) == 1
    recording.refresh_from_db()
    assert (recording.state, recording.kind, recording.due_at) == ("stored", "wav", None)
    assert len(files()) == 1
    assert fetch_recordings(now=NOW + timedelta(days=1)) == 0


def test_recording_that_never_comes_is_missing_in_the_end(settings, tmp_path, call):
    settings.RECORDING_SOURCE = str(tmp_path / "{id}.wav")
    recording, now = await_recording(call=call, reference="abc", now=NOW), NOW
    for _turn in range(len(RETRIES)):
        now += timedelta(days=1)
        assert fetch_recordings(now=now) == 1
    recording.refresh_from_db()
    assert (recording.state, recording.due_at) == ("missing", None)


def test_lying_file_of_the_telephone_system_is_refused_for_good(settings, tmp_path, call):
    settings.RECORDING_SOURCE = str(tmp_path / "{id}.wav")
    aged(tmp_path / "abc.wav", archive())
    recording = await_recording(call=call, reference="abc", now=NOW)
    fetch_recordings(now=NOW + RETRIES[0])
    recording.refresh_from_db()
    assert (recording.state, recording.problem, files()) == ("refused", "unknown", [])


def test_names_that_lead_elsewhere_are_never_looked_for(settings, tmp_path, call):
    settings.RECORDING_SOURCE = str(tmp_path / "monitor" / "{id}.wav")
    aged(tmp_path / "secret.wav", wav())
    aged(tmp_path / "monitor" / "good.wav", wav())
    for name in (
        "../secret",
        "..",
        "/etc/passwd",
        "a/b",
        "a\\b",
        "",
        ".hidden",
        "a..b",
        "x" * 121,
        "a\0b",
        "{id}",
        "a b",
    ):
        assert await_recording(call=call, reference=name, now=NOW) is None
    (tmp_path / "monitor" / "link.wav").symlink_to(tmp_path / "secret.wav")
    recording = await_recording(call=call, reference="link", now=NOW)
    fetch_recordings(now=NOW + RETRIES[0])
    recording.refresh_from_db()
    assert (recording.state, recording.problem) == ("awaited", "outside")


class Exchange(http.server.BaseHTTPRequestHandler):
    """A web server with one recording; everything else leads away."""

    def do_GET(self):  # noqa: N802
        if self.path == "/rec/good.wav":
            data = wav()
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        else:
            self.send_response(302)
            self.send_header("Location", "/rec/good.wav")
            self.end_headers()

    def log_message(self, *_args):
        pass


def test_recording_is_fetched_from_an_address_and_redirects_are_not_followed(settings, call):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Exchange)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.RECORDING_SOURCE = f"http://127.0.0.1:{server.server_port}/rec/{{id}}.wav"
    other = make_call(call.campaign, number="+8613800138001")
    good = await_recording(call=call, reference="good", now=NOW)
    away = await_recording(call=other, reference="moved", now=NOW)
    assert fetch_recordings(now=NOW + RETRIES[0]) == 2
    server.shutdown()
    server.server_close()
    good.refresh_from_db()
    away.refresh_from_db()
    assert (good.state, away.state, away.problem) == ("stored", "awaited", "http_302")


@pytest.mark.parametrize("size", [0, 1, 1_000])
def test_range_never_leaves_the_file(size):
    for header in ("bytes=0-0", "bytes=0-", "bytes=-1", "bytes=999-", "bytes=500-1500", f"bytes={10**17}-"):
        try:
            piece = wanted(header, size)
        except Unsatisfiable:
            continue
        assert piece is None or 0 <= piece[0] <= piece[1] < size
