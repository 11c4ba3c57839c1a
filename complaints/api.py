"""Issues and complaints over the API: the same gates, forms and actions as the pages."""

from collections.abc import Mapping

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.response import Response
from rest_framework.views import APIView

from callcenter.access import Policy, Role, roles
from complaints import actions
from complaints.forms.complaints import VERB_FORMS, RegisterForm
from complaints.models import Complaint, Issue
from complaints.serializers import AnswerInput, AnswerOutput, ComplaintOutput, IssueInput, IssueOutput

RUNNERS = (Role.LEAD, Role.MANAGER, Role.COMPLAINT)


@roles(*RUNNERS, Role.DEPARTMENT, Role.AGENT, Role.CLIENT)
class IssueList(generics.ListAPIView):
    """Issues in scope, newest first; POST raises one (idempotent by ``client_uuid``)."""

    serializer_class = IssueOutput
    queryset = Issue.objects.none()
    method_policies = {"POST": Policy("roles", frozenset({*RUNNERS, Role.AGENT}))}

    def get_queryset(self):
        return Issue.objects.visible_to(self.request.user)

    @extend_schema(request=IssueInput, responses={201: IssueOutput})
    def post(self, request):
        form = IssueInput(data=request.data, context={"request": request})
        form.is_valid(raise_exception=True)
        issue = actions.raise_issue(
            **form.validated_data, call=None, team=None, by=request.user, now=timezone.now()
        )
        return Response(IssueOutput(issue).data, status=201)


@roles(*RUNNERS, Role.DEPARTMENT, Role.AGENT, Role.CLIENT)
class IssueDetail(generics.RetrieveAPIView):
    """One issue in scope."""

    serializer_class = IssueOutput
    queryset = Issue.objects.none()

    def get_queryset(self):
        return Issue.objects.visible_to(self.request.user)


@roles(Role.DEPARTMENT)
class IssueAnswer(APIView):
    """The responsible department answers."""

    @extend_schema(request=AnswerInput, responses={201: AnswerOutput})
    def post(self, request, pk):
        issue = get_object_or_404(Issue.objects.visible_to(request.user), pk=pk)
        form = AnswerInput(data=request.data)
        form.is_valid(raise_exception=True)
        answer = actions.answer_issue(issue=issue, by=request.user, now=timezone.now(), **form.validated_data)
        return Response(AnswerOutput(answer).data, status=201)


@roles(*RUNNERS, Role.DEPARTMENT)
class ComplaintList(generics.ListAPIView):
    """Complaints in scope, newest first; POST registers one (idempotent by ``client_uuid``)."""

    serializer_class = ComplaintOutput
    queryset = Complaint.objects.none()
    method_policies = {"POST": Policy("roles", frozenset(RUNNERS))}

    def get_queryset(self):
        return Complaint.objects.visible_to(self.request.user)

    @extend_schema(request=OpenApiTypes.OBJECT, responses={201: ComplaintOutput})
    def post(self, request):
        values = _checked(RegisterForm(_named(request.data), user=request.user))
        complaint = actions.register(**values, by=request.user, now=timezone.now())
        return Response(ComplaintOutput(complaint).data, status=201)


@roles(*RUNNERS, Role.DEPARTMENT)
class ComplaintDetail(generics.RetrieveAPIView):
    """One complaint in scope."""

    serializer_class = ComplaintOutput
    queryset = Complaint.objects.none()

    def get_queryset(self):
        return Complaint.objects.visible_to(self.request.user)


@roles(*RUNNERS)
class ComplaintVerb(APIView):
    """One step of the procedure: acknowledge, judge, investigate, propose, approve, reject, carry-out, call-back,
    archive, reopen; pause, resume, handler. The values are those of the page's form; “yes” and “no” for choices.
    """

    @extend_schema(operation_id="complaints_step", request=OpenApiTypes.OBJECT, responses=ComplaintOutput)
    def post(self, request, pk, verb):
        complaint = get_object_or_404(Complaint.objects.visible_to(request.user), pk=pk)
        if verb not in actions.COMPLAINT_VERBS:
            raise NotFound
        values = _checked(VERB_FORMS[verb](_named(request.data), complaint=complaint))
        actions.COMPLAINT_VERBS[verb](complaint=complaint, by=request.user, now=timezone.now(), **values)
        complaint.refresh_from_db()
        return Response(ComplaintOutput(complaint).data)


def _named(data):
    """The values by name as the forms read them; 400 for a list or a bare value."""
    if not isinstance(data, Mapping):
        raise ParseError(_("Send an object with the values by name."))
    return data


def _checked(form):
    if not form.is_valid():
        raise serializers.ValidationError(form.errors)
    return form.cleaned_data
