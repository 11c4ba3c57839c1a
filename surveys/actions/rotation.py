"""Proposing to replace worn-out questions, and what the meeting decided (CAM-8)."""

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from callcenter.access import Role
from callcenter.errors import Refused
from callcenter.notify import gettext_noop, notify
from callcenter.workflow import IllegalMove, advance, can_move
from people.models import User
from surveys.actions.versions import draft_version, replace_question
from surveys.models import Questionnaire, RotationProposal
from surveys.queries import candidates, form_of, newest_version, question_scores
from surveys.rules import rotation
from surveys.states import ProposalState


@transaction.atomic
def propose_rotation(*, questionnaire, until: date, now) -> list[RotationProposal]:
    """Propose replacements for the worn-out questions of the newest version, judged by the days up to ``until``.

    A question with an open proposal gets no second one, nor one that a meeting decided on within the period looked at.
    """
    questionnaire = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    version = newest_version(questionnaire)
    if version is None:
        return []
    threshold = rotation.Threshold(
        questionnaire.rotate_days,
        questionnaire.rotate_answers,
        float(questionnaire.rotate_mean),
        float(questionnaire.rotate_low),
    )
    since, until = rotation.period(until, threshold.days)
    sums = question_scores(questionnaire, since=since, until=until)
    bank, items = candidates(), form_of(version)
    asked = {item.question_id for item in items}
    settled = set(_settled(questionnaire, since))
    made = []
    for item in items:
        found = rotation.worn_out(*sums.get(item.question_id, (0, 0.0, 0.0)), threshold)
        if found is None or item.question_id in settled:
            continue
        direction = next((one.direction for one in bank if one.id == item.question_id), "")
        made.append(
            RotationProposal(
                questionnaire=questionnaire,
                question_id=item.question_id,
                replacement_id=rotation.replacement(item.kind, direction, bank, asked),
                since=since,
                until=until,
                n=sums[item.question_id][0],
                mean=round(found.value, 4),
                low=round(found.low, 4),
                created_at=now,
            )
        )
    return RotationProposal.objects.bulk_create(made)


def _settled(questionnaire, since):
    """Questions with an open proposal, or one decided on or after ``since``."""
    proposals = questionnaire.proposals.exclude(state=ProposalState.ACCEPTED)
    rows = proposals.values_list("question_id", "state", "decided_at").order_by("id")
    return [
        question_id
        for question_id, state, decided_at in rows
        if state == ProposalState.OPEN or decided_at.date() >= since
    ]


@transaction.atomic
def accept_rotation(*, proposal, replacement, minutes, by, now) -> RotationProposal:
    """The meeting replaces the question: by ``replacement``, in the open draft or in a new one.

    Running campaigns keep their version until another is chosen there. Raises ``Refused`` without a replacement or when
    the draft no longer asks the question, and ``IllegalMove`` when it is decided already.
    """
    if not can_move(proposal, ProposalState.ACCEPTED):
        raise IllegalMove(proposal, ProposalState.ACCEPTED)
    if replacement is None:
        raise Refused(
            _(
                "Choose the question that takes its place, or write one of the same kind in the question bank first."
            ),
            code="no_replacement",
            fields={"replacement": [_("missing")]},
        )
    drafts = proposal.questionnaire.versions.filter(published_at=None, frozen_at=None)
    draft = drafts.order_by("-number", "-id").first() or draft_version(
        questionnaire=proposal.questionnaire,
        source=newest_version(proposal.questionnaire),
        by=by,
        now=now,
        note=_("rotation"),
    )
    replace_question(version=draft, question=proposal.question, replacement=replacement)
    return advance(
        proposal,
        ProposalState.ACCEPTED,
        by=by,
        at=now,
        note=minutes,
        replacement=replacement,
        minutes=minutes[:500],
        decided_at=now,
        decided_by=by,
        new_version=draft,
    )


@transaction.atomic
def keep_question(*, proposal, minutes, by, now) -> RotationProposal:
    """The meeting keeps the question; it is proposed again only when it stays excellent for another period."""
    return advance(
        proposal,
        ProposalState.KEPT,
        by=by,
        at=now,
        note=minutes,
        minutes=minutes[:500],
        decided_at=now,
        decided_by=by,
    )


def propose_everywhere(*, until: date, now) -> int:
    """Look at every questionnaire, tell those who decide about new proposals; returns how many were made."""
    made = []
    for questionnaire in Questionnaire.objects.order_by("id"):
        made += propose_rotation(questionnaire=questionnaire, until=until, now=now)
    deciders = list(User.objects.holding(Role.MANAGER, Role.TRAINER).order_by("id")) if made else []
    for proposal in made:
        notify(
            deciders,
            gettext_noop("A question of “%(name)s” has stayed excellent: a replacement is proposed."),
            key=f"rotation:{proposal.pk}",
            now=now,
            url=reverse("surveys:rotation", args=[proposal.questionnaire_id]),
            name=proposal.questionnaire.name,
        )
    return len(made)
