"""The demo's question bank and questionnaires: claims service (six questions) and a short sales talk, three languages."""

from django.db import transaction

from surveys.actions import freeze
from surveys.models import Item, Question, Questionnaire, QuestionnaireVersion

SATISFIED = [
    ("1", "很不满意", "很不滿意", "Very dissatisfied"),
    ("2", "不满意", "不滿意", "Dissatisfied"),
    ("3", "一般", "一般", "Neither"),
    ("4", "满意", "滿意", "Satisfied"),
    ("5", "很满意", "很滿意", "Very satisfied"),
]
REASONS = [
    ("attitude", "服务态度", "服務態度", "Attitude of the staff"),
    ("speed", "办理速度", "辦理速度", "Speed"),
    ("process", "手续繁琐", "手續繁瑣", "Too much paperwork"),
    ("result", "理赔结果", "理賠結果", "The outcome"),
    ("explain", "解释不清楚", "解釋不清楚", "Poor explanations"),
    ("other", "其他", "其他", "Something else"),
]
USES = [
    ("call", "打电话", "打電話", "Calls"),
    ("data", "上网", "上網", "Mobile data"),
    ("both", "都用得多", "都用得多", "Both"),
]
# code, kind, texts, options, direction, purpose
QUESTIONS = [
    (
        "CLM-ALL",
        "scale5",
        (
            "您对这次理赔服务总体满意吗?",
            "您對這次理賠服務整體滿意嗎?",
            "How satisfied are you with our claims service overall?",
        ),
        SATISFIED,
        "claims",
        "satisfaction",
    ),
    (
        "CLM-SPEED",
        "scale5",
        (
            "您对理赔的时效满意吗?",
            "您對理賠的時效滿意嗎?",
            "How satisfied are you with the speed of the claim?",
        ),
        SATISFIED,
        "speed",
        "satisfaction",
    ),
    (
        "CLM-ATT",
        "scale5",
        (
            "您对工作人员的态度满意吗?",
            "您對工作人員的態度滿意嗎?",
            "How satisfied are you with the attitude of our staff?",
        ),
        SATISFIED,
        "attitude",
        "satisfaction",
    ),
    (
        "CLM-WHY",
        "multi",
        ("您对哪些方面不满意?", "您對哪些方面不滿意?", "What were you not satisfied with?"),
        REASONS,
        "claims",
        "why",
    ),
    (
        "CLM-NPS",
        "scale10",
        (
            "从 0 到 10,您有多大可能把我们推荐给亲友?",
            "從 0 到 10,您有多大可能把我們推薦給親友?",
            "From 0 to 10, how likely are you to recommend us to friends?",
        ),
        [],
        "loyalty",
        "recommendation",
    ),
    (
        "CLM-TIP",
        "text",
        ("您对我们有什么建议?", "您對我們有什麼建議?", "What should we do better?"),
        [],
        "claims",
        "suggestion",
    ),
    (
        "CLM-SPEED-2",
        "scale5",
        (
            "从报案到赔款到账的时间,您觉得满意吗?",
            "從報案到賠款入帳的時間,您覺得滿意嗎?",
            "How satisfied are you with the time from report to payment?",
        ),
        SATISFIED,
        "speed",
        "satisfaction",
    ),
    (
        "CLM-ATT-2",
        "scale5",
        (
            "工作人员是否耐心听您说明情况?",
            "工作人員是否耐心聽您說明情況?",
            "How patiently did our staff listen to you?",
        ),
        SATISFIED,
        "attitude",
        "satisfaction",
    ),
    (
        "TEL-USE",
        "single",
        ("您平时手机主要用来做什么?", "您平時手機主要用來做什麼?", "What do you mostly use your phone for?"),
        USES,
        "mobile plan",
        "need",
    ),
    (
        "TEL-SALE",
        "yesno",
        (
            "您愿意开通这个流量包吗?",
            "您願意開通這個流量包嗎?",
            "Would you like to take this data plan?",
        ),
        [],
        "mobile plan",
        "sale",
    ),
    (
        "PC-SPEED",
        "scale5",
        (
            "您对我们响应的速度满意吗?",
            "您對我們回應的速度滿意嗎?",
            "How satisfied are you with how fast we responded?",
        ),
        SATISFIED,
        "speed",
        "satisfaction",
    ),
    (
        "PC-SOLVED",
        "scale5",
        ("您的问题解决得如何?", "您的問題解決得如何?", "How well was your matter resolved?"),
        SATISFIED,
        "resolution",
        "satisfaction",
    ),
    (
        "PC-ATT",
        "scale5",
        (
            "您对接待人员的态度满意吗?",
            "您對接待人員的態度滿意嗎?",
            "How satisfied are you with the attitude of our staff?",
        ),
        SATISFIED,
        "attitude",
        "satisfaction",
    ),
    (
        "PC-TEXT",
        "text",
        (
            "还有什么想告诉我们的?",
            "還有什麼想告訴我們的?",
            "Is there anything else you would like to tell us?",
        ),
        [],
        "suggestion",
        "suggestion",
    ),
    (
        "TEL-COMP",
        "text",
        (
            "您还了解其他运营商的哪些优惠?",
            "您還了解其他業者的哪些優惠?",
            "Which offers of other operators do you know?",
        ),
        [],
        "mobile plan",
        "competitor",
    ),
]
# code, name, items: (question, required, depends on, values)
QUESTIONNAIRES = [
    (
        "CLAIMS",
        "理赔服务满意度",
        [
            ("CLM-ALL", True, "", []),
            ("CLM-SPEED", True, "", []),
            ("CLM-ATT", True, "", []),
            ("CLM-WHY", True, "CLM-ALL", ["1", "2", "3"]),
            ("CLM-NPS", True, "", []),
            ("CLM-TIP", False, "", []),
        ],
    ),
    (
        "POSTCALL",
        "通话后满意度",
        [
            ("PC-SPEED", True, "", []),
            ("PC-SOLVED", True, "", []),
            ("PC-ATT", True, "", []),
            ("PC-TEXT", False, "", []),
        ],
    ),
    (
        "MOBILE",
        "流量包推荐",
        [("TEL-USE", True, "", []), ("TEL-SALE", True, "", []), ("TEL-COMP", False, "TEL-SALE", ["no"])],
    ),
]
LANGUAGES = ("zh-hans", "zh-hant", "en")


