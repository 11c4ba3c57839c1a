"""The shipped dispositions (小结) and policy presets: data that set-up loads and administrators change (CB-4, CAM-2).

The flags are those of domain.md section 3; keys are the digits of ux.md section 5.1. Names in three languages.
"""

from datetime import time

# code, names (zh-hans, zh-hant, en), flags as one word each, further columns.
_ROWS = (
    (
        "NA",
        ("无人接听", "無人接聽", "No answer"),
        "attempt",
        {"ring_key": "1", "retry": "other_part", "retry_seconds": 7_200},
    ),
    ("BUSY", ("忙线", "忙線", "Busy"), "attempt", {"ring_key": "2", "retry": "delay", "retry_seconds": 900}),
    ("OFF", ("关机", "關機", "Switched off"), "attempt", {"ring_key": "3", "retry": "half_day"}),
    (
        "NOSIG",
        ("无法接通", "無法接通", "Not reachable"),
        "attempt",
        {"ring_key": "4", "retry": "delay", "retry_seconds": 7_200},
    ),
    (
        "SUSP",
        ("停机", "停機", "Service suspended"),
        "attempt useless closes",
        {"ring_key": "5", "phone_state": "suspended"},
    ),
    (
        "EMPTY",
        ("空号", "空號", "Vacant number"),
        "attempt useless closes",
        {"ring_key": "6", "phone_state": "empty"},
    ),
    (
        "WRONG",
        ("错号/查无此人", "錯號/查無此人", "Wrong number or unknown person"),
        "attempt connected useless closes",
        {"ring_key": "7", "phone_state": "wrong"},
    ),
    (
        "DROP",
        ("接通即挂", "接通即掛", "Hung up at once"),
        "attempt connected",
        {"ring_key": "8", "retry": "delay", "retry_seconds": 14_400},
    ),
    (
        "VM",
        ("语音信箱/助理", "語音信箱/助理", "Voicemail or assistant"),
        "attempt connected",
        {"ring_key": "9", "retry": "half_day"},
    ),
    ("FWD", ("呼转", "呼轉", "Forwarded"), "attempt", {"retry": "delay", "retry_seconds": 7_200}),
    ("ROAM", ("国际漫游", "國際漫遊", "International roaming"), "attempt useless closes", {}),
    (
        "DONE",
        ("成功完成", "成功完成", "Completed"),
        "attempt connected reached completed closes",
        {"wrap_key": "1"},
    ),
    (
        "DONE_ISSUE",
        ("完成,有问题", "完成,有問題", "Completed, with an issue"),
        "attempt connected reached completed closes",
        {"wrap_key": "2"},
    ),
    (
        "SALE",
        ("成交", "成交", "Sale"),
        "attempt connected reached completed sold closes",
        {"wrap_key": "3", "kinds": ["telemarketing", "retention"]},
    ),
    (
        "NOSALE",
        ("未成交", "未成交", "No sale"),
        "attempt connected reached completed closes",
        {"wrap_key": "4", "kinds": ["telemarketing", "retention"]},
    ),
    ("REFUSE", ("拒访", "拒訪", "Refused"), "attempt connected reached refused closes", {"wrap_key": "5"}),
    (
        "BREAKOFF",
        ("中途拒答", "中途拒答", "Broke off midway"),
        "attempt connected reached refused closes offers_channel",
        {"wrap_key": "6"},
    ),
    (
        "APPT",
        ("预约再呼", "預約再呼", "Appointment"),
        "attempt connected appointment",
        {"wrap_key": "7", "retry": "agreed"},
    ),
    (
        "GATE",
        ("非本人接听", "非本人接聽", "Somebody else answered"),
        "attempt connected",
        {"wrap_key": "8", "retry": "agreed", "retry_seconds": 7_200},
    ),
    (
        "DNC",
        ("要求不再致电", "要求不再致電", "Asks not to be called again"),
        "attempt connected reached refused do_not_call closes",
        {"wrap_key": "9"},
    ),
    (
        "PROBLEM",
        ("问题件(未全部肯定)", "問題件(未全部肯定)", "Problem case (not fully affirmed)"),
        "attempt connected reached completed closes",
        {},
    ),
    (
        "LANG",
        ("语言/听力障碍", "語言/聽力障礙", "Language or hearing barrier"),
        "attempt connected reached offers_channel",
        {"retry": "delay", "retry_seconds": 14_400},
    ),
    ("NOTTGT", ("非目标客户", "非目標客戶", "Not a target customer"), "attempt connected useless closes", {}),
    ("CLOSED", ("公司倒闭", "公司倒閉", "Company closed"), "attempt useless closes", {}),
    (
        "DECEASED",
        ("客户已故", "客戶已故", "Customer deceased"),
        "attempt connected useless do_not_call closes",
        {},
    ),
    ("INCOMPL", ("资料不完整", "資料不完整", "Incomplete data"), "useless closes", {}),
    ("EXH", ("超过最大次数", "超過最大次數", "Attempts used up"), "closes offers_channel system", {}),
    ("CANCEL", ("取消", "取消", "Cancelled"), "closes system", {}),
    (
        "ORPHAN",
        ("未小结(异常退出)", "未小結(異常退出)", "Not coded (unexpected exit)"),
        "attempt system",
        {"retry": "delay", "retry_seconds": 3_600},
    ),
)
_FLAGS = (
    "attempt",
    "connected",
    "reached",
    "completed",
    "sold",
    "refused",
    "useless",
    "closes",
    "do_not_call",
    "appointment",
    "offers_channel",
    "system",
)


