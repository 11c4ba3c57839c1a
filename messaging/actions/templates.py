"""Writing the texts of messages, and approving them by a second person (CB-9)."""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from callcenter.errors import Conflict, Refused
from callcenter.models import AccessLog
from callcenter.notify import log_access
from callcenter.workflow import advance
from customers.rules.merging import unknown_fields
from messaging.models import Template, TemplateVersion
from messaging.rules.fields import FIELDS, MAX_BODY, MAX_SEGMENTS, missing_fields
from messaging.rules.segments import cost_of
from messaging.states import VersionState


@transaction.atomic
def create_template(*, code, name, kind, channel, purpose, by, now) -> Template:
    """A new template without a text; ``name`` is by language. Raises ``Refused`` when the code is taken."""
    try:
        with transaction.atomic():
            return Template.objects.create(code=code, name=name, kind=kind, channel=channel, purpose=purpose)
    except IntegrityError as error:
        raise Refused(
            _("The code “%(code)s” is already taken. Choose another one.") % {"code": code},
            code="code_taken",
            fields={"code": [_("already taken")]},
        ) from error


@transaction.atomic
def save_version(*, template, subjects, bodies, by, now) -> TemplateVersion:
    """Write the template's draft: the one there is, else a new version. Subjects and bodies are by language.

    Raises ``Refused`` without a text, for merge fields that do not exist, a missing link or way out, and an SMS of more than
    ten parts.
    """
    template = Template.objects.select_for_update().get(pk=template.pk)
    subjects = {code: text.strip() for code, text in subjects.items() if text.strip()}
    bodies = {code: text.strip() for code, text in bodies.items() if text.strip()}
    _check(template, subjects, bodies)
    draft = template.versions.filter(state=VersionState.DRAFT).order_by("-number").first()
    if draft is None:
        last = template.versions.aggregate(last=Max("number"))["last"] or 0
        draft = TemplateVersion(template=template, number=last + 1, created_at=now)
    draft.subjects, draft.bodies, draft.created_by = subjects, bodies, by
    draft.save()
    log_access(
        by,
        AccessLog.Action.CHANGE,
        "message_text",
        draft.pk,
        now=now,
        code=template.code,
        number=draft.number,
    )
    return draft


def _check(template, subjects, bodies):
    if not bodies:
        raise Refused(_("Write the text in at least one language."), code="no_text")
    texts = [*subjects.values(), *bodies.values()]
    if unknown := unknown_fields(texts, FIELDS):
        raise Refused(
            _("There is no merge field %(unknown)s. These exist: %(known)s.")
            % {"unknown": _braced(unknown), "known": _braced(FIELDS)},
            code="unknown_field",
        )
    missing = missing_fields(
        channel=template.channel, purpose=template.purpose, invites=template.invites, texts=bodies.values()
    )
    if missing:
        raise Refused(
            _("In every language the text must hold %(fields)s: the way to answer, or to receive no more.")
            % {"fields": _braced(missing)},
            code="missing_field",
        )
    if template.channel != "sms" and set(bodies) - set(subjects):
        raise Refused(_("A letter and an e-mail need a subject in every language."), code="no_subject")
    if any(len(text) > MAX_BODY for text in bodies.values()) or (
        template.channel == "sms" and any(cost_of(text).segments > MAX_SEGMENTS for text in bodies.values())
    ):
        raise Refused(
            _("The text is too long; an SMS has %(parts)s parts at most.") % {"parts": MAX_SEGMENTS},
            code="too_long",
        )


def _braced(names):
    return ", ".join(f"{{{name}}}" for name in names)


@transaction.atomic
def approve_version(*, version, by, now) -> TemplateVersion:
    """Approve a draft, not by its author; the version used so far is retired.

    Raises ``Refused`` for the author, ``Conflict`` when it is no draft any more.
    """
    template = Template.objects.select_for_update().get(pk=version.template_id)
    version = TemplateVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if version.state == VersionState.APPROVED:
        raise Conflict(_("This version is already approved."), code="already_approved")
    if by is not None and version.created_by_id == by.pk:
        raise Refused(_("A text is approved by a second person, not by its author."), code="second_person")
    for used in template.versions.filter(state=VersionState.APPROVED):
        advance(used, VersionState.RETIRED, by=by, at=now)
    return advance(version, VersionState.APPROVED, by=by, at=now, approved_by=by, approved_at=now)


def retire_version(*, version, by, now) -> TemplateVersion:
    """Take a text out of use; what is planned with it still goes out."""
    return advance(version, VersionState.RETIRED, by=by, at=now)
