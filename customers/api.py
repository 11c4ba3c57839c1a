"""/api/v1/customers/, /events/, /blacklist/ and /segments/: what clients' systems read and write (DESIGN section 7)."""

from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from callcenter.access import Role, roles
from callcenter.paging import ApiPagination
from customers import actions, queries
from customers.actions import imports
from customers.forms import CustomerFilter
from customers.models import SEGMENT_ROLES, BlacklistEntry, Client, Customer, Phone, Segment
from customers.queries.segments import Run, selected
from customers.serializers import (
    BlacklistInput,
    BlacklistOutput,
    ConsentInput,
    ConsentOutput,
    CustomerChange,
    CustomerImportInput,
    CustomerOutput,
    EventInput,
    EventOutput,
    NewCustomerInput,
    SegmentCountOutput,
    SegmentOutput,
)
from customers.states import EntryState

WRITERS = (Role.LEAD, Role.MANAGER)
READING = ("encoding", "delimiter", "sheet", "header_row")


def _reachable(serializer, user):
    """Let codes name only the clients, teams and units into which the person may bring customers."""
    choices = {
        "client": Client.objects.visible_to(user),
        "team": queries.importable_teams(user),
        "unit": queries.importable_units(user),
    }
    for name, rows in choices.items():
        if name in serializer.fields:
            serializer.fields[name].queryset = rows
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def _page(view, request, rows, output):
    pages = ApiPagination()
    return pages.get_paginated_response(output(pages.paginate_queryset(rows, request, view), many=True).data)


def _customers(user):
    phones = Prefetch("phones", Phone.objects.order_by("-preferred", "id"))
    rows = Customer.objects.visible_to(user).select_related("client", "unit", "team", "region")
    return rows.prefetch_related(phones)


def _current(user, **which):
    """The customer, or the one into which it was merged."""
    customer = get_object_or_404(_customers(user), **which)
    if customer.merged_into_id:
        customer = get_object_or_404(_customers(user), pk=customer.merged_into_id)
    return customer


@roles(*WRITERS)
class CustomerListView(APIView):
    @extend_schema(responses=CustomerOutput(many=True), operation_id="customers_list")
    def get(self, request):
        """Customers in scope, newest first; the filters of the page work here too."""
        form = CustomerFilter(request.query_params, user=request.user)
        rows = queries.customer_list(request.user, **form.chosen())
        if external_id := request.query_params.get("external_id", "")[:60]:
            rows = rows.filter(external_id=external_id)
        return _page(self, request, rows, CustomerOutput)

    @extend_schema(request=NewCustomerInput, responses={201: CustomerOutput})
    def post(self, request):
        """Add a customer."""
        values = _reachable(NewCustomerInput(data=request.data), request.user)
        customer = actions.create_customer(by=request.user, now=timezone.now(), **values)
        shown = CustomerOutput(get_object_or_404(_customers(request.user), pk=customer.pk))
        return Response(shown.data, status=status.HTTP_201_CREATED)


@roles(*WRITERS)
class CustomerView(APIView):
    @extend_schema(responses=CustomerOutput, operation_id="customers_retrieve")
    def get(self, request, pk):
        """One customer; of a duplicate that was merged, the one it became part of."""
        return Response(CustomerOutput(_current(request.user, pk=pk)).data)

    @extend_schema(request=CustomerChange, responses=CustomerOutput)
    def patch(self, request, pk):
        """Change a customer; ``version`` is the one that was read, a later one answers 409."""
        return Response(CustomerOutput(_change(request, _current(request.user, pk=pk))).data)


@roles(*WRITERS)
class CustomerByNumberView(APIView):
    """A customer by client code and the client's own customer number."""

    @extend_schema(responses=CustomerOutput, operation_id="customers_by_number")
    def get(self, request, client, external_id):
        """One customer."""
        return Response(CustomerOutput(self._find(request, client, external_id)).data)

    @extend_schema(
        request=CustomerChange, responses=CustomerOutput, operation_id="customers_change_by_number"
    )
    def patch(self, request, client, external_id):
        """Change a customer; ``version`` is the one that was read, a later one answers 409."""
        return Response(CustomerOutput(_change(request, self._find(request, client, external_id))).data)

    def _find(self, request, client, external_id):
        return _current(request.user, client__code=client, external_id=external_id)


def _change(request, customer):
    change = CustomerChange(data=request.data, partial=True)
    change.is_valid(raise_exception=True)
    return actions.update_customer(
        customer=customer, by=request.user, now=timezone.now(), **change.validated_data
    )


