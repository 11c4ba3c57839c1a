"""The demo's problem points, issues in every state, one focus issue and complaints along the procedure."""

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from callbacks.actions import cancel_tasks
from callbacks.models import Task
from campaigns.models import Campaign
from complaints import actions
from complaints.demo_churn import warn_of_churn
from complaints.models import Complaint, FocusIssue, Issue, ProblemPoint
from customers.models import Customer
from people.models import Department, User

# code, category, department, key on the desk, names in Simplified Chinese, Traditional Chinese and English
POINTS = [
    ("PAYOUT_LATE", "process", "CLAIMS", "1", "赔款迟迟未到账", "賠款遲遲未到帳", "Payout late"),
    (
        "PAPERS_TWICE",
        "process",
        "CLAIMS",
        "2",
        "重复要求提交材料",
        "重複要求提交材料",
        "Documents asked for twice",
    ),
    (
        "AMOUNT_UNCLEAR",
        "price",
        "CLAIMS",
        "3",
        "赔付金额解释不清",
        "賠付金額解釋不清",
        "Payout amount not explained",
    ),
    (
        "APP_UPLOAD",
        "fault",
        "CLAIMS",
        "4",
        "手机应用无法上传照片",
        "手機應用無法上傳照片",
        "App cannot upload photographs",
    ),
    ("RUDE", "attitude", "SERVICE", "5", "服务人员态度生硬", "服務人員態度生硬", "Unfriendly staff"),
    (
        "NO_ANSWER",
        "attitude",
        "SERVICE",
        "6",
        "客服热线打不通",
        "客服熱線打不通",
        "Hotline cannot be reached",
    ),
    ("NET_SLOW", "fault", "NETWORK", "7", "网络速度慢", "網路速度慢", "Network slow"),
    (
        "PLAN_PRICE",
        "price",
        "NETWORK",
        "8",
        "套餐资费与介绍不符",
        "套餐資費與介紹不符",
        "Plan costs more than promised",
    ),
]
FOCUS_POINT = "APP_UPLOAD"


@transaction.atomic
def load(*, now, rng) -> str:
    """Make the problem points, and issues and complaints of the customers that are there; again: changes nothing.

    Needs the people, the campaign SAT and its customers; without them only the points are made.
    """
    points = {row[0]: _point(*row) for row in POINTS}
    campaign = Campaign.objects.filter(code="SAT").first()
    rows = (
        Customer.objects.filter(client__code="AXRS", team__isnull=False).select_related("team").order_by("id")
    )
    customers = list(rows[:40])
    if campaign is None or len(customers) < 24 or Issue.objects.exists():
        return f"{len(points)} problem points"
    rng.shuffle(customers)
    story = _Story(now, campaign, customers, points, {user.username: user for user in User.objects.all()})
    story.tell_issues()
    story.tell_complaints()
    warn_of_churn(now=now, people=story.people)
    return f"{len(points)} problem points, {Issue.objects.count()} issues, {Complaint.objects.count()} complaints"


def _point(code, category, department, key, hans, hant, english):
    values = {
        "name": {"zh-hans": hans, "zh-hant": hant, "en": english},
        "category": category,
        "department": Department.objects.filter(code=department).first(),
        "key": key,
    }
    return ProblemPoint.objects.get_or_create(code=code, defaults=values)[0]


