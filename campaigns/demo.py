"""The demo's two campaigns: satisfaction after claims, and telemarketing of a data plan; with scripts and targets."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from callcenter.workdays import local_day
from campaigns.actions import create_script, load_dispositions, save_script_version
from campaigns.models import Campaign, CampaignStep, Policy, Script, ScriptVersion, Target
from campaigns.models.scripts import NEW_POLICY
from campaigns.rules.outline import read
from campaigns.script_presets import PRESETS
from campaigns.states import CampaignState
from customers.models import Client
from people.models import Team, User
from people.queries import default_calendar
from surveys.demo import texts
from surveys.models import QuestionnaireVersion

CLIENTS = {"AXRS": "安心人寿", "XHDX": "星河电信"}
SCRIPTS = {
    "SAT": {
        "name": "理赔回访话术",
        "client": "AXRS",
        "kind": "satisfaction",
        "opening": (
            "{salutation},您好!我是{client}的回访专员{agent}。您最近的理赔已经办结,想用一分半钟听听您的意见,现在方便吗?",
            "{salutation},您好!我是{client}的回訪專員{agent}。您最近的理賠已經辦結,想用一分半鐘聽聽您的意見,現在方便嗎?",
            "Hello {salutation}, this is {agent} calling for {client}. Your claim has just been settled. "
            "May I ask you a few questions? It takes a minute and a half.",
        ),
        "closing": (
            "感谢{salutation}的宝贵意见,祝您生活愉快,再见!",
            "感謝{salutation}的寶貴意見,祝您生活愉快,再見!",
            "Thank you very much, {salutation}. Have a good day. Goodbye!",
        ),
        "apology": (
            "给您带来不便,我们深表歉意。您反映的问题我会立即转给责任部门,并再与您联系。谢谢{salutation},再见!",
            "給您帶來不便,我們深表歉意。您反映的問題我會立即轉給責任部門,並再與您聯繫。謝謝{salutation},再見!",
            "We are sorry for the trouble. I am passing this on at once and we shall call you back. "
            "Thank you, {salutation}. Goodbye!",
        ),
        "statements": [
            (
                "recording",
                "为保证服务质量,本次通话将被录音。",
                "為保證服務品質,本次通話將被錄音。",
                "To assure the quality of our service this call is recorded.",
            )
        ],
    },
    "TEL": {
        "name": "流量包推荐话术",
        "client": "XHDX",
        "opening": (
            "{salutation},您好!我是{client}的客户顾问{agent}。根据您的使用情况,为您推荐一款更划算的流量包,打扰您两分钟可以吗?",
            "{salutation},您好!我是{client}的客戶顧問{agent}。根據您的使用情況,為您推薦一款更划算的流量包,打擾您兩分鐘可以嗎?",
            "Hello {salutation}, this is {agent} of {client}. There is a data plan that suits you better. "
            "May I take two minutes of your time?",
        ),
        "closing": (
            "感谢{salutation}的接听,祝您生活愉快,再见!",
            "感謝{salutation}的接聽,祝您生活愉快,再見!",
            "Thank you for your time, {salutation}. Goodbye!",
        ),
        "apology": (
            "打扰您了,感谢您的坦诚,祝您生活愉快,再见!",
            "打擾您了,感謝您的坦誠,祝您生活愉快,再見!",
            "Thank you for being frank, and sorry to have disturbed you. Goodbye!",
        ),
        "statements": [
            (
                "price",
                "资费:每月 20 元,体验期结束且经您两次确认后生效。",
                "資費:每月 20 元,體驗期結束且經您兩次確認後生效。",
                "The price is 20 yuan a month, after the trial and only once you have confirmed it twice.",
            ),
            (
                "trial_end",
                "前 14 天免费体验,体验期结束前我们会再次与您确认。",
                "前 14 天免費體驗,體驗期結束前我們會再次與您確認。",
                "The first 14 days are free; before they end we call you again to confirm.",
            ),
            (
                "cancel",
                "取消方式:拨打 10000 或回复短信,随时生效。",
                "取消方式:撥打 10000 或回覆簡訊,隨時生效。",
                "To cancel, dial 10000 or answer our text message at any time.",
            ),
            (
                "functions",
                "功能:每月 10GB 全国流量。",
                "功能:每月 10GB 全國流量。",
                "It gives you 10 GB a month nationwide.",
            ),
        ],
    },
}
CAMPAIGNS = {
    "SAT": {
        "name": "理赔满意度回访",
        "client": "AXRS",
        "kind": Campaign.Kind.SATISFACTION,
        "purpose": "service",
        "questionnaire": "CLAIMS",
        "teams": ["T1", "T2"],
        "priority": 3,
        "targets": [
            ("completed_rate", "0.60", "0.50"),
            ("reachable_rate", "0.45", "0.35"),
            ("satisfied_share", "0.90", "0.80"),
            ("handle_time", "150", "180"),
        ],
    },
    "TEL": {
        "name": "流量包电话营销",
        "client": "XHDX",
        "kind": Campaign.Kind.TELEMARKETING,
        "purpose": "sales",
        "questionnaire": "MOBILE",
        "teams": ["T1", "T2"],
        "trial_days": 14,
        "daily_target": 20,
        "guide_seconds": 180,
        "targets": [
            ("completed_rate", "0.60", "0.50"),
            ("hit_rate", "0.10", "0.06"),
            ("handle_time", "240", "300"),
        ],
    },
}
POLICIES = [
    {"name": "理赔回访 100%", "preset": "claim", "event_kind": "claim_settled", "window": 14, "priority": 3},
    {
        "name": "重点客户三日内回访",
        "preset": "key_customers",
        "event_kind": "claim_settled",
        "key_customers_only": True,
        "window": 3,
        "priority": 1,
    },
    # Their windows have ended when the demo is looked at: one promise was kept, the other was not.
    {
        "name": "续保回访 50%",
        "preset": "renewal",
        "event_kind": "policy_renewed",
        "coverage_percent": 50,
        "window": 14,
        "priority": 4,
    },
    {"name": "出险关怀三日内", "preset": "accident", "event_kind": "accident", "window": 3, "priority": 2},
]


@transaction.atomic
def load(*, now, rng) -> str:
    """Make what is missing of the campaigns SAT and TEL, both running; returns one line about what there is."""
    load_dispositions()
    today = local_day(now, settings.TIME_ZONE)
    calendar = default_calendar()
    clients = {
        code: Client.objects.get_or_create(code=code, defaults={"name": name})[0]
        for code, name in CLIENTS.items()
    }
    author = User.objects.filter(username="manager1").first()
    approver = User.objects.filter(username="admin1").first()
    for code, facts in CAMPAIGNS.items():
        values = {name: value for name, value in facts.items() if name not in ("teams", "targets")}
        values |= {
            "client": clients[facts["client"]],
            "questionnaire": QuestionnaireVersion.objects.filter(questionnaire__code=facts["questionnaire"])
            .order_by("number", "id")
            .first(),
            "script": _script(code, clients, author, approver, now),
            "calendar": calendar,
            "state": CampaignState.RUNNING,
            "starts_on": today - timedelta(days=30),
            "created_by": author,
            "created_at": now,
            "approved_by": approver,
            "approved_at": now,
        }
        campaign, made = Campaign.objects.get_or_create(code=code, defaults=values)
        if made:
            _furnish(campaign, facts, today, now, author, approver, rng)
    _new_policy_draft(clients["AXRS"], author, now)
    return f"{Campaign.objects.count()} campaigns, {Policy.objects.count()} policies, {Script.objects.count()} scripts"


def _new_policy_draft(client, author, now):
    """A script that still waits for its approvals: the callback on new policies with its seven points."""
    if Script.objects.filter(code="NEWPOL").exists():
        return
    preset = PRESETS[NEW_POLICY]
    script = create_script(
        name=preset["name"]["zh-hans"], code="NEWPOL", client=client, kind=NEW_POLICY, by=author, now=now
    )
    names = ("opening", "closing", "apology")
    save_script_version(
        script=script,
        by=author,
        now=now,
        steps=read(preset["steps"]),
        **{name: preset[name] for name in names},
    )


def _furnish(campaign, facts, today, now, author, approver, rng):
    campaign.teams.set(Team.objects.filter(code__in=facts["teams"]))
    people = {"draft": author, "approved": approver, "running": author}
    for was, to in (("", "draft"), ("draft", "approved"), ("approved", "running")):
        CampaignStep.objects.create(case=campaign, from_state=was, to_state=to, at=now, by=people[to])
    since = today - timedelta(days=30)
    Target.objects.bulk_create(
        [
            Target(metric=metric, campaign=campaign, valid_from=since, value=value, amber=amber)
            for metric, value, amber in facts["targets"]
        ]
    )
    if campaign.code == "SAT":
        Policy.objects.bulk_create(
            [
                Policy(
                    campaign=campaign,
                    seed=f"{rng.getrandbits(64):016x}",
                    created_by=author,
                    created_at=now,
                    **values,
                )
                for values in POLICIES
            ]
        )


def _script(code, clients, author, approver, now):
    """The one approved version of the script; an existing one is left alone."""
    facts = SCRIPTS[code]
    script, made = Script.objects.get_or_create(
        code=code,
        defaults={
            "name": facts["name"],
            "client": clients[facts["client"]],
            "kind": facts.get("kind", ""),
        },
    )
    if made:
        checks = [
            {"kind": "check", "level": 0, "text": texts(words), "code": name, "wording": ""}
            for name, *words in facts["statements"]
        ]
        shipped = PRESETS.get(script.kind, {"steps": []})["steps"]
        ScriptVersion.objects.create(
            script=script,
            number=1,
            opening=texts(facts["opening"]),
            closing=texts(facts["closing"]),
            apology=texts(facts["apology"]),
            statements=[{"code": one["code"], "text": one["text"]} for one in checks],
            steps=[*checks, *(step for step in shipped if step["kind"] != "check")],
            created_by=author,
            created_at=now,
            approved_by=approver,
            approved_at=now,
            client_approved_by=approver,
            client_approved_at=now,
            client_evidence="邮件确认",
        )
    return script.versions.order_by("number", "id").first()
