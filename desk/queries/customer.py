"""The customer's side of the screen: numbers, earlier calls, open issues, and what this call is about."""

from callbacks.models import Call, Confirmation, Task
from callbacks.queries import channels_to_offer, phones_of, question_of
from callbacks.rules.trial import HEARD
from complaints.models import DepartmentAnswer, Issue, SecondContact
from complaints.queries import complaint_of_task
from customers.models import Consent, Phone
from customers.queries import latest_consents
from customers.rules.phones import mask
from desk.queries.kept import focus_at_hand

HISTORY = 8


def add_phones(screen, now):
    """The customer's numbers, masked; chosen is the one dialled, else the one to try next (CB-5)."""
    phones = list(phones_of(screen.task, now=now).order_by("-preferred", "id"))
    usable = [phone for phone in phones if phone.state == Phone.State.VALID]
    to_try = [phone.pk for phone in sorted(usable, key=lambda phone: (phone.listed, phone.tried))]
    dialled = [phone.pk for phone in phones if phone.number == screen.task.dialled_number]
    screen.phones = [
        {
            "pk": phone.pk,
            "masked": mask(phone.number),
            "kind": phone.get_kind_display(),
            "state": phone.get_state_display(),
            "usable": phone.pk in to_try,
        }
        for phone in phones
    ]
    screen.phone_id = next(iter(dialled or to_try), None)
    screen.dial_number = screen.task.dialled_number


def add_history(screen):
    """Earlier calls and unsolved issues of the customer, whoever took them."""
    calls = Call.objects.counted().filter(customer=screen.customer).select_related("disposition", "agent")
    screen.history = list(calls.order_by("-started_at", "-id")[:HISTORY])
    issues = Issue.objects.filter(customer=screen.customer).unsolved().select_related("problem_point")
    screen.issues = list(issues.order_by("deadline", "id")[:HISTORY])


def add_consents(screen):
    """What the customer has agreed to or withdrawn for the purpose of the campaign (CUS-8); shown once the call is dialled."""
    words = [
        word for word in latest_consents(screen.customer) if word.purpose == screen.task.campaign.purpose
    ]
    screen.consents = [
        {
            "channel": word.get_channel_display(),
            "granted": word.state == Consent.State.GRANTED,
            "state": word.get_state_display(),
        }
        for word in words
    ]


def add_message_channels(screen, now):
    """By which messages the customer may be asked instead, in the order of the trade: e-mail, then SMS (CB-8)."""
    offered = channels_to_offer(task=screen.task, now=now)
    screen.message_channels = [(channel.value, channel.label) for channel in offered]


def add_occasion(screen):
    """What the call is about beyond its campaign: a promised second contact, a complaint, the focus issues (ISS-5)."""
    screen.focus_issues = focus_at_hand()
    if screen.task.kind == Task.Kind.COMPLAINT:
        screen.complaint = complaint_of_task(screen.task)
        screen.asks_outcome = screen.complaint is not None
    if screen.task.kind == Task.Kind.CONFIRMATION:
        screen.trial = question_of(screen.task)
        screen.said = [
            (value, label, key)
            for key, (value, label) in enumerate(Confirmation.Answer.choices, start=1)
            if value in HEARD
        ]
    if screen.task.kind != Task.Kind.SECOND_CONTACT:
        return
    screen.asks_outcome = True
    contacts = SecondContact.objects.filter(task=screen.task).select_related("issue__problem_point")
    screen.second_contact = contacts.first()
    if screen.second_contact:
        answers = DepartmentAnswer.objects.filter(issue=screen.second_contact.issue)
        screen.department_answers = list(answers.order_by("-at", "-id")[:3])