class _Story:
    """What happened in the last days, told in order through the same actions as the pages use."""

    def __init__(self, now, campaign, customers, points, people):
        self.now, self.campaign, self.points, self.people = now, campaign, points, people
        self.customers = iter(customers)
        self.told = 0

    def issue(self, point, text, *, ago, urgency="urgent", major=True, **fields):
        customer, self.told = next(self.customers), self.told + 1
        agents = ("agent1", "agent2") if customer.team.code == "T1" else ("agent3", "agent4")
        return actions.raise_issue(
            customer=customer,
            campaign=self.campaign,
            call=None,
            team=customer.team,
            problem_point=self.points[point],
            urgency=urgency,
            major=major,
            description=text,
            by=self.people[agents[self.told % 2]],
            now=self.now - ago,
            client_uuid=uuid5(NAMESPACE_URL, f"demo:issue:{self.told}"),
            **fields,
        )

    def answer(self, issue, who, text, solved, *, ago):
        actions.answer_issue(issue=issue, by=self.people[who], text=text, solved=solved, now=self.now - ago)

    def call_again(self, issue, outcome, rating, *, ago, note):
        """The second contact was made; its task leaves the queue."""
        issue.refresh_from_db()
        task = issue.second_contacts.get(state="planned").task
        actions.close_second_contact(
            task=task, outcome=outcome, rating=rating, by=issue.raised_by, now=self.now - ago, note=note
        )
        cancel_tasks(Task.objects.filter(pk=task.pk), by=issue.raised_by, now=self.now - ago, note=note)

    def tell_issues(self):
        day, hour = timedelta(days=1), timedelta(hours=1)
        solved = self.issue("PAYOUT_LATE", "理赔已过十个工作日,赔款仍未到账。", ago=9 * day)
        self.answer(solved, "dept1", "财务退票,已重新打款。", True, ago=8 * day)
        unsolved = self.issue("AMOUNT_UNCLEAR", "赔付金额比预期少两千元,没有人解释。", ago=9 * day)
        self.answer(unsolved, "dept1", "按条款扣除免赔额,金额无误。", True, ago=8 * day)
        actions.open_second_contacts(now=self.now - 4 * day)
        self.call_again(solved, "solved", 5, ago=4 * day, note="客户已收到赔款,表示感谢")
        self.call_again(unsolved, "unsolved", 2, ago=5 * hour, note="客户不认可免赔额的解释")
        silent = self.issue("PAPERS_TWICE", "同样的发票交了三次,还要再交。", ago=40 * hour)
        actions.escalate_overdue(now=self.now - 16 * hour)
        actions.escalate_overdue(now=self.now - 4 * hour)
        self.issue("RUDE", "柜台人员让客户“自己看条款”,拒绝解释。", ago=30 * hour, urgency="important")
        actions.open_second_contacts(now=self.now)
        minor = self.issue(
            "NO_ANSWER",
            "热线连续三天打不通。",
            ago=26 * hour,
            urgency="routine",
            major=False,
            suggestion="希望增加在线客服",
        )
        actions.solve_issue(
            issue=minor, by=self.people["lead1"], now=self.now - 2 * hour, note="已增开线路,客户当场确认"
        )
        actions.reopen_issue(
            issue=minor, by=self.people["lead1"], now=self.now - hour, note="客户再次来电反映"
        )
        answered = self.issue(
            "PAYOUT_LATE", "赔款少到账一笔。", ago=5 * hour, urgency="important", major=False
        )
        self.answer(answered, "dept1", "正在与银行核对,明天答复。", False, ago=4 * hour)
        self.issue("PAYOUT_LATE", "客户急用钱做手术,赔款未到账,要求今天答复。", ago=20 * timedelta(minutes=1))
        self.issue(
            "AMOUNT_UNCLEAR",
            "同事在别家公司多赔了三成。",
            ago=2 * hour,
            urgency="important",
            competitor="另一家保险公司",
        )
        self.tell_focus(hour)
        return silent

    def tell_focus(self, hour):
        point = self.points[FOCUS_POINT]
        point.focus_threshold = 5
        point.save(update_fields=["focus_threshold"])
        for number in range(6):
            self.issue(
                FOCUS_POINT, "应用更新后上传照片总是失败。", ago=(10 - number) * hour, urgency="important"
            )
        focus = FocusIssue.objects.get(problem_point=point)
        actions.publish_notice(
            focus=focus,
            notice="应用更新后上传照片失败,技术部门正在修复。请先登记,或请客户通过邮件提交照片;不要承诺单独回电。",
            by=self.people["lead1"],
            now=self.now - 3 * hour,
        )

    def complaint(self, number, text, *, ago, **fields):
        customer = next(self.customers)
        return actions.register(
            customer=customer,
            campaign=self.campaign,
            team=customer.team,
            content=text,
            by=self.people["complaint1"],
            now=self.now - ago,
            client_uuid=uuid5(NAMESPACE_URL, f"demo:complaint:{number}"),
            **fields,
        )

    def tell_complaints(self):
        day = timedelta(days=1)
        claims = Department.objects.get(code="CLAIMS")
        self.complaint(
            1, "坐席通话中语气不耐烦,要求道歉。", ago=day / 4, concerned_agent=self.people["agent2"]
        )
        waiting = self.complaint(2, "被同一项目一天内拨打三次,影响休息。", ago=2 * day, term="request")
        self.move(waiting, "acknowledge", day * 1.9, note="短信告知客户已受理")
        in_hand = self.complaint(
            3, "理赔拖延超过三十天,已向媒体反映。", ago=6 * day, media=True, demand="三天内到账并书面说明"
        )
        self.to_investigation(in_hand, claims, 5 * day)
        proposed = self.complaint(4, "重复提交材料,往返四次,要求补偿交通费。", ago=7 * day)
        self.to_proposal(proposed, claims, 6 * day)
        done = self.complaint(5, "赔款金额计算错误,少付 860 元。", ago=12 * day)
        self.to_carried_out(done, claims, 11 * day)
        filed = self.complaint(6, "保单寄错地址,两周后才收到。", ago=20 * day, channel="letter")
        self.to_carried_out(filed, claims, 19 * day)
        self.move(filed, "call-back", 16 * day, satisfied=True, note="客户满意")
        self.move(filed, "archive", 16 * day)
        rejected = self.complaint(7, "客户称从未收到理赔通知。", ago=8 * day, channel="email")
        self.move(rejected, "acknowledge", 8 * day, note="电话告知")
        self.move(
            rejected, "judge", 7 * day, founded=False, reason="短信与邮件均有送达记录,系客户更换手机号。"
        )
        self.propose_for_the_list(day)

    def propose_for_the_list(self, day):
        """One judged serious: the entry waits for a second person."""
        serious = self.complaint(8, "多次来电辱骂并威胁坐席,要求赔偿精神损失。", ago=3 * day)
        self.move(serious, "acknowledge", 2.8 * day, note="电话告知客户已受理")
        reason = "录音证实客户威胁坐席,诉求不成立。"
        self.move(serious, "judge", 2.5 * day, founded=False, reason=reason, serious=True)

    def move(self, complaint, verb, ago, *, by="complaint1", **values):
        actions.COMPLAINT_VERBS[verb](complaint=complaint, by=self.people[by], now=self.now - ago, **values)

    def to_investigation(self, complaint, department, ago):
        self.move(complaint, "acknowledge", ago, note="电话告知客户已受理")
        self.move(
            complaint, "judge", ago, founded=True, reason="系统记录与客户所述一致。", department=department
        )
        self.move(complaint, "investigate", ago, promised_at=self.now - ago + timedelta(days=10))

    def to_proposal(self, complaint, department, ago):
        self.to_investigation(complaint, department, ago)
        remedies = [
            {"text": "书面致歉,补偿交通费", "cost": 200, "benefit": "客户接受度高", "risk": "形成先例"},
            {"text": "电话致歉,赠送体检一次", "cost": 380, "benefit": "维系客户", "risk": "成本较高"},
        ]
        finding = "受理人员未一次告知所需材料。"
        self.move(
            complaint,
            "propose",
            ago - timedelta(hours=5),
            remedies=remedies,
            finding=finding,
            cause="people",
            prevention="更新一次性告知清单并培训",
        )

    def to_carried_out(self, complaint, department, ago):
        self.to_proposal(complaint, department, ago)
        remedy = complaint.remedies.order_by("id").first()
        self.move(complaint, "approve", ago - timedelta(hours=9), by="complaint2", remedy=remedy)
        self.move(complaint, "carry-out", ago - timedelta(days=1), note="款项已付,致歉信已寄出")