@roles(*WRITERS, Role.COMPLAINT)
class ConsentView(APIView):
    """What a customer has said about being contacted, by channel and purpose."""

    @extend_schema(responses=ConsentOutput(many=True), operation_id="customers_consents_list")
    def get(self, request, pk):
        """The whole history, newest first."""
        customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
        return _page(self, request, customer.consents.select_related("by"), ConsentOutput)

    @extend_schema(request=ConsentInput, responses={201: ConsentOutput})
    def post(self, request, pk):
        """Record consent or its withdrawal; a withdrawal takes effect at once."""
        customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
        given = ConsentInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        consent = actions.record_consent(customer=customer, by=request.user, now=timezone.now(), **values)
        return Response(ConsentOutput(consent).data, status=status.HTTP_201_CREATED)


@roles(*WRITERS)
class CustomerImportView(APIView):
    parser_classes = [MultiPartParser]

    @extend_schema(request=CustomerImportInput, responses={202: None})
    def post(self, request):
        """Import a file; answers at once with the job that does it.

        A file whose encoding is not certain is refused with its possible encodings as ``facts``: send it again with one.
        """
        values = _reachable(CustomerImportInput(data=request.data), request.user)
        reading = {name: values.pop(name) for name in READING if name in values}
        upload = values.pop("file")
        batch, job = imports.import_upload(
            upload=upload, reading=reading, by=request.user, now=timezone.now(), **values
        )
        return Response({"import": batch.pk, "job": str(job.pk)}, status=status.HTTP_202_ACCEPTED)


@roles(*WRITERS)
class EventView(APIView):
    @extend_schema(request=EventInput, responses={200: EventOutput, 201: EventOutput})
    def post(self, request):
        """Report a service event; the same event again answers 200 and changes nothing."""
        values = _reachable(EventInput(data=request.data), request.user)
        customer = _customer_of(request.user, values.pop("client"), values.pop("customer"))
        event, created = actions.record_event(customer=customer, now=timezone.now(), **values)
        return Response(
            EventOutput(event).data, status=status.HTTP_201_CREATED if created else status.HTTP_200_OK
        )


def _customer_of(user, client, external_id):
    found = (
        Customer.objects.visible_to(user)
        .filter(client=client, external_id=external_id)
        .exclude(external_id="")
    )
    customer = found.select_related("client", "merged_into__client").first()
    if customer is None:
        raise Http404
    return customer.merged_into or customer


@roles(*WRITERS)
class BlacklistView(APIView):
    @extend_schema(
        responses=BlacklistOutput(many=True),
        parameters=[
            OpenApiParameter("state", str, enum=EntryState.values, description="Empty: in force now.")
        ],
    )
    def get(self, request):
        """Do-not-call entries about customers in scope, and numbers nobody may call: those in force, or of one ``state``."""
        rows = BlacklistEntry.objects.visible_to(request.user)
        state = request.query_params.get("state", "")
        rows = rows.filter(state=state) if state in EntryState.values else rows.in_force(timezone.now())
        return _page(self, request, rows.select_related("client", "customer"), BlacklistOutput)

    @extend_schema(request=BlacklistInput, responses={201: BlacklistOutput})
    def post(self, request):
        """Put a customer or a number on the do-not-call list; ``state`` says whether it is in force or waits for approval."""
        values = _reachable(BlacklistInput(data=request.data), request.user)
        client, customer = values.pop("client", None), values.pop("customer", None)
        if customer is not None:
            customer = _customer_of(request.user, client, customer)
        entry = actions.ask_not_to_contact(
            customer=customer, client=client, by=request.user, now=timezone.now(), **values
        )
        return Response(BlacklistOutput(entry).data, status=status.HTTP_201_CREATED)


def _segments(user):
    return Segment.objects.visible_to(user).select_related("client", "owner")


@roles(*SEGMENT_ROLES)
class SegmentListView(APIView):
    @extend_schema(responses=SegmentOutput(many=True), operation_id="segments_list")
    def get(self, request):
        """One's own segments and the shared ones, newest first."""
        return _page(self, request, _segments(request.user), SegmentOutput)


@roles(*SEGMENT_ROLES)
class SegmentView(APIView):
    @extend_schema(responses=SegmentOutput, operation_id="segments_retrieve")
    def get(self, request, pk):
        """One segment with its conditions."""
        return Response(SegmentOutput(get_object_or_404(_segments(request.user), pk=pk)).data)


@roles(*SEGMENT_ROLES)
class SegmentCountView(APIView):
    @extend_schema(responses=SegmentCountOutput, operation_id="segments_count")
    def get(self, request, pk):
        """How many customers of the caller's scope the segment means now."""
        segment, now = get_object_or_404(_segments(request.user), pk=pk), timezone.now()
        rows = selected(segment, Run(now, request.user), Customer.objects.visible_to(request.user))
        return Response(SegmentCountOutput({"customers": rows.count(), "at": now}).data)
