"""Tasks and calls over the API: the same gates and actions as the pages (DESIGN section 7)."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from callbacks.actions import claim_next, release_task, run_trial_verb
from callbacks.actions.import_calls import start_import
from callbacks.actions.match import take_record
from callbacks.actions.recordings import store_recording
from callbacks.forms import TRIAL_FORMS, CallFilter, TaskFilter, TrialFilter
from callbacks.models import Call, Order, Task
from callbacks.queries import lists, queue_status, trials
from callbacks.serializers import (
    CallImportInput,
    CallInput,
    CallOutput,
    JobOutput,
    MatchedOutput,
    RecordingInput,
    RecordingOutput,
    ReleaseInput,
    TaskOutput,
    TrialDetailOutput,
    TrialOutput,
    TrialVerbInput,
)
from callcenter.access import Policy, Role, roles
from callcenter.errors import Refused

LEADERS = (Role.LEAD, Role.MANAGER)
CHECKERS = (Role.QA, Role.QA_SUPERVISOR)


@roles(Role.AGENT, *LEADERS)
class TaskList(generics.ListAPIView):
    """Tasks in scope, newest first; filters ``campaign``, ``state``, ``kind``, ``agent`` as on the page."""

    serializer_class = TaskOutput
    queryset = Task.objects.none()

    def get_queryset(self):
        form = TaskFilter(self.request.GET, user=self.request.user)
        return lists.tasks(self.request.user, **form.chosen())


@roles(Role.AGENT)
class TaskClaim(APIView):
    """Claim the next best task, or get back the one already held; 204 when nothing is callable."""

    @extend_schema(request=None, responses={200: TaskOutput, 204: None})
    def post(self, request):
        now = timezone.now()
        task = claim_next(agent=request.user, now=now)
        if task is not None:
            return Response(TaskOutput(task).data)
        status = queue_status(agent=request.user, now=now)
        why = "; ".join(f"{reason.code}={reason.count}" for reason in status.reasons)
        return Response(status=204, headers={"X-Queue-Empty": why})


@roles(Role.AGENT)
class TaskRelease(APIView):
    """Give a claimed task back to its queue; 409 ``lease_lost`` when the token is no longer the current one."""

    @extend_schema(request=ReleaseInput, responses={200: TaskOutput})
    def post(self, request, pk):
        form = ReleaseInput(data=request.data)
        form.is_valid(raise_exception=True)
        task = release_task(task_id=pk, agent=request.user, now=timezone.now(), **form.validated_data)
        return Response(TaskOutput(task).data)


@roles(Role.AGENT, *LEADERS, *CHECKERS)
class CallList(generics.ListAPIView):
    """Calls in scope, newest first; filters as on the page. POST records a call of a telephone system, once per number."""

    serializer_class = CallOutput
    queryset = Call.objects.none()
    method_policies = {"POST": Policy("roles", frozenset(LEADERS))}

    def get_queryset(self):
        form = CallFilter(self.request.GET, user=self.request.user)
        return lists.calls(self.request.user, **form.chosen())

    @extend_schema(request=CallInput, responses={201: CallOutput, 200: CallOutput, 202: MatchedOutput})
    def post(self, request):
        form = CallInput(data=request.data, context={"request": request})
        form.is_valid(raise_exception=True)
        call, task, created = take_record(by=request.user, now=timezone.now(), **form.validated_data)
        if task:
            return Response(MatchedOutput({"task": task.pk}).data, status=202)
        return Response(CallOutput(call).data, status=201 if created else 200)


@roles(*LEADERS)
class CallRecording(APIView):
    """The recording of a call: WAV, MP3 or Ogg. 201 when it is new, 200 for the same file again, 409 for another one."""

    parser_classes = (MultiPartParser, FormParser)

    @extend_schema(request=RecordingInput, responses={201: RecordingOutput, 200: RecordingOutput})
    def post(self, request, pk):
        call = get_object_or_404(Call.objects.visible_to(request.user), pk=pk)
        form = RecordingInput(data=request.data)
        form.is_valid(raise_exception=True)
        chunks = form.validated_data["file"].chunks()
        recording, created = store_recording(
            call=call, chunks=chunks, by=request.user, now=timezone.now(), source="api"
        )
        return Response(RecordingOutput(recording).data, status=201 if created else 200)


@roles(*LEADERS)
class CallImport(APIView):
    """Import a file of calls; answers with the job that does it."""

    parser_classes = (MultiPartParser, FormParser)

    @extend_schema(request=CallImportInput, responses={202: JobOutput})
    def post(self, request):
        form = CallImportInput(data=request.data, context={"request": request})
        form.is_valid(raise_exception=True)
        data = form.validated_data
        job = start_import(
            campaign=data["campaign"],
            upload=data["file"],
            mapping=data["mapping"],
            by=request.user,
            now=timezone.now(),
        )
        return Response(JobOutput(job).data, status=202)


@roles(Role.AGENT, *LEADERS, *CHECKERS)
class TrialList(generics.ListAPIView):
    """Trials in scope, newest first; filters ``campaign``, ``agent``, ``state`` and ``ends_before`` as on the page."""

    serializer_class = TrialOutput
    queryset = Order.objects.none()

    def get_queryset(self):
        form = TrialFilter(self.request.GET, user=self.request.user)
        return trials.trials(self.request.user, **form.chosen())


def _trial(request, pk):
    rows = Order.objects.visible_to(request.user).trials().select_related("campaign__script", "account")
    return trials.trial_of(request.user, get_object_or_404(rows, pk=pk))


@roles(Role.AGENT, *LEADERS, *CHECKERS)
class TrialDetail(APIView):
    @extend_schema(responses=TrialDetailOutput)
    def get(self, request, pk):
        """One trial in scope with its questions, its evidence and what may be done now."""
        trial = _trial(request, pk)
        return Response(TrialDetailOutput(trial.order, context={"trial": trial}).data)


@roles(*LEADERS, *CHECKERS)
class TrialVerb(APIView):
    """One of answer, ask, message, extend, cancel and void; 403 for a role without it, 409 when the state forbids it."""

    @extend_schema(request=TrialVerbInput, responses=TrialDetailOutput)
    def post(self, request, pk, verb):
        trial = _trial(request, pk)
        if verb not in TRIAL_FORMS:
            raise Http404
        if not request.user.scope().has(*trials.VERB_ROLES[verb]):
            raise PermissionDenied(_("Your role does not include this step."))
        given = TrialVerbInput(data=request.data)
        given.is_valid(raise_exception=True)
        form = TRIAL_FORMS[verb](given.as_form(), trial=trial)
        if not form.is_valid():
            problems = {name: list(errors) for name, errors in form.errors.items()}
            raise Refused(_("Some values are missing or wrong."), code="invalid", fields=problems)
        run_trial_verb(trial.order, verb=verb, by=request.user, now=timezone.now(), **form.values())
        trial = _trial(request, pk)
        return Response(TrialDetailOutput(trial.order, context={"trial": trial}).data)