def texts(words):
    """Three texts by language."""
    return dict(zip(LANGUAGES, words, strict=True))


@transaction.atomic
def load(*, now, rng) -> str:
    """Make what is missing of the question bank and the questionnaires; returns one line about what there is."""
    for code, kind, words, options, direction, purpose in QUESTIONS:
        Question.objects.get_or_create(
            code=code,
            defaults={
                "kind": kind,
                "text": texts(words),
                "options": [{"value": value, "text": texts(rest)} for value, *rest in options],
                "direction": direction,
                "purpose": purpose,
            },
        )
    for code, name, items in QUESTIONNAIRES:
        questionnaire, made = Questionnaire.objects.get_or_create(code=code, defaults={"name": name})
        if made:
            _version(questionnaire, items, now)
    return f"{Question.objects.count()} questions, {Questionnaire.objects.count()} questionnaires"


def _version(questionnaire, items, now):
    version = QuestionnaireVersion.objects.create(
        questionnaire=questionnaire, number=1, created_at=now, published_at=now
    )
    made = {}
    for place, (code, required, depends_on, values) in enumerate(items, start=1):
        made[code] = Item.objects.create(
            version=version,
            position=place,
            question=Question.objects.get(code=code),
            required=required,
            depends_on=made.get(depends_on),
            when_values=values,
        )
    freeze(version=version, now=now)
