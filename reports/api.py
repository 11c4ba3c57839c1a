"""Metrics and the KPI workbook over the API: the same definitions as the page."""

import hashlib
import tempfile

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from callcenter.access import Role, roles
from callcenter.errors import Refused
from callcenter.exports import reason_for
from callcenter.texts import localized
from reports.actions import build_workbook, file_name, log_workbook
from reports.forms import SelectionForm
from reports.queries import figures

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAMES = {"start": "from", "end": "to"}
readers = roles(Role.LEAD, Role.MANAGER, Role.QA_SUPERVISOR, Role.CLIENT)


class SelectionQuery(serializers.Serializer):
    """``from`` and ``to`` are local days; ids of campaign, team and agent must lie in the caller's scope."""

    to = serializers.DateField(required=False)
    campaign = serializers.IntegerField(required=False)
    team = serializers.IntegerField(required=False)
    agent = serializers.IntegerField(required=False)

    def get_fields(self):
        return {"from": serializers.DateField(required=False), **super().get_fields()}


class WorkbookQuery(SelectionQuery):
    """The selection, and why it is exported."""

    reason = serializers.CharField(max_length=300)


class FigureOutput(serializers.Serializer):
    """``value`` is null when the denominator is 0; shares are 0 … 1, durations seconds."""

    code = serializers.CharField(source="metric.code")
    name = serializers.SerializerMethodField()
    formula = serializers.SerializerMethodField()
    unit = serializers.CharField(source="metric.unit")
    value = serializers.FloatField(allow_null=True)
    numerator = serializers.FloatField(allow_null=True)
    denominator = serializers.FloatField(allow_null=True)
    target = serializers.FloatField(allow_null=True)
    verdict = serializers.CharField(source="standing.status")

    def get_name(self, figure) -> str:
        return localized(figure.metric.name)

    def get_formula(self, figure) -> str:
        return localized(figure.metric.formula)


def _selection(request):
    query = request.query_params
    data = {"start": query.get("from", ""), "end": query.get("to", "")}
    data |= {name: query.get(name, "") for name in ("campaign", "team", "agent")}
    form = SelectionForm(data, user=request.user, now=timezone.now())
    if not form.is_valid():
        raise Refused(
            " ".join(message for errors in form.errors.values() for message in errors),
            code="invalid",
            fields={
                "from" if name == "start" else "to" if name == "end" else name: errors
                for name, errors in form.errors.items()
            },
        )
    return form.selection()


@readers
class MetricsView(APIView):
    @extend_schema(parameters=[SelectionQuery], responses=FigureOutput(many=True))
    def get(self, request):
        """Every metric of the registry for the selection, within the caller's scope."""
        return Response(FigureOutput(figures(request.user, _selection(request)), many=True).data)


@readers
class WorkbookView(APIView):
    @extend_schema(parameters=[WorkbookQuery], responses={(200, XLSX): OpenApiResponse(response=bytes)})
    def get(self, request):
        """The KPI workbook of the selection; ``reason`` is recorded and stands on its cover."""
        selection, now = _selection(request), timezone.now()
        asked = {
            "selection": selection,
            "user": request.user,
            "reason": reason_for(request.query_params.get("reason", "")),
            "now": now,
        }
        with tempfile.TemporaryFile() as file:
            rows = build_workbook(file, language=get_language(), **asked)
            file.seek(0)
            data = file.read()
        log_workbook(rows=rows, sha256=hashlib.sha256(data).hexdigest(), request=request, **asked)
        response = HttpResponse(data, content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{file_name(selection)}"'
        return response
