"""Makers for the browser's tests: a floor as a shift finds it, with Chinese and English texts."""

import itertools
from datetime import timedelta

from django.utils import timezone

from callbacks.tests.make import make_task
from campaigns.models import Script, ScriptVersion
from complaints.models import ProblemPoint
from complaints.tests.make import Floor
from customers.models import Phone
from customers.tests.make import make_customer
from desk.tests.make import always_open
from surveys.models import Item, Question, Questionnaire, QuestionnaireVersion

_count = itertools.count(1)
SATISFIED = (
    ("5", "很满意", "Very satisfied"),
    ("4", "满意", "Satisfied"),
    ("3", "一般", "Neither"),
    ("2", "不满意", "Dissatisfied"),
    ("1", "很不满意", "Very dissatisfied"),
)
REASONS = (
    ("attitude", "服务态度", "Attitude of the staff"),
    ("speed", "办理速度", "Speed"),
    ("process", "手续繁琐", "Too much paperwork"),
)
OPENING = (
    "{salutation},您好!我是{client}的回访专员{agent}。您最近的理赔已经办结,想用一分半钟听听您的意见,现在方便吗?",
    "Hello {salutation}, this is {agent} calling for {client}. Your claim has just been settled. May I ask you a few "
    "questions? It takes a minute and a half.",
)
CLOSING = ("感谢{salutation}的宝贵意见,祝您生活愉快,再见!", "Thank you very much, {salutation}. Goodbye!")
APOLOGY = (
    "给您带来不便,我们深表歉意。您反映的问题我会立即转给责任部门,并再与您联系。",
    "We are sorry for the trouble. I am passing this on at once and we shall call you back.",
)
POINTS = (
    ("claim_slow", "理赔到账慢", "Payment too slow", "1"),
    ("attitude", "工作人员态度差", "Staff attitude", "2"),
    ("papers", "材料要求反复", "Papers asked for again and again", "3"),
)


def both(chinese, english):
    return {"zh-hans": chinese, "zh-hant": chinese, "en": english}


def far_from(now):
    """An hour of the day that is neither now nor soon, whenever the tests run."""
    rest = timezone.localtime(now) + timedelta(hours=8)
    return [f"{rest.hour:02}:00", f"{(rest.hour + 1) % 24:02}:00"]


def make_question(kind, chinese, english, options=(), **fields):
    offered = [{"value": value, "text": both(zh, en)} for value, zh, en in options]
    code = f"BQ{next(_count)}"
    return Question.objects.create(
        code=code, text=both(chinese, english), kind=kind, options=offered, **fields
    )


def make_questionnaire():
    """Six questions; the third asks why after a bad second answer, the text is optional."""
    scale = tuple(sorted(SATISFIED))
    questions = (
        make_question("yesno", "请问是您本人办理的这次理赔吗?", "Did you file this claim yourself?"),
        make_question(
            "scale5",
            "您对这次理赔服务总体满意吗?",
            "How satisfied are you with our claims service overall?",
            scale,
        ),
        make_question("multi", "您对哪些方面不满意?", "What were you not satisfied with?", REASONS),
        make_question("scale5", "您对理赔的时效满意吗?", "How satisfied are you with the speed?", scale),
        make_question(
            "scale5",
            "您对工作人员的态度满意吗?",
            "How satisfied are you with the attitude of our staff?",
            scale,
        ),
        make_question(
            "single",
            "您通过什么渠道报的案?",
            "How did you report the claim?",
            (("app", "手机应用", "App"), ("phone", "电话", "Phone"), ("desk", "柜面", "At the counter")),
        ),
        make_question(
            "scale5", "您对我们的解释说明满意吗?", "How satisfied are you with our explanations?", scale
        ),
    )
    questionnaire = Questionnaire.objects.create(name="理赔满意度", code=f"BF{next(_count)}")
    now = timezone.now()
    version = QuestionnaireVersion.objects.create(
        questionnaire=questionnaire, number=1, created_at=now, published_at=now
    )
    items = [
        Item.objects.create(version=version, position=place, question=question)
        for place, question in enumerate(questions, start=1)
    ]
    Item.objects.filter(pk=items[2].pk).update(depends_on=items[1], when_values=["1", "2", "3"])
    return version


def make_script(client, statements=()):
    script = Script.objects.create(name="理赔回访话术", code=f"BS{next(_count)}", client=client)
    return ScriptVersion.objects.create(
        script=script,
        number=1,
        opening=both(*OPENING),
        closing=both(*CLOSING),
        apology=both(*APOLOGY),
        statements=[{"code": "recording", "text": both(*texts)} for texts in statements],
        created_at=timezone.now(),
    )


class Shift(Floor):
    """A team in the middle of its shift: a satisfaction campaign with script, questionnaire and tasks that wait."""

    def __init__(self, tasks=1, statements=(), language="zh-hans"):
        super().__init__()
        always_open()
        self.agent.full_name, self.agent.language = "张小慧", language
        self.agent.save()
        self.client.name = "安心人寿"
        self.client.save()
        self.version = make_questionnaire()
        self.items = list(self.version.items.order_by("position"))
        self.campaign.name = "理赔满意度回访"
        self.campaign.questionnaire = self.version
        self.campaign.script = make_script(self.client, statements)
        self.campaign.save()
        ProblemPoint.objects.all().delete()
        points = [
            ProblemPoint.objects.create(
                name=both(chinese, english), code=code, department=self.department, key=key
            )
            for code, chinese, english, key in POINTS
        ]
        self.point = points[0]
        self.tasks = [self.another_task() for _task in range(tasks)]

    def another_task(self, **fields):
        number = next(_count)
        customer = make_customer(
            client=self.client,
            team=self.team,
            phones=[f"+86138{number:08}"],
            name=("王芳", "李建国", "陈晓东")[number % 3],
            gender="f",
            level="VIP",
            key_customer=number % 3 == 0,
            amount="36800.00",
            rest_hours=[far_from(timezone.now())],
            custom={"保单号": f"**{number:04}", "险种": "车险", "结案日期": "2026-03-02"},
        )
        Phone.objects.create(customer=customer, number=f"+8657186{number:06}", kind=Phone.Kind.LANDLINE)
        now = timezone.now()
        values = {"due_at": now - timedelta(minutes=1), "now": now, "deadline": now + timedelta(days=3)}
        return make_task(self.campaign, customer=customer, reason="理赔结案", **values | fields)
