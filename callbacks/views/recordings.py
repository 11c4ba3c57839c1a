"""Recordings: played in the page with seek, uploaded for a call (CB-13)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callbacks.actions.recordings import log_play, store_recording
from callbacks.models import Call, Recording
from callbacks.queries.recordings import file_of, play_of, recording_of
from callbacks.rules.audio import TYPES
from callbacks.views.calls import CHECKERS, LEADERS
from callcenter.access import Role, roles
from callcenter.errors import Refused
from callcenter.ranges import serve


@roles(Role.AGENT, *LEADERS, *CHECKERS)
@require_safe
def recording(request, pk):
    """The file or a piece of it; the first piece of each play is a line in the access log before a byte leaves."""
    call = get_object_or_404(Call.objects.visible_to(request.user), pk=pk)
    found = recording_of(call)
    if found is None or found.state != Recording.State.STORED or not file_of(found).is_file():
        raise Http404
    play = play_of(request.GET.get("play", ""), found, request.user)
    if not play:
        raise Refused(
            _("This link to a recording is too old. Reload the page and play it there."), code="no_ticket"
        )
    if request.method == "GET":
        log_play(recording=found, play=play, by=request.user, now=timezone.now(), request=request)
    name = f"call-{found.call_id}.{found.kind}"
    return serve(request, file_of(found), content_type=TYPES[found.kind], name=name, tag=found.sha256)


@roles(*LEADERS)
@require_POST
def upload(request, pk):
    """Keep an uploaded file as the recording of a call."""
    call = get_object_or_404(Call.objects.visible_to(request.user), pk=pk)
    file = request.FILES.get("file")
    if file is None:
        raise Refused(_("Choose the file of the recording first."), code="invalid")
    _recording, created = store_recording(
        call=call, chunks=file.chunks(), by=request.user, now=timezone.now()
    )
    done = _("The recording has been stored.") if created else _("This recording was stored already.")
    messages.success(request, done)
    return redirect("callbacks:call", pk=pk)
