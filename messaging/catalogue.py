"""The shipped texts and stop words: data that set-up loads and people change (CB-9).

Texts come as drafts, so that somebody of the centre approves them before use; only the answer to a stop word works from the
first day. Names, subjects and bodies in three languages: simplified Chinese, traditional Chinese, English.
"""

LANGUAGES = ("zh-hans", "zh-hant", "en")
STOP_WORDS = (
    "TD", "T", "N", "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT",
    "退订", "退訂", "取消订阅", "取消訂閱", "拒收", "不要再发", "不要再發", "别再发了", "別再發了", "勿扰", "勿擾",
)  # fmt: skip

# code, kind, channel, purpose, names, subjects (None for SMS), bodies
TEMPLATES = (
    (
        "SMS-HOLIDAY",
        "holiday",
        "sms",
        "service",
        ("节日问候", "節日問候", "Holiday greeting"),
        None,
        (
            "【{centre}】{salutation}，节日快乐！感谢您一直以来对{client}的信任，祝您和家人平安顺遂。{stop}",
            "【{centre}】{salutation}，佳節愉快！感謝您一直以來對{client}的信任，祝您與家人平安順心。{stop}",
            "[{centre}] {salutation}, season's greetings from {client}. Thank you for your trust. {stop}",
        ),
    ),
    (
        "SMS-INFO",
        "information",
        "sms",
        "service",
        ("实用信息", "實用資訊", "Useful information"),
        None,
        (
            "【{centre}】{salutation}，{client}提醒您：请留意合同有效期与联系方式是否有变，如需更新请致电客服。{stop}",
            "【{centre}】{salutation}，{client}提醒您：請留意合約效期與聯絡方式是否有變，如需更新請致電客服。{stop}",
            "[{centre}] {salutation}, a note from {client}: please check your contract dates and contact details. {stop}",
        ),
    ),
    (
        "SMS-TIP",
        "tip",
        "sms",
        "service",
        ("温馨提示", "溫馨提示", "Tip"),
        None,
        (
            "【{centre}】{salutation}，{client}温馨提示：我们不会在电话或短信中索要您的密码和验证码，请谨防诈骗。{stop}",
            "【{centre}】{salutation}，{client}溫馨提示：我們不會在電話或簡訊中索取您的密碼與驗證碼，請慎防詐騙。{stop}",
            "[{centre}] {salutation}, a tip from {client}: we never ask for passwords or codes by phone or SMS. {stop}",
        ),
    ),
    (
        "SMS-REPAIR",
        "after_repair",
        "sms",
        "service",
        ("维修后关怀", "維修後關懷", "After a repair"),
        None,
        (
            "【{centre}】{salutation}，您的报修已处理完毕。若问题仍在，请直接回复本短信，我们会尽快与您联系。{stop}",
            "【{centre}】{salutation}，您的報修已處理完畢。若問題仍在，請直接回覆本簡訊，我們會儘快與您聯絡。{stop}",
            "[{centre}] {salutation}, your repair is done. If anything is still wrong, simply reply to this SMS. {stop}",
        ),
    ),
    (
        "SMS-THANKS",
        "thanks",
        "sms",
        "service",
        ("感谢", "感謝", "Thanks"),
        None,
        (
            "【{centre}】{salutation}，感谢您接受{client}的回访，您的意见已转交相关部门，我们会认真改进。{stop}",
            "【{centre}】{salutation}，感謝您接受{client}的回訪，您的意見已轉交相關部門，我們會認真改進。{stop}",
            "[{centre}] {salutation}, thank you for talking to {client}. What you said is with the "
            "people who can act on it. {stop}",
        ),
    ),
    (
        "SMS-SURVEY",
        "survey",
        "sms",
        "survey",
        ("满意度邀请", "滿意度邀請", "Survey invitation"),
        None,
        (
            "【{centre}】{salutation}，请为{client}的服务打分(1-5分)，约一分钟：{link} 也可直接回复分数。{stop}",
            "【{centre}】{salutation}，請為{client}的服務評分(1-5分)，約一分鐘：{link} 也可直接回覆分數。{stop}",
            "[{centre}] {salutation}, please rate {client} from 1 to 5, one minute: {link} or reply with the number. {stop}",
        ),
    ),
    (
        "SMS-IMPROVED",
        "improvement",
        "sms",
        "service",
        ("改进告知", "改進告知", "Improvement notice"),
        None,
        (
            "【{centre}】{salutation}，您之前反映的问题，{client}已经改进。感谢您的指正，欢迎继续监督。{stop}",
            "【{centre}】{salutation}，您先前反映的問題，{client}已經改進。感謝您的指正，歡迎繼續監督。{stop}",
            "[{centre}] {salutation}, {client} has put right what you told us about. Thank you for telling us. {stop}",
        ),
    ),
    (
        "SMS-CONFIRM",
        "confirmation",
        "sms",
        "sales",
        ("体验期确认", "體驗期確認", "Confirmation of a trial"),
        None,
        (
            "【{centre}】{salutation}，您体验的{client}服务到期后将收费，资费与取消方式：{link} "
            "回复“确认”继续，回复“取消”不再使用。不回复不收费。{stop}",
            "【{centre}】{salutation}，您體驗的{client}服務到期後將收費，資費與取消方式：{link} "
            "回覆「確認」繼續，回覆「取消」不再使用。不回覆不收費。{stop}",
            "[{centre}] {salutation}, your trial with {client} ends soon; price and how to cancel: {link} "
            "Reply CONFIRM to go on or NO to end it. No reply, no charge. {stop}",
        ),
    ),
    (
        "SMS-STOPPED",
        "unsubscribed",
        "sms",
        "service",
        ("退订确认", "退訂確認", "Confirmation of a stop word"),
        None,
        (
            "【{centre}】已按您的要求停止发送此类短信。如需恢复，请致电客服。",
            "【{centre}】已依您的要求停止發送此類簡訊。如需恢復，請致電客服。",
            "[{centre}] You will receive no more messages of this kind. Call us if you change your mind.",
        ),
    ),
    (
        "MAIL-SURVEY",
        "survey",
        "email",
        "survey",
        ("满意度邀请(邮件)", "滿意度邀請(郵件)", "Survey invitation (e-mail)"),
        ("请您评价{client}的服务", "請您評價{client}的服務", "How did {client} do?"),
        (
            "{salutation}，您好：\n\n感谢您选择{client}。请用一两分钟告诉我们您的感受：\n{link}\n\n"
            "您的每一条意见都会有人阅读并回应。\n\n{centre}\n{stop}",
            "{salutation}，您好：\n\n感謝您選擇{client}。請用一兩分鐘告訴我們您的感受：\n{link}\n\n"
            "您的每一則意見都會有人閱讀並回應。\n\n{centre}\n{stop}",
            "Dear {salutation},\n\nThank you for choosing {client}. Please take a minute to tell us how it went:\n{link}\n\n"
            "Somebody reads every answer.\n\n{centre}\n{stop}",
        ),
    ),
    (
        "MAIL-THANKS",
        "thanks",
        "email",
        "service",
        ("感谢信(邮件)", "感謝信(郵件)", "Thanks (e-mail)"),
        ("感谢您对{client}的支持", "感謝您對{client}的支持", "Thank you from {client}"),
        (
            "{salutation}，您好：\n\n感谢您对{client}的信任与支持。"
            "如对我们的服务有任何意见，直接回复这封邮件即可。\n\n{centre}\n{stop}",
            "{salutation}，您好：\n\n感謝您對{client}的信任與支持。"
            "如對我們的服務有任何意見，直接回覆這封郵件即可。\n\n{centre}\n{stop}",
            "Dear {salutation},\n\nThank you for your trust in {client}. "
            "If anything could be better, simply reply to this e-mail.\n\n"
            "{centre}\n{stop}",
        ),
    ),
    (
        "MAIL-IMPROVED",
        "improvement",
        "email",
        "service",
        ("改进告知(邮件)", "改進告知(郵件)", "Improvement notice (e-mail)"),
        ("您反映的问题已改进", "您反映的問題已改進", "What you told us has been put right"),
        (
            "{salutation}，您好：\n\n您之前反映的问题，{client}已经完成改进。"
            "感谢您的指正。如果仍不满意，请回复这封邮件。\n\n{centre}\n{stop}",
            "{salutation}，您好：\n\n您先前反映的問題，{client}已經完成改進。"
            "感謝您的指正。如果仍不滿意，請回覆這封郵件。\n\n{centre}\n{stop}",
            "Dear {salutation},\n\n{client} has put right what you told us about. "
            "Thank you. If it still is not as it should be, "
            "please reply to this e-mail.\n\n{centre}\n{stop}",
        ),
    ),
    (
        "MAIL-STOPPED",
        "unsubscribed",
        "email",
        "service",
        ("退订确认(邮件)", "退訂確認(郵件)", "Confirmation of a stop word (e-mail)"),
        ("已停止发送", "已停止發送", "You will hear no more from us"),
        (
            "您好：\n\n已按您的要求停止发送此类邮件。\n\n{centre}",
            "您好：\n\n已依您的要求停止發送此類郵件。\n\n{centre}",
            "You will receive no more e-mails of this kind, as you asked.\n\n{centre}",
        ),
    ),
    (
        "LETTER-THANKS",
        "thanks",
        "post",
        "service",
        ("感谢信(信函)", "感謝信(信函)", "Thanks (letter)"),
        ("感谢您对{client}的支持", "感謝您對{client}的支持", "Thank you from {client}"),
        (
            "{salutation}：\n\n您好！感谢您一直以来对{client}的信任与支持。"
            "若您对我们的服务有任何意见，欢迎来信或来电。\n\n此致\n敬礼\n\n{centre}\n{date}",
            "{salutation}：\n\n您好！感謝您一直以來對{client}的信任與支持。"
            "若您對我們的服務有任何意見，歡迎來信或來電。\n\n敬祝 安康\n\n{centre}\n{date}",
            "Dear {salutation},\n\nThank you for your trust in {client}. "
            "Please write or call whenever something could be better.\n\n"
            "Yours sincerely,\n\n{centre}\n{date}",
        ),
    ),
)


def _texts(words):
    return dict(zip(LANGUAGES, words, strict=True)) if words else {}


def load_texts(template_model, version_model, stop_word_model, *, now) -> None:
    """Write the shipped templates and stop words that do not exist; the models may be historical ones."""
    for word in STOP_WORDS:
        stop_word_model.objects.get_or_create(word=word)
    for code, kind, channel, purpose, names, subjects, bodies in TEMPLATES:
        template, created = template_model.objects.get_or_create(
            code=code,
            defaults={"name": _texts(names), "kind": kind, "channel": channel, "purpose": purpose},
        )
        if created:
            ready = kind == "unsubscribed"
            version_model.objects.create(
                template=template,
                number=1,
                subjects=_texts(subjects),
                bodies=_texts(bodies),
                state="approved" if ready else "draft",
                approved_at=now if ready else None,
                created_at=now,
            )
