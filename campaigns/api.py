"""/api/v1/campaigns/: reading campaigns in scope, and moving them (DESIGN section 7)."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from callcenter.access import Role, roles
from callcenter.paging import ApiPagination
from campaigns import actions, queries
from campaigns.forms import CampaignFilter
from campaigns.models import Campaign
from campaigns.serializers import CampaignOutput, MoveInput

READERS = (Role.LEAD, Role.MANAGER, Role.CLIENT)


def _rows(user):
    rows = Campaign.objects.visible_to(user).select_related(
        "client", "questionnaire__questionnaire", "script__script"
    )
    return rows.prefetch_related("teams")


@roles(*READERS)
class CampaignListView(APIView):
    @extend_schema(responses=CampaignOutput(many=True), operation_id="campaigns_list")
    def get(self, request):
        """Campaigns in scope, newest first; ``q``, ``state`` and ``kind`` filter as on the page."""
        chosen = CampaignFilter(request.query_params).chosen()
        found = queries.campaigns(request.user, **chosen).order_by()
        rows = found.select_related("client", "questionnaire__questionnaire", "script__script")
        pages = ApiPagination()
        page = pages.paginate_queryset(rows, request, self)
        return pages.get_paginated_response(CampaignOutput(page, many=True).data)


@roles(*READERS)
class CampaignView(APIView):
    @extend_schema(responses=CampaignOutput, operation_id="campaigns_retrieve")
    def get(self, request, pk):
        """One campaign in scope."""
        return Response(CampaignOutput(get_object_or_404(_rows(request.user), pk=pk)).data)


class MoveView(APIView):
    """What the verbs share; each is a class of its own, so that it has its own description."""

    act: staticmethod

    def move(self, request, pk):
        campaign = get_object_or_404(_rows(request.user), pk=pk)
        values = MoveInput(data=request.data)
        values.is_valid(raise_exception=True)
        type(self).act(
            campaign=campaign, by=request.user, now=timezone.now(), note=values.validated_data["note"]
        )
        return Response(CampaignOutput(campaign).data)


@roles(Role.MANAGER)
class StartView(MoveView):
    act = staticmethod(actions.start_campaign)

    @extend_schema(request=MoveInput, responses=CampaignOutput, operation_id="campaigns_start")
    def post(self, request, pk):
        """Start an approved campaign."""
        return self.move(request, pk)


@roles(Role.MANAGER)
class PauseView(MoveView):
    act = staticmethod(actions.pause_campaign)

    @extend_schema(request=MoveInput, responses=CampaignOutput, operation_id="campaigns_pause")
    def post(self, request, pk):
        """Pause a running campaign at once: nothing is handed out any more."""
        return self.move(request, pk)


@roles(Role.MANAGER)
class ResumeView(MoveView):
    act = staticmethod(actions.resume_campaign)

    @extend_schema(request=MoveInput, responses=CampaignOutput, operation_id="campaigns_resume")
    def post(self, request, pk):
        """Let a paused campaign go on."""
        return self.move(request, pk)


@roles(Role.MANAGER)
class FinishView(MoveView):
    act = staticmethod(actions.finish_campaign)

    @extend_schema(request=MoveInput, responses=CampaignOutput, operation_id="campaigns_finish")
    def post(self, request, pk):
        """Finish a running or paused campaign."""
        return self.move(request, pk)