def _t(hans, hant, en):
    """One text in the three languages, as data is kept (``callcenter.texts``)."""
    return {"zh-hans": hans, "zh-hant": hant, "en": en}


def _row(place, code, names, flags, further):
    chosen = set(flags.split())
    return {
        "code": code,
        "name": _t(*names),
        "position": place * 10,
        **{flag: flag in chosen for flag in _FLAGS},
        **further,
    }


DISPOSITIONS = tuple(_row(place, *row) for place, row in enumerate(_ROWS, start=1))
"""Every shipped disposition as the columns of ``campaigns.Disposition``."""


def load_dispositions(model) -> int:
    """Add the shipped dispositions that ``model``'s table lacks; rows that exist, and what was changed in them, stay.

    Takes the model so that a migration can pass its historical one. Returns how many were added.
    """
    known = set(model.objects.values_list("code", flat=True))
    columns = {field.name for field in model._meta.concrete_fields}
    missing = [
        model(**{name: value for name, value in row.items() if name in columns})
        for row in DISPOSITIONS
        if row["code"] not in known
    ]
    model.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


PRESETS = {
    "new_policy": {
        "name": _t("新契约感谢与问卷", "新契約感謝與問卷", "New policy: thanks and questionnaire"),
        "event_kind": "policy_bought",
        "channel": "email",
        "fallback_channel": "phone",
        "fallback_days": 3,
        "window": 14,
        "priority": 3,
    },
    "renewal": {"name": _t("续保回访", "續保回訪", "Renewal"), "event_kind": "policy_renewed", "window": 14},
    "accident": {
        "name": _t("出险关怀", "出險關懷", "Accident care"),
        "event_kind": "accident",
        "window": 3,
        "priority": 2,
    },
    "repair": {
        "name": _t("维修回访", "維修回訪", "Repair: at least half within two weeks"),
        "event_kind": "repair",
        "coverage_percent": "50",
        "window": 14,
    },
    "claim": {
        "name": _t("理赔回访", "理賠回訪", "Claim"),
        "event_kind": "claim_settled",
        "window": 14,
        "priority": 3,
    },
    "issue": {
        "name": _t("问题回访", "問題回訪", "Issue callback: next working day"),
        "event_kind": "issue_reported",
        "start_delay_days": 1,
        "window": 1,
        "window_unit": "working_days",
        "priority": 2,
    },
    "purchase": {
        "name": _t("新购回访", "新購回訪", "New purchase: at least a tenth within a month"),
        "event_kind": "purchase",
        "coverage_percent": "10",
        "window": 1,
        "window_unit": "months",
    },
    "key_customers": {
        "name": _t("重点客户回访", "重點客戶回訪", "Key customers: all within three days"),
        "event_kind": "claim_settled",
        "key_customers_only": True,
        "window": 3,
        "priority": 1,
    },
    "visit": {
        "name": _t(
            "到诊未消费次日早晨回访", "到診未消費次日早晨回訪", "Visit without purchase: next morning"
        ),
        "event_kind": "visit_without_purchase",
        "start_delay_days": 1,
        "window": 1,
        "due_time": time(12),
        "priority": 2,
    },
    "quarterly": {
        "name": _t("普通客户每季短信", "普通客戶每季簡訊", "Ordinary customers: SMS once a quarter"),
        "every_months": 3,
        "ordinary_only": True,
        "channel": "sms",
        "window": 3,
        "window_unit": "months",
        "priority": 9,
    },
    "repair_sms": {
        "name": _t(
            "三天前维修短信回访", "三天前維修簡訊回訪", "Repairs of three days ago: half by SMS each morning"
        ),
        "event_kind": "repair",
        "coverage_percent": "50",
        "start_delay_days": 3,
        "window": 3,
        "due_time": time(12),
        "channel": "sms",
        "priority": 7,
    },
    "postal": {
        "name": _t(
            "无电话客户信函抽样",
            "無電話客戶信函抽樣",
            "Customers with an address but no phone: postal sample",
        ),
        "every_months": 3,
        "coverage_percent": "10",
        "without_phone": True,
        "channel": "post",
        "window": 3,
        "window_unit": "months",
        "priority": 9,
    },
}
"""The shipped callback policies (CAM-2) as columns of ``campaigns.Policy``; names are texts in three languages."""

