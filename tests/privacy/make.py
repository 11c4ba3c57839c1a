"""One customer who has left a trace in every table, with a sign planted in every text."""

import uuid
from datetime import timedelta
from decimal import Decimal

from django.apps import apps
from django.db import models

from callbacks.models import (
    Assignment,
    Attempt,
    Confirmation,
    Delivery,
    DeliveryStep,
    Distribution,
    Draft,
    Recording,
    SaidStatement,
    TaskStep,
)
from callbacks.tests.make import make_task
from callcenter.models import Notification
from callcenter.notify import log_access
from callcenter.sealing import fingerprint, seal
from campaigns.tests.make import make_script_version
from complaints.models import (
    ChurnRule,
    ChurnWarning,
    ComplaintNote,
    DepartmentAnswer,
    FocusCall,
    FocusIssue,
    Remedy,
    SecondContact,
)
from complaints.tests.make import make_complaint, make_floor, make_issue
from customers import actions
from customers.models import Customer, DuplicatePair, LegalHold
from customers.personal import REGISTRY
from customers.tests.make import NOW
from messaging.models import Reply
from messaging.tests.make import make_message
from messaging.tests.make import make_version as make_text
from qa.models import Review, ReviewItem, ReviewStep
from qa.tests.make import make_call, make_order, make_scorecard
from surveys.models import Answer, Invitation, Response
from surveys.tests.make import make_version

NUMBER, EMAIL, IDENTITY = "+8613945670123", "jinsique@example.com", "110101199003071022"
CANARY = "金丝雀"


