"""The demo's scorecard, its daily plan, and a week of samples, half of them scored."""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings

from callbacks.demo_recordings import add_recordings
from callbacks.models import Call
from callcenter.workdays import local_day
from people.models import Unit, User
from qa.actions import draw_samples, open_review, publish_review
from qa.actions.review import Mark
from qa.models import Criterion, Review, SamplingPlan, Scorecard, ScorecardVersion
from qa.queries import criteria_of
from qa.states import ReviewState

DAYS = 7


def _t(hans, hant, en):
    return {"zh-hans": hans, "zh-hant": hant, "en": en}


SALE = _t("成交有效", "成交有效", "Valid sale")
PROCESS = _t("流程", "流程", "Process")
ATTITUDE = _t("态度", "態度", "Attitude")
CRITERIA = [
    (
        SALE,
        _t(
            "确认是本人或有权成年人且自愿",
            "確認是本人或有權成年人且自願",
            "Owner or entitled adult, verified and willing",
        ),
        0,
        True,
        "owner",
    ),
    (
        SALE,
        _t(
            "客户已理解内容与费用",
            "客戶已理解內容與費用",
            "Customer understood content and price",
        ),
        0,
        True,
        "understood",
    ),
    (
        SALE,
        _t(
            "使用审定话术并告知全部事项",
            "使用審定話術並告知全部事項",
            "Approved script with all statements",
        ),
        0,
        True,
        "script",
    ),
    (
        SALE,
        _t(
            "客户明确同意",
            "客戶明確同意",
            "Explicit consent",
        ),
        0,
        True,
        "consent",
    ),
    (
        PROCESS,
        _t(
            "开场白与身份核实完整",
            "開場白與身分核實完整",
            "Complete opening and identity check",
        ),
        20,
        False,
        "",
    ),
    (
        PROCESS,
        _t(
            "问卷按原文提问、记录准确",
            "問卷按原文提問、記錄準確",
            "Questions asked as written, answers recorded right",
        ),
        30,
        False,
        "",
    ),
    (
        ATTITUDE,
        _t(
            "使用敬语，不打断客户",
            "使用敬語，不打斷客戶",
            "Polite forms, no interruptions",
        ),
        30,
        False,
        "",
    ),
    (
        ATTITUDE,
        _t(
            "结束语完整，后挂机",
            "結束語完整，後掛機",
            "Complete closing, hangs up last",
        ),
        20,
        False,
        "",
    ),
]


def load(*, now, rng) -> str:
    """Make what is missing; returns one line about what there is."""
    card, _created = Scorecard.objects.get_or_create(code="CALL", defaults={"name": "外呼质检评分表"})
    version, created = ScorecardVersion.objects.get_or_create(
        scorecard=card, number=1, defaults={"created_at": now}
    )
    if created:
        Criterion.objects.bulk_create(
            Criterion(
                version=version,
                position=place,
                section=section,
                text=text,
                weight=weight,
                fatal=fatal,
                validity=validity,
            )
            for place, (section, text, weight, fatal, validity) in enumerate(CRITERIA, 1)
        )
    unit = Unit.objects.get(code="HZ")
    SamplingPlan.objects.get_or_create(name="本地质检 10%", defaults={"unit": unit, "scorecard": card})
    today = local_day(now, settings.TIME_ZONE)
    for back in range(DAYS, 0, -1):
        draw_samples(day=today - timedelta(days=back), now=now)
    _score_some(version, now, rng)
    add_recordings(_heard(), now=now)
    return f"{Review.objects.count()} reviews"


def _heard():
    """Calls with something to hear: the latest to be reviewed, the latest scored, and those with a note at a second."""
    latest = Review.objects.order_by("-id")
    chosen = [
        *latest.filter(items__second__isnull=False).distinct()[:2],
        *latest.filter(state=ReviewState.PUBLISHED)[:6],
        *latest.filter(state=ReviewState.DRAWN)[:16],
    ]
    return Call.objects.filter(pk__in=[review.call_id for review in chosen]).order_by("id")


def _score_some(version, now, rng):
    inspector = User.objects.get(username="qa1")
    if Review.objects.exclude(state=ReviewState.DRAWN).exists():
        return
    waiting = list(Review.objects.select_related("call", "agent", "team", "scorecard").order_by("id"))
    criteria = criteria_of(version)
    fatal_at = len(waiting) // 4
    for place, review in enumerate(waiting[: len(waiting) // 2]):
        open_review(review=review, by=inspector, now=now)
        marks = {row.pk: _mark(row, review, rng) for row in criteria}
        if place == fatal_at:
            marks[criteria[2].pk] = Mark(Decimal(0), "未告知资费与取消方式", 41)
        publish_review(review=review, marks=marks, comment="", by=inspector, now=now)


def _mark(criterion, review, rng):
    if criterion.validity:
        return Mark(Decimal(1) if review.call.disposition.sold else None)
    return Mark(rng.choice([Decimal(1)] * 8 + [Decimal("0.5")]))
