"""Making and changing campaigns (CAM-1)."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from callcenter.errors import Conflict, Refused
from callcenter.models import AccessLog
from callcenter.notify import log_access
from campaigns.models import AttemptRule, Campaign, CampaignStep, Policy, RequiredSkill, Target, Variant
from campaigns.rules import seeds
from campaigns.states import CampaignState

# What may still change once a campaign is approved: how it is worked, not for whom or why.
OPERATIONAL = (
    "ends_on",
    "questionnaire",
    "script",
    "priority",
    "max_attempts",
    "max_per_number",
    "other_part",
    "reset_when_reached",
    "calls_from",
    "calls_until",
    "wrap_up_mode",
    "wrap_up_seconds",
    "daily_target",
    "guide_seconds",
    "identity_check",
)
CLOSED = (CampaignState.FINISHED, CampaignState.ARCHIVED)


@transaction.atomic
def create_campaign(*, by, now, teams, **fields) -> Campaign:
    """A new campaign, a draft of ``by``. ``teams`` work it. Raises ``Refused``: code taken, dates the wrong way."""
    campaign = Campaign(state=CampaignState.DRAFT, created_by=by, changed_by=by, created_at=now, **fields)
    _check(campaign, teams)
    _store(campaign)
    campaign.teams.set(teams)
    CampaignStep.objects.create(case=campaign, from_state="", to_state=CampaignState.DRAFT, at=now, by=by)
    return campaign


@transaction.atomic
def edit_campaign(*, campaign, by, now, teams=None, **fields) -> Campaign:
    """Change a campaign: everything of a draft, how it is worked of an approved, running or paused one.

    Whoever changes a draft can no longer approve it. Raises ``Conflict`` when it is finished or archived, ``Refused``
    for columns that are fixed since the approval, an unpublished questionnaire or an unapproved script.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if campaign.state in CLOSED:
        raise Conflict(
            _("This campaign is finished and no longer changes. Copy it to start a new one."), code="closed"
        )
    changed = {name: value for name, value in fields.items() if getattr(campaign, name) != value}
    if campaign.state != CampaignState.DRAFT:
        fixed = sorted(set(changed) - set(OPERATIONAL))
        if fixed:
            raise Refused(
                _("Since the approval this is fixed: %(fields)s. Return the campaign to draft to change it.")
                % {"fields": ", ".join(str(Campaign._meta.get_field(name).verbose_name) for name in fixed)},
                code="fixed_since_approval",
                fields={name: [_("fixed since the approval")] for name in fixed},
            )
        check_texts_are_usable(changed.get("questionnaire"), changed.get("script"))
    for name, value in changed.items():
        setattr(campaign, name, value)
    _check(campaign, campaign.teams.all() if teams is None else teams)
    campaign.changed_by = by
    _store(campaign)
    if teams is not None:
        campaign.teams.set(teams)
    log_access(by, AccessLog.Action.CHANGE, "campaign", campaign.pk, now=now, columns=sorted(changed))
    return campaign


def check_texts_are_usable(questionnaire, script) -> None:
    """Raise ``Refused`` for a questionnaire version that is a draft, or a script version without its approvals."""
    if questionnaire is not None and not (questionnaire.published_at or questionnaire.frozen_at):
        raise Refused(
            _("The questionnaire version %(version)s is a draft. Publish it first.")
            % {"version": questionnaire},
            code="questionnaire_draft",
            fields={"questionnaire": [_("not published yet")]},
        )
    if script is not None and not script.is_usable:
        raise Refused(
            _("The script version %(version)s is not approved yet. Have it approved first.")
            % {"version": script},
            code="script_not_approved",
            fields={"script": [_("not approved yet")]},
        )


def _check(campaign, teams):
    if not teams:
        raise Refused(
            _("A campaign needs at least one team."),
            code="no_team",
            fields={"teams": [_("Choose at least one team.")]},
        )
    if campaign.ends_on and campaign.ends_on < campaign.starts_on:
        raise Refused(
            _("The campaign ends before it starts. Correct the dates."),
            code="dates",
            fields={"ends_on": [_("before the start")]},
        )
    hours = (campaign.calls_from, campaign.calls_until)
    if hours != (None, None) and (None in hours or hours[0] >= hours[1]):
        raise Refused(
            _("The calling hours need a start and a later end, or neither."),
            code="hours",
            fields={"calls_until": [_("not later than the start")]},
        )


def _store(campaign):
    try:
        with transaction.atomic():
            campaign.save()
    except IntegrityError as error:
        raise Refused(
            _("The code “%(code)s” is already taken. Choose another one.") % {"code": campaign.code},
            code="code_taken",
            fields={"code": [_("already taken")]},
        ) from error


