"""What a person can do, and on which days a person does not work (CAM-4, ORG-7)."""

from django.db import transaction

from callcenter.models import AccessLog
from callcenter.notify import log_access
from people.models import Absence, AgentSkill, Skill


def mark_absent(*, person, day, by, now) -> Absence:
    """Say that a person does not work on a local day; saying it again changes nothing (CAM-4)."""
    absence, _made = Absence.objects.get_or_create(user=person, day=day, defaults={"by": by, "at": now})
    return absence


def mark_present(*, person, day) -> None:
    """The person works on that day after all."""
    Absence.objects.filter(user=person, day=day).delete()


@transaction.atomic
def set_levels(*, changes, by, now) -> int:
    """Store (person, skill, level 1 to 5, or None for not rated) of each change; returns how many (ORG-7)."""
    for person, skill, level in changes:
        if level is None:
            AgentSkill.objects.filter(skill=skill, user=person).delete()
        else:
            AgentSkill.objects.update_or_create(skill=skill, user=person, defaults={"level": level})
        facts = {"person": person.pk, "level": level, "code": skill.code}
        log_access(by, AccessLog.Action.CHANGE, "skill", skill.pk, now=now, **facts)
    return len(changes)


@transaction.atomic
def add_skill(*, kind, code, name, by, now) -> Skill:
    """A skill that can be rated from now on (ORG-7)."""
    skill = Skill.objects.create(kind=kind, code=code, name=name)
    log_access(by, AccessLog.Action.CHANGE, "skill", skill.pk, now=now, code=code)
    return skill
