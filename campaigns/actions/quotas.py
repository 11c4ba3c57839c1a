"""Quota plans: written and proposed by a team's lead, approved by a second person (CAM-3)."""

from django.db import transaction
from django.utils.translation import gettext as _

from callcenter.errors import Conflict, Refused
from callcenter.workflow import IllegalMove, advance, can_move
from campaigns.actions.campaigns import CLOSED, check_segment
from campaigns.models import QuotaLine, QuotaPlan, QuotaPlanStep
from campaigns.models.quotas import CONTACTED_WITHIN_DAYS
from campaigns.rules import seeds
from campaigns.states import QuotaState

MAX_LINES = 200


@transaction.atomic
def create_quota_plan(*, campaign, team, name, contact_days=CONTACTED_WITHIN_DAYS, by, now) -> QuotaPlan:
    """A new plan without lines; whoever is not called ``contact_days`` after the release comes up to the lead.

    Raises ``Conflict`` for a closed campaign, ``Refused`` for a team that does not work it."""
    if campaign.state in CLOSED:
        raise Conflict(
            _("This campaign is finished and no longer changes. Copy it to start a new one."), code="closed"
        )
    if not campaign.teams.filter(pk=team.pk).exists():
        raise Refused(
            _("The team does not work for this campaign. Choose one that does."),
            code="other_team",
            fields={"team": [_("does not work for this campaign")]},
        )
    plan = QuotaPlan.objects.create(
        campaign=campaign,
        team=team,
        name=name,
        contact_days=contact_days,
        seed=seeds.new_seed(),
        created_by=by,
        created_at=now,
    )
    QuotaPlanStep.objects.create(case=plan, from_state="", to_state=plan.state, at=now, by=by)
    return plan


def _draft(plan) -> QuotaPlan:
    locked = QuotaPlan.objects.select_for_update().get(pk=plan.pk)
    if locked.state != QuotaState.DRAFT:
        raise Conflict(
            _("This plan is proposed and no longer changes. Return it to draft to change it."),
            code="plan_not_draft",
        )
    return locked


@transaction.atomic
def add_quota_line(
    *, plan, wanted, region=None, customers="", nature="", level="", segment=None
) -> QuotaLine:
    """Add so many customers of a region, kind and segment to a draft.

    Raises ``Conflict`` unless it is a draft, ``Refused`` for a line too many or a segment of another client.
    """
    draft = _draft(plan)
    if draft.lines.count() >= MAX_LINES:
        raise Refused(_("A quota plan has at most %(n)s lines.") % {"n": MAX_LINES}, code="too_many_lines")
    check_segment(segment, draft.campaign)
    return QuotaLine.objects.create(
        plan=draft,
        wanted=wanted,
        region=region,
        customers=customers,
        nature=nature,
        level=level,
        segment=segment,
    )


@transaction.atomic
def remove_quota_line(*, line) -> None:
    """Take a line out of a draft. Raises ``Conflict`` unless it is a draft."""
    _draft(line.plan)
    line.delete()


@transaction.atomic
def propose_quota(*, plan, by, now, note="") -> QuotaPlan:
    """Hand a draft in for approval. Raises ``Refused`` without lines, and ``IllegalMove``."""
    if not can_move(plan, QuotaState.PROPOSED):
        raise IllegalMove(plan, QuotaState.PROPOSED)
    if not plan.lines.exists():
        raise Refused(_("A plan without quotas cannot be proposed. Add one first."), code="empty")
    return advance(plan, QuotaState.PROPOSED, by=by, at=now, note=note)


@transaction.atomic
def approve_quota(*, plan, by, now, note="") -> QuotaPlan:
    """Approve a proposed plan; a second person does it. Raises ``Refused`` (``second_person``) and ``IllegalMove``."""
    if not can_move(plan, QuotaState.APPROVED):
        raise IllegalMove(plan, QuotaState.APPROVED)
    proposer = (
        plan.steps.filter(to_state=QuotaState.PROPOSED)
        .order_by("-id")
        .values_list("by_id", flat=True)
        .first()
    )
    if by is not None and by.pk in (plan.created_by_id, proposer):
        raise Refused(
            _("A quota plan is approved by a second person, not by who wrote or proposed it."),
            code="second_person",
        )
    return advance(plan, QuotaState.APPROVED, by=by, at=now, note=note, approved_by=by, approved_at=now)


@transaction.atomic
def return_quota(*, plan, by, now, note="") -> QuotaPlan:
    """Give a proposed or approved plan back to be changed; it is approved anew. Raises ``IllegalMove``."""
    return advance(plan, QuotaState.DRAFT, by=by, at=now, note=note, approved_by=None, approved_at=None)


@transaction.atomic
def mark_quota_released(*, plan, counts, by, now) -> QuotaPlan:
    """Record that an approved plan became tasks; ``counts`` maps line ids to how many. Raises ``IllegalMove``."""
    for line_id, count in counts.items():
        QuotaLine.objects.filter(pk=line_id, plan=plan).update(released=count)
    return advance(plan, QuotaState.RELEASED, by=by, at=now, released_at=now)


@transaction.atomic
def mark_quota_reclaimed(*, plan, counts, by, now) -> QuotaPlan:
    """Record that the untouched rest of a released plan was taken back; ``counts`` maps line ids to how many."""
    for line_id, count in counts.items():
        QuotaLine.objects.filter(pk=line_id, plan=plan).update(reclaimed=count)
    return advance(plan, QuotaState.RECLAIMED, by=by, at=now, reclaimed_at=now)
