"""Scripts: writing versions and having them approved by a second person and by the client (CAM-5)."""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from callcenter.access import Role
from callcenter.errors import Conflict, Refused
from callcenter.models import AccessLog
from callcenter.notify import log_access
from campaigns.models import Script, ScriptVersion
from campaigns.queries.outlines import outline_of, problems_of
from campaigns.rules import merging, outline

TEXTS = ("opening", "closing", "apology", "legal_opening")


@transaction.atomic
def create_script(*, name, code, client, by, now, kind="") -> Script:
    """A new script without versions. Raises ``Refused`` when the code is taken."""
    try:
        with transaction.atomic():
            return Script.objects.create(name=name, code=code, client=client, kind=kind)
    except IntegrityError as error:
        raise Refused(
            _("The code “%(code)s” is already taken. Choose another one.") % {"code": code},
            code="code_taken",
            fields={"code": [_("already taken")]},
        ) from error


@transaction.atomic
def save_script_version(*, script, by, now, version=None, **fields) -> ScriptVersion:
    """Write a new version, or change one that nobody has approved.

    With ``steps`` (lines of ``rules.outline``) the mandatory statements are those of the outline. A draft may be unfinished;
    what is wrong with it keeps it from being approved.

    Raises ``Conflict`` when it is approved, ``Refused`` for an empty opening or closing and for merge fields that do not
    exist.
    """
    script = Script.objects.select_for_update().get(pk=script.pk)
    if version is None:
        last = script.versions.aggregate(last=Max("number"))["last"] or 0
        target = ScriptVersion(script=script, number=last + 1, created_at=now)
    else:
        target = ScriptVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        _must_be_draft(target)
    if "steps" in fields:
        lines = outline.clamp(fields["steps"])
        fields |= {"steps": outline.written(lines), "statements": _statements(lines)}
    for name, value in fields.items():
        setattr(target, name, value)
    target.created_by = by
    _check(target)
    target.save()
    log_access(
        by, AccessLog.Action.CHANGE, "script", target.pk, now=now, code=script.code, number=target.number
    )
    return target


def _statements(lines):
    """The mandatory statements of an outline, in its order."""
    return [{"code": line.code, "text": dict(line.text)} for line in lines if line.kind == outline.CHECK]


def _must_be_draft(version):
    if not version.is_draft:
        raise Conflict(
            _("This version is approved and stays as it is. Write a new version to change it."),
            code="version_approved",
        )


def _check(version):
    for name in ("opening", "closing"):
        if not any(getattr(version, name).values()):
            raise Refused(
                _("A script needs an opening and a closing in at least one language."),
                code="no_text",
                fields={name: [_("no text")]},
            )
    texts = [text for name in TEXTS for text in getattr(version, name).values()]
    texts += [text for statement in version.statements for text in statement["text"].values()]
    texts += [text for line in outline_of(version) for text in line.text.values()]
    if unknown := merging.unknown_fields(texts):
        raise Refused(
            _("There is no merge field %(unknown)s. These exist: %(known)s.")
            % {
                "unknown": ", ".join(f"{{{name}}}" for name in unknown),
                "known": ", ".join(f"{{{name}}}" for name in merging.FIELDS),
            },
            code="unknown_field",
        )


@transaction.atomic
def approve_script(*, version, by, now) -> ScriptVersion:
    """Approve a version for operations; not by its author, and not while something is wrong with its outline.

    Raises ``Refused`` and ``Conflict`` (already approved).
    """
    found = [one.text for one in problems_of(version) if one.blocks]
    if found and version.approved_at is None:
        raise Refused(
            _("The script is not finished: %(problems)s") % {"problems": " ".join(found[:3])},
            code="script_unfinished",
        )
    if by is not None and version.created_by_id == by.pk:
        raise Refused(_("A script is approved by a second person, not by its author."), code="second_person")
    moved = ScriptVersion.objects.filter(pk=version.pk, approved_at=None).update(
        approved_by=by, approved_at=now
    )
    if not moved:
        raise Conflict(_("This version is already approved."), code="already_approved")
    log_access(by, AccessLog.Action.CHANGE, "script", version.pk, now=now, approved="operations")
    version.refresh_from_db()
    return version


@transaction.atomic
def approve_script_for_client(*, version, by, now, evidence="") -> ScriptVersion:
    """Record that the client approved a version: by its observer, or by staff with ``evidence`` (letter, e-mail).

    Raises ``Refused`` without evidence or when the script belongs to no client, ``Conflict`` when already recorded.
    """
    client_id = version.script.client_id
    if client_id is None:
        raise Refused(_("This script belongs to no client; it needs no client's approval."), code="no_client")
    scope = by.scope()
    own = any(grant.role == Role.CLIENT and grant.client_id == client_id for grant in scope.grants)
    if not own and not evidence.strip():
        raise Refused(
            _("Say how the client approved: the date of the letter or e-mail and who signed it."),
            code="no_evidence",
            fields={"evidence": [_("missing")]},
        )
    moved = ScriptVersion.objects.filter(pk=version.pk, client_approved_at=None).update(
        client_approved_by=by, client_approved_at=now, client_evidence=evidence.strip()[:300]
    )
    if not moved:
        raise Conflict(_("The client has already approved this version."), code="already_approved")
    log_access(by, AccessLog.Action.CHANGE, "script", version.pk, now=now, approved="client")
    version.refresh_from_db()
    return version