@transaction.atomic
def copy_campaign(*, campaign, code, name, by, now) -> Campaign:
    """A draft with the same settings, teams, rules, skills, policies (new seeds), variants, targets; nothing of its work."""
    columns = {
        field.name: getattr(campaign, field.name)
        for field in Campaign._meta.concrete_fields
        if field.name
        not in {"id", "state", "wave", "created_by", "created_at", "changed_by", "approved_by", "approved_at"}
    }
    copy = create_campaign(
        by=by, now=now, teams=list(campaign.teams.all()), **(columns | {"code": code, "name": name})
    )
    for policy in campaign.policies.order_by("id"):
        policy.pk, policy.campaign, policy.seed = None, copy, seeds.new_seed()
        policy.applied_through, policy.created_by, policy.created_at = None, by, now
        policy.save(force_insert=True)
    for model in (Variant, Target, AttemptRule, RequiredSkill):
        rows = list(model.objects.filter(campaign=campaign).order_by("id"))
        for row in rows:
            row.pk, row.campaign = None, copy
        model.objects.bulk_create(rows)
    return copy


@transaction.atomic
def save_policy(*, campaign, by, now, policy=None, **fields) -> Policy:
    """Add a callback policy to a campaign, or change one; a new one gets its own sampling seed (CAM-2).

    Raises ``Conflict`` when the campaign is closed; ``Refused`` when it has no trigger or two, a window that ends before
    it starts, both kinds of customers excluded, or a segment of another client.
    """
    if campaign.state in CLOSED:
        raise Conflict(
            _("This campaign is finished and no longer changes. Copy it to start a new one."), code="closed"
        )
    target = policy or Policy(campaign=campaign, seed=seeds.new_seed(), created_by=by, created_at=now)
    for name, value in fields.items():
        setattr(target, name, value)
    _check_policy(target)
    target.save()
    log_access(by, AccessLog.Action.CHANGE, "policy", target.pk, now=now, campaign=campaign.code)
    return target


def _check_policy(policy):
    if bool(policy.event_kind) == bool(policy.every_months):
        raise Refused(
            _(
                "A policy waits for one kind of event, or comes back every so many months: fill in one of the two."
            ),
            code="trigger",
            fields={"event_kind": [_("fill in this or the months")]},
        )
    if policy.key_customers_only and policy.ordinary_only:
        raise Refused(
            _("Key customers only and without key customers exclude each other. Choose one."),
            code="customers",
        )
    check_segment(policy.segment, policy.campaign)
    if policy.window_unit == Policy.WindowUnit.DAYS and policy.start_delay_days > policy.window:
        raise Refused(
            _(
                "The window ends %(window)s days after the event but starts only after %(delay)s. Make it longer."
            )
            % {"window": policy.window, "delay": policy.start_delay_days},
            code="window",
            fields={"window": [_("ends before it starts")]},
        )


def check_segment(segment, campaign) -> None:
    """Raise ``Refused`` for a segment of another client's customers: it would mean nobody."""
    if segment is not None and segment.client_id not in (None, campaign.client_id):
        raise Refused(
            _("The segment is for the customers of another client. Choose one for this campaign's client."),
            code="segment_client",
            fields={"segment": [_("another client's")]},
        )


@transaction.atomic
def remove_policy(*, policy, by, now) -> None:
    """Delete a policy that has never been applied; one that has been is only switched off, for its tasks refer to it."""
    if policy.applied_through is None:
        policy.delete()
    else:
        policy.active = False
        policy.save(update_fields=["active"])
    log_access(by, AccessLog.Action.CHANGE, "policy", policy.pk, now=now, removed=True)


@transaction.atomic
def set_variants(*, campaign, weights, by, now) -> None:
    """Replace the questionnaires asked side by side: ``weights`` maps versions to whole weights above 0 (CAM-7).

    Raises ``Refused`` for a draft version; an empty mapping returns to the campaign's one questionnaire.
    """
    for version in weights:
        check_texts_are_usable(version, None)
    campaign.variants.all().delete()
    Variant.objects.bulk_create(
        [Variant(campaign=campaign, version=version, weight=weight) for version, weight in weights.items()]
    )
    log_access(by, AccessLog.Action.CHANGE, "campaign", campaign.pk, now=now, columns=["variants"])


@transaction.atomic
def save_target(*, campaign, by, now, target=None, **fields) -> Target:
    """Set what a metric should be in a campaign, for a team or an agent or all, from a day on (KPI-1)."""
    row = target or Target(campaign=campaign)
    for name, value in fields.items():
        setattr(row, name, value)
    if row.valid_to and row.valid_to < row.valid_from:
        raise Refused(_("The target ends before it starts. Correct the dates."), code="dates")
    row.save()
    log_access(by, AccessLog.Action.CHANGE, "target", row.pk, now=now, metric=row.metric)
    return row


@transaction.atomic
def remove_target(*, target, by, now) -> None:
    """Take a target away."""
    log_access(by, AccessLog.Action.CHANGE, "target", target.pk, now=now, metric=target.metric, removed=True)
    target.delete()