EVENT_KINDS = {
    "policy_bought": _t("投保", "投保", "policy bought"),
    "policy_renewed": _t("续保", "續保", "policy renewed"),
    "claim_settled": _t("理赔结案", "理賠結案", "claim settled"),
    "accident": _t("出险", "出險", "accident"),
    "repair": _t("维修", "維修", "repair"),
    "purchase": _t("购买", "購買", "purchase"),
    "visit_without_purchase": _t("到诊/到店未消费", "到診/到店未消費", "visit without purchase"),
    "issue_reported": _t("问题反馈", "問題回饋", "issue reported"),
    "contract_expiry": _t("合同到期", "合約到期", "contract expiry"),
    "arrears": _t("欠费", "欠費", "arrears"),
    "trial_start": _t("体验开始", "體驗開始", "trial started"),
}
"""Kinds of service events that policies usually wait for (CUS-2); an integration may send others."""

METRICS = {
    "reachable_rate": _t("成功联系率", "成功聯繫率", "Reachable rate"),
    "completed_rate": _t("外呼成功率", "外呼成功率", "Completed rate"),
    "hit_rate": _t("在线成功率", "線上成功率", "Hit rate"),
    "connect_rate": _t("接通率", "接通率", "Connect rate"),
    "refusal_rate": _t("拒访率", "拒訪率", "Refusal rate"),
    "completed_accounts": _t("外呼成功量", "外呼成功量", "Completed accounts"),
    "handle_time": _t("平均处理时长(秒)", "平均處理時長(秒)", "Average handle time (seconds)"),
    "talk_time": _t("平均通话时长(秒)", "平均通話時長(秒)", "Average talk time (seconds)"),
    "satisfied_share": _t("满意率", "滿意率", "Satisfied share"),
    "satisfaction_mean": _t("满意度均分", "滿意度均分", "Satisfaction mean"),
    "quality_score": _t("质检得分", "質檢得分", "Quality score"),
    "fatal_rate": _t("致命差错率", "致命差錯率", "Fatal error rate"),
    "valid_order_rate": _t("有效单率", "有效單率", "Valid order rate"),
}
"""The metrics a campaign's targets are set for, by the codes of the registry that counts them (KPI-1)."""

STATEMENTS = {
    "recording": _t("录音告知", "錄音告知", "the call is recorded"),
    "price": _t("资费", "資費", "price"),
    "trial_end": _t("体验期结束", "體驗期結束", "end of the trial"),
    "cancel": _t("取消方式", "取消方式", "how to cancel"),
    "use": _t("使用方法", "使用方法", "how to use it"),
    "functions": _t("功能", "功能", "functions"),
    "cooling_off": _t("犹豫期权利", "猶豫期權利", "cooling-off rights"),
    "data_use": _t("信息用途", "資訊用途", "what the answers are used for"),
    "policyholder": _t("投保人本人", "投保人本人", "the policyholder in person"),
    "signature": _t("购买与亲笔签名", "購買與親筆簽名", "purchase and own signature"),
    "read_terms": _t("阅读并理解条款", "閱讀並理解條款", "papers read and understood"),
    "cover": _t("保险责任与免除", "保險責任與免除", "cover and exclusions"),
    "surrender_loss": _t("退保损失", "退保損失", "loss on surrender"),
    "instalments": _t("缴费期限与频次", "繳費期限與頻次", "length and frequency of payment"),
    "other": _t("其他", "其他", "something else"),
}
"""What must be said in a call, where it applies (CAM-5); their omission is a fatal error in quality assurance."""
