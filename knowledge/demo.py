"""The demo's knowledge base: what agents of its campaigns are asked, one article to be read, one to be reviewed."""

from datetime import timedelta

from django.conf import settings

from callcenter.workdays import local_day
from campaigns.models import Campaign
from knowledge.actions import move_article, report_outdated, save_article
from knowledge.models import Article
from knowledge.states import ArticleState
from people.models import User

# title, topic, campaign code or "", days until the review, must be read, text
ARTICLES = (
    (
        "客户问怎么退保",
        "保险",
        "SAT",
        120,
        False,
        "犹豫期内退保:退还全部保费,扣除不超过 10 元的工本费。\n犹豫期后退保:按现金价值退还,可能有损失,"
        "请客户先看保单的现金价值表。\n办理:本人带身份证和保单到网点,或在官方应用内申请。\n不要说:“退保没有损失。”",
    ),
    (
        "理赔款多久到账",
        "理赔",
        "SAT",
        90,
        False,
        "结案后 3 个工作日内到账。\n超过 3 个工作日:登记问题,问题点选“赔款慢”,"
        "告诉客户 24 小时内有人联系。\n不要承诺具体到账时间。",
    ),
    (
        "确认身份的问法",
        "核身",
        "",
        180,
        True,
        "先说:“请问是(称呼)本人吗?”客户答“是”之后再说明来意。\n不是本人:不透露保单、欠费等任何信息,约时间再打。\n"
        "客户要核实我们:请他拨打官方客服电话,不要在电话里念证件号码。",
    ),
    (
        "体验期结束前怎样取消",
        "增值业务",
        "TEL",
        60,
        False,
        "三种办法:回复短信“取消”;拨打客服热线转人工;到营业厅办理。\n体验期内取消不收费。体验期最后一天 24 点前有效。",
    ),
    (
        "流量包价格与有效期",
        "增值业务",
        "TEL",
        -3,
        False,
        "10GB:每月 19 元,当月有效,不结转。\n先体验 30 天,体验期不收费;两次确认之后才开始计费。",
    ),
    (
        "客户要求不再来电",
        "投诉与拒访",
        "",
        180,
        False,
        "立即答应,按 D 登记谢绝来电,不要挽留。\n客户情绪激动或要投诉:登记问题,紧急程度选“紧急”,告诉客户会有人回复。",
    ),
)


def load(*, now, rng) -> str:
    """Write and publish the articles; returns one line about what there is."""
    owner, agent = User.objects.get(username="trainer1"), User.objects.get(username="agent1")
    today = local_day(now, settings.TIME_ZONE)
    for title, topic, code, days, must_read, body in ARTICLES:
        article = save_article(
            article=None,
            seen=None,
            values={
                "title": title,
                "topic": topic,
                "body": body,
                "owner": owner,
                "review_by": today + timedelta(days=days),
                "must_read": must_read,
            },
            campaigns=Campaign.objects.filter(code=code),
            by=owner,
            now=now - timedelta(days=30),
        )
        move_article(article=article, to=ArticleState.PUBLISHED, by=owner, now=now - timedelta(days=30))
    doubted = Article.objects.get(title="流量包价格与有效期")
    report_outdated(article=doubted, text="客户说 10GB 现在是 15 元", by=agent, now=now - timedelta(days=1))
    return f"{len(ARTICLES)} articles"