class Trace:
    """A floor and a customer of it with rows of every kind; ``sign`` stands in what can be typed."""

    def __init__(self, sign=CANARY, number=NUMBER):
        self.floor = floor = make_floor()
        self.customer = customer = floor.customer(
            name=sign,
            external_id="CANARY-1",
            email=EMAIL,
            id_sealed=seal(IDENTITY),
            id_print=fingerprint(IDENTITY),
            custom={"备用电话": "13945670123", "备注": sign},
            phones=[number],
        )
        self.call = make_call(
            floor.campaign, floor.agent, customer=customer, number=number, note=sign, code="SALE"
        )
        self.order = make_order(self.call)
        self.issue = make_issue(floor, customer=customer, call=self.call, description=sign)
        self.complaint = make_complaint(floor, customer=customer, content=sign)
        self.task = make_task(floor.campaign, customer=customer, ready=False)
        self.review = self._review(sign)
        self._rest(sign, number)

    def _review(self, sign):
        version = make_scorecard().versions.get()
        review = Review.objects.create(
            call=self.call, agent=self.floor.agent, team=self.floor.team, scorecard=version, comment=sign
        )
        criterion = version.criteria.order_by("id").first()
        ReviewItem.objects.create(review=review, criterion=criterion, share=Decimal(1), comment=sign)
        ReviewStep.objects.create(case=review, from_state="", to_state="drawn", at=NOW, note=sign)
        return review

    def _rest(self, sign, number):
        floor, customer = self.floor, self.customer
        people = {"by": floor.agent, "now": NOW}
        actions.grant_consent(
            customer=customer, channel="phone", purpose="sales", source=sign, evidence=sign, **people
        )
        actions.block(
            customer=customer, category="asked", purpose="sales", reason=sign, evidence=sign, **people
        )
        actions.record_contact(
            customer_id=customer.pk,
            channel="phone",
            purpose="service",
            number=number,
            campaign_code="SAT",
            at=NOW,
            completed=True,
            refused=False,
        )
        self.event, _new = actions.record_event(
            customer=customer, kind="claim", external_id="E1", occurred_at=NOW, facts={"who": sign}, now=NOW
        )
        version = make_version("text")
        response = Response.objects.create(
            version=version, customer=customer, channel="phone", client_uuid=uuid.uuid4(), submitted_at=NOW
        )
        Answer.objects.create(response=response, item=version.items.order_by("id").first(), text=sign)
        Recording.objects.create(
            call=self.order.call,
            state="stored",
            reference="rec-1",
            path="recordings/1",
            kind="wav",
            size=1,
            seconds=1,
            sha256="0" * 64,
            created_at=NOW,
        )
        Attempt.objects.create(
            task=self.task,
            token=1,
            agent=floor.agent,
            number=number,
            unique_id=f"leg-{self.task.pk}",
            asked_at=NOW,
        )
        Draft.objects.create(task=self.task, agent=floor.agent, token=1, content={"note": sign}, saved_at=NOW)
        TaskStep.objects.create(case=self.task, from_state="planned", to_state="ready", at=NOW, note=sign)
        dealt = Distribution.objects.create(
            key=uuid.uuid4(), team=self.task.queue.team, way="equal", by=floor.agent, at=NOW
        )
        Assignment.objects.create(distribution=dealt, task=self.task, agent=floor.agent)
        letter = Delivery.objects.create(task=self.task, remark=sign, created_at=NOW)
        DeliveryStep.objects.create(case=letter, from_state="open", to_state="sent", at=NOW, note=sign)
        script = make_script_version(statements=[{"code": "price", "text": {"en": "10 yuan"}}])
        SaidStatement.objects.create(call=self.call, version=script, position=1, code="price", said_at=NOW)
        self.order.STEP.objects.create(case=self.order, from_state="", to_state="claimed", at=NOW, note=sign)
        question = Confirmation.objects.create(
            order=self.order, sequence=1, place=1, due_at=NOW, deadline=NOW, created_at=NOW
        )
        question.STEP.objects.create(case=question, from_state="", to_state="waiting", at=NOW, note=sign)
        DepartmentAnswer.objects.create(issue=self.issue, level=1, by=floor.lead, text=sign, at=NOW)
        self.issue.escalations.create(from_level=1, level=2, at=NOW)
        contact = SecondContact.objects.filter(issue=self.issue).first()
        contact.STEP.objects.create(case=contact, from_state="", to_state="waiting", at=NOW, note=sign)
        step = {"from_state": "", "to_state": "registered", "at": NOW, "note": sign}
        self.complaint.STEP.objects.create(case=self.complaint, **step)
        ComplaintNote.objects.create(complaint=self.complaint, text=sign, by=floor.lead, at=NOW)
        Remedy.objects.create(complaint=self.complaint, text=sign, proposed_by=floor.lead, proposed_at=NOW)
        focus = FocusIssue.objects.create(
            problem_point=floor.point, customers=16, threshold=15, opened_at=NOW, due_at=NOW, state="closed"
        )
        extra = make_task(floor.campaign, customer=customer, ready=False, source=f"focus:{customer.pk}")
        FocusCall.objects.create(focus=focus, issue=self.issue, task=extra)
        self._merged(sign, number)
        LegalHold.objects.create(
            customer=customer,
            reason=sign,
            placed_by=floor.manager,
            placed_at=NOW,
            until=NOW + timedelta(days=1),
        )
        self._later_apps(sign)
        log_access(floor.lead, "reveal", "phone", customer.phones.get().pk, now=NOW, reason=sign)
        log_access(floor.lead, "change", "customer", customer.pk, now=NOW, reason=sign)
        Notification.objects.create(
            recipient=floor.agent,
            text="The appointment with %(customer)s is due.",
            params={"customer": sign},
            key=f"appointment:{self.task.pk}:202603041000",
            created_at=NOW,
        )

    def _later_apps(self, sign):
        """A message with its reply and an invitation to answer, and a warning that the customer may leave."""
        step = {"from_state": "", "to_state": "done", "at": NOW, "note": sign}
        entry = self.customer.blacklist_entries.first()
        entry.STEP.objects.create(case=entry, **step)
        actions.grant_consent(
            customer=self.customer, channel="sms", purpose="service", source=sign, by=None, now=NOW
        )
        message = make_message(self.customer, make_text("sms"))
        message.STEP.objects.create(case=message, **step)
        reply = Reply.objects.create(
            key=f"r{self.customer.pk}",
            channel="sms",
            sender=NUMBER,
            body=sign,
            customer=self.customer,
            received_at=NOW,
        )
        reply.STEP.objects.create(case=reply, **step)
        Invitation.objects.create(
            version=make_version("text"),
            customer=self.customer,
            channel="sms",
            language="zh-hans",
            token_hash=f"h{self.customer.pk}",
            message_key=f"m{self.customer.pk}",
            created_at=NOW,
            expires_at=NOW + timedelta(days=7),
        )
        warning = ChurnWarning.objects.create(customer=self.customer, opened_at=NOW, seen_at=NOW)
        warning.STEP.objects.create(case=warning, **step)
        rule = ChurnRule.objects.create(name="complaints", kind=ChurnRule.Kind.COMPLAINTS)
        warning.reasons.create(rule=rule, kind=rule.kind, facts={"count": 1, "who": sign}, seen_at=NOW)

    def _merged(self, sign, number):
        """Found by the name, and written down twice: the second record has become part of the first."""
        customer = self.customer
        actions.read_names(Customer.objects.filter(pk=customer.pk))
        self.twin = self.floor.customer(name=sign, address=sign, email=EMAIL, phones=[number])
        seen = {customer.pk: customer.version, self.twin.pk: self.twin.version}
        actions.merge_customers(survivor=customer, loser=self.twin, versions=seen, by=None, now=NOW)
        DuplicatePair.objects.create(
            first=customer, second=self.twin, reason=DuplicatePair.Reason.NUMBER, found_at=NOW
        )
        customer.refresh_from_db()

    def numbers(self):
        """The primary keys of what has a page of its own, as they may stand in an address."""
        rows = (self.customer, self.customer.phones.get(), self.call, self.order, self.issue, self.complaint)
        rows += (self.task, self.review, self.floor.campaign, self.floor.point)
        return sorted({row.pk for row in rows})


def about_customers():
    """{model: lookup to the customer} of every model that a chain of foreign keys leads to a customer."""
    reached, waiting = {Customer: "pk"}, [Customer]
    while waiting:
        model = waiting.pop(0)
        for other in apps.get_models():
            for column in other._meta.concrete_fields:
                if column.remote_field and column.remote_field.model is model and other not in reached:
                    reached[other] = column.name
                    waiting.append(other)
    return reached


def text_columns(model):
    """The columns of a model that can hold what people typed: texts without choices, and JSON."""
    return {
        column.name
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField | models.JSONField) and not column.choices
    }


def plant(sign):
    """Put the sign into every declared column of every row, as much of it as fits."""
    for kept in REGISTRY.kept.values():
        model = apps.get_model(kept.model)
        for name in kept.clear:
            column = model._meta.get_field(name)
            if isinstance(column, models.JSONField):
                value = {"text": sign}
            else:
                value = sign[: column.max_length] if column.max_length else sign
            model._base_manager.update(**{name: value})


def everything_stored():
    """Every value of every table, as text."""
    return "\n".join(
        str(value)
        for model in apps.get_models(include_auto_created=True)
        for row in model._base_manager.values_list()
        for value in row
    )
