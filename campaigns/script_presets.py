"""The shipped scripts, one for each type of campaign and one for new policies (CAM-5; domain.md section 2).

Texts in three languages, with merge fields. Where ``____`` stands, the writer fills in what only the client knows; a version
with blanks cannot be approved.
"""


def _t(hans, hant, en):
    """One text in the three languages, as data is kept (``callcenter.texts``)."""
    return {"zh-hans": hans, "zh-hant": hant, "en": en}


def _line(kind, level, text, code="", wording=""):
    """One line of an outline, as ``rules.outline`` reads it."""
    return {"kind": kind, "level": level, "text": text, "code": code, "wording": wording}


REQUIRED = {
    "satisfaction": ("recording",),
    "telemarketing": ("recording", "functions", "use", "price", "trial_end", "cancel"),
    "survey": ("recording", "data_use"),
    "retention": ("recording",),
    "care": ("recording",),
    "dunning": ("recording",),
    "collection": ("recording", "data_use"),
    "new_policy": (
        "recording",
        "policyholder",
        "signature",
        "read_terms",
        "cover",
        "surrender_loss",
        "cooling_off",
        "instalments",
    ),
}
"""The mandatory statements by what a script is made for. Those of a new policy are the seven points of the rules on basic
services of personal insurance, article 15."""

PRESETS = {
    "satisfaction": {
        "name": _t("满意度回访话术", "滿意度回訪話術", "Satisfaction callback"),
        "opening": _t(
            "{salutation},您好!我是{client}的回访专员{agent},想就您最近的服务听听您的意见。",
            "{salutation},您好!我是{client}的回訪專員{agent},想就您最近的服務聽聽您的意見。",
            (
                "Hello {salutation}, this is {agent} calling for {client}. I would like to hear what "
                "you think of the service you had lately."
            ),
        ),
        "closing": _t(
            "感谢{salutation}的配合,祝您生活愉快,再见!",
            "感謝{salutation}的配合,祝您生活愉快,再見!",
            "Thank you for your time, {salutation}. Have a good day. Goodbye!",
        ),
        "apology": _t(
            "给您带来不便,我们深表歉意。您说的问题我已经记下,会马上转给责任部门,并再与您联系。谢谢{salutation},再见!",
            "給您帶來不便,我們深表歉意。您說的問題我已經記下,會馬上轉給責任部門,並再與您聯繫。謝謝{salutation},再見!",
            (
                "We are sorry for the trouble. I have noted what you told me, am passing it on at "
                "once, and we shall call you back. Thank you, {salutation}. Goodbye!"
            ),
        ),
        "steps": [
            _line(
                "check",
                0,
                _t(
                    "为保证服务质量,本次通话会被录音。",
                    "為保證服務品質,本次通話會被錄音。",
                    "To assure the quality of our service, this call is recorded.",
                ),
                code="recording",
            ),
            _line(
                "ask",
                0,
                _t(
                    "请问现在方便占用您一分半钟吗?",
                    "請問現在方便佔用您一分半鐘嗎?",
                    "Do you have a minute and a half for me now?",
                ),
            ),
            _line("answer", 1, _t("方便", "方便", "Yes")),
            _line("answer", 1, _t("现在不方便", "現在不方便", "Not now")),
            _line(
                "say",
                2,
                _t(
                    "好的,您看什么时候方便?我按您说的时间再打给您。",
                    "好的,您看什麼時候方便?我按您說的時間再打給您。",
                    "Of course. When would suit you? I shall call again at the time you say.",
                ),
            ),
            _line("end", 2, _t("谢谢您,再见!", "謝謝您,再見!", "Thank you. Goodbye!")),
            _line(
                "ask",
                0,
                _t(
                    "总的来说,您对我们的服务满意吗?",
                    "總的來說,您對我們的服務滿意嗎?",
                    "All in all, are you satisfied with our service?",
                ),
            ),
            _line("answer", 1, _t("满意", "滿意", "Satisfied")),
            _line(
                "say",
                2,
                _t(
                    "谢谢您的肯定!您还有什么建议吗?",
                    "謝謝您的肯定!您還有什麼建議嗎?",
                    "Thank you! Is there anything you would suggest to us?",
                ),
            ),
            _line("answer", 1, _t("一般或不满意", "一般或不滿意", "Neither, or dissatisfied")),
            _line(
                "say",
                2,
                _t(
                    "很抱歉没有让您满意。请问您对哪方面不满意,您觉得应该怎样改进?",
                    "很抱歉沒有讓您滿意。請問您對哪方面不滿意,您覺得應該怎樣改進?",
                    (
                        "I am sorry to hear that. What were you not satisfied with, and what should we do "
                        "better?"
                    ),
                ),
            ),
        ],
    },
    "telemarketing": {
        "name": _t("电话营销话术", "電話營銷話術", "Telemarketing"),
        "opening": _t(
            "{salutation},您好!我是{client}的客户顾问{agent},给您来电是介绍{product}。",
            "{salutation},您好!我是{client}的客戶顧問{agent},給您來電是介紹{product}。",
            ("Hello {salutation}, this is {agent} of {client}. I am calling to tell you about {product}."),
        ),
        "closing": _t(
            "业务已经为您登记,稍后会有确认短信,请按短信回复确认后生效。感谢{salutation},再见!",
            "業務已經為您登記,稍後會有確認簡訊,請按簡訊回覆確認後生效。感謝{salutation},再見!",
            (
                "I have noted your order. You will receive a text message; it takes effect once you "
                "confirm by answering it. Thank you, {salutation}. Goodbye!"
            ),
        ),
        "apology": _t(
            "打扰您了,感谢您的坦诚,祝您生活愉快,再见!",
            "打擾您了,感謝您的坦誠,祝您生活愉快,再見!",
            "Sorry to have disturbed you, and thank you for being frank. Goodbye!",
        ),
        "steps": [
            _line(
                "check",
                0,
                _t(
                    "为保证服务质量,本次通话会被录音。",
                    "為保證服務品質,本次通話會被錄音。",
                    "To assure the quality of our service, this call is recorded.",
                ),
                code="recording",
            ),
            _line(
                "ask",
                0,
                _t(
                    "您愿意听我用一分钟介绍一下吗?",
                    "您願意聽我用一分鐘介紹一下嗎?",
                    "May I take one minute to explain it?",
                ),
            ),
            _line("answer", 1, _t("愿意", "願意", "Yes")),
            _line("answer", 1, _t("不需要", "不需要", "No, thank you")),
            _line(
                "end",
                2,
                _t(
                    "好的,不打扰您了。如果您不希望再接到这类来电,我现在就为您登记。再见!",
                    "好的,不打擾您了。如果您不希望再接到這類來電,我現在就為您登記。再見!",
                    "All right. If you wish no more calls of this kind, I shall note that now. Goodbye!",
                ),
            ),
            _line(
                "check",
                0,
                _t(
                    "这项业务包含____,使用上的限制是____。",
                    "這項業務包含____,使用上的限制是____。",
                    "The service includes ____; its limits are ____.",
                ),
                code="functions",
            ),
            _line(
                "check",
                0,
                _t(
                    "开通后您可以这样使用:____。",
                    "開通後您可以這樣使用:____。",
                    "Once it is activated you use it like this: ____.",
                ),
                code="use",
            ),
            _line(
                "check",
                0,
                _t(
                    "资费是每月____元,从____起收取。",
                    "資費是每月____元,從____起收取。",
                    "It costs ____ yuan a month from ____ on.",
                ),
                code="price",
            ),
            _line(
                "check",
                0,
                _t(
                    "免费体验期到____为止,到期前我们会再次来电与您确认。",
                    "免費體驗期到____為止,到期前我們會再次來電與您確認。",
                    "The free trial ends on ____; before then we call you again to confirm.",
                ),
                code="trial_end",
            ),
            _line(
                "check",
                0,
                _t(
                    "您随时可以通过____取消,取消后不再收费。",
                    "您隨時可以通過____取消,取消後不再收費。",
                    "You can cancel at any time by ____; after that nothing is charged.",
                ),
                code="cancel",
            ),
            _line(
                "ask",
                0,
                _t(
                    "以上内容您都清楚了吗?您同意为您开通吗?",
                    "以上內容您都清楚了嗎?您同意為您開通嗎?",
                    "Is everything clear to you, and do you agree that we activate it?",
                ),
            ),
            _line("answer", 1, _t("清楚,同意开通", "清楚,同意開通", "Clear, and agrees")),
            _line("answer", 1, _t("还有疑问", "還有疑問", "Has a question")),
            _line(
                "say",
                2,
                _t(
                    "请您说一下哪里不清楚,我再为您说明。",
                    "請您說一下哪裡不清楚,我再為您說明。",
                    "Please tell me what is unclear and I shall explain it again.",
                ),
            ),
            _line("answer", 1, _t("不同意", "不同意", "Does not agree")),
            _line(
                "end",
                2,
                _t(
                    "好的,我们不会为您开通任何业务。感谢您的接听,再见!",
                    "好的,我們不會為您開通任何業務。感謝您的接聽,再見!",
                    "All right, nothing will be activated. Thank you for listening. Goodbye!",
                ),
            ),
        ],
    },
    "survey": {
        "name": _t("市场调查话术", "市場調查話術", "Market survey"),
        "opening": _t(
            "{salutation},您好!我是{agent},受{client}委托做一个简短的调查,不推销任何产品。",
            "{salutation},您好!我是{agent},受{client}委託做一個簡短的調查,不推銷任何產品。",
            (
                "Hello {salutation}, my name is {agent}. {client} has asked us for a short survey; "
                "nothing is sold."
            ),
        ),
        "closing": _t(
            "调查到这里就结束了。感谢{salutation}的宝贵意见,再见!",
            "調查到這裡就結束了。感謝{salutation}的寶貴意見,再見!",
            "That was the last question. Thank you for your opinion, {salutation}. Goodbye!",
        ),
        "apology": _t(
            "打扰您了,谢谢,再见!",
            "打擾您了,謝謝,再見!",
            "Sorry to have disturbed you. Thank you and goodbye!",
        ),
        "steps": [
            _line(
                "check",
                0,
                _t(
                    "为保证服务质量,本次通话会被录音。",
                    "為保證服務品質,本次通話會被錄音。",
                    "To assure the quality of our service, this call is recorded.",
                ),
                code="recording",
            ),
            _line(
                "check",
                0,
                _t(
                    "您的回答只用于统计,不会单独公开。",
                    "您的回答只用於統計,不會單獨公開。",
                    "Your answers are used for statistics only and never published singly.",
                ),
                code="data_use",
            ),
            _line(
                "ask",
                0,
                _t(
                    "请问现在方便占用您一分半钟吗?",
                    "請問現在方便佔用您一分半鐘嗎?",
                    "Do you have a minute and a half for me now?",
                ),
            ),
            _line("answer", 1, _t("方便", "方便", "Yes")),
            _line("answer", 1, _t("现在不方便", "現在不方便", "Not now")),
            _line(
                "say",
                2,
                _t(
                    "好的,您看什么时候方便?我按您说的时间再打给您。",
                    "好的,您看什麼時候方便?我按您說的時間再打給您。",
                    "Of course. When would suit you? I shall call again at the time you say.",
                ),
            ),
            _line("end", 2, _t("谢谢您,再见!", "謝謝您,再見!", "Thank you. Goodbye!")),
            _line(
                "say",
                0,
                _t(
                    "一共六个问题,请按您的真实感受回答,没有对错之分。",
                    "一共六個問題,請按您的真實感受回答,沒有對錯之分。",
                    "There are six questions. Please answer as you feel; there is no right or wrong.",
                ),
            ),
        ],
    },
    "retention": {
        "name": _t("客户挽留话术", "客戶挽留話術", "Retention"),
        "opening": _t(
            "{salutation},您好!我是{client}的客户顾问{agent}。您是我们的老客户,想了解一下您最近使用得怎么样。",
            "{salutation},您好!我是{client}的客戶顧問{agent}。您是我們的老客戶,想了解一下您最近使用得怎麼樣。",
            (
                "Hello {salutation}, this is {agent} of {client}. You have been our customer for a "
                "long time, and I would like to know how you are getting on."
            ),
        ),
        "closing": _t(
            "谢谢{salutation}一直以来的支持,再见!",
            "謝謝{salutation}一直以來的支援,再見!",
            "Thank you for your loyalty, {salutation}. Goodbye!",
        ),
        "apology": _t(
            "给您带来不便,我们深表歉意。您说的问题我已经记下,会马上转给责任部门,并再与您联系。谢谢{salutation},再见!",
            "給您帶來不便,我們深表歉意。您說的問題我已經記下,會馬上轉給責任部門,並再與您聯繫。謝謝{salutation},再見!",
            (
                "We are sorry for the trouble. I have noted what you told me, am passing it on at "
                "once, and we shall call you back. Thank you, {salutation}. Goodbye!"
            ),
        ),
        "steps": [
            _line(
                "check",
                0,
                _t(
                    "为保证服务质量,本次通话会被录音。",
                    "為保證服務品質,本次通話會被錄音。",
                    "To assure the quality of our service, this call is recorded.",
                ),
                code="recording",
            ),
            _line(
                "ask",
                0,
                _t(
                    "请问您最近有没有考虑换到别家?",
                    "請問您最近有沒有考慮換到別家?",
                    "Have you been thinking of moving to somebody else?",
                ),
            ),
            _line("answer", 1, _t("没有", "沒有", "No")),
            _line(
                "say",
                2,
                _t(
                    "太好了。您对我们还有什么期望?",
                    "太好了。您對我們還有什麼期望?",
                    "I am glad. What else would you wish from us?",
                ),
            ),
            _line("answer", 1, _t("有考虑", "有考慮", "Yes")),
            _line("ask", 2, _t("主要是什么原因呢?", "主要是什麼原因呢?", "What is the main reason?")),
            _line("answer", 3, _t("价格", "價格", "Price")),
            _line(
                "say",
                4,
                _t(
                    "我帮您看看有没有更适合您用量的方案。",
                    "我幫您看看有沒有更適合您用量的方案。",
                    "Let me see whether another plan suits what you use.",
                ),
            ),
            _line("answer", 3, _t("服务或质量", "服務或品質", "Service or quality")),
            _line(
                "say",
                4,
                _t(
                    "很抱歉。我把情况记下来,请责任部门处理后给您答复。",
                    "很抱歉。我把情況記下來,請責任部門處理後給您答覆。",
                    "I am sorry. I am noting it down, and the department will answer you.",
                ),
            ),
            _line("answer", 3, _t("已经决定离开", "已經決定離開", "Has decided to leave")),
            _line(
                "end",
                4,
                _t(
                    "尊重您的决定。取消不会有任何阻碍,我现在告诉您怎么办理。谢谢您,再见!",
                    "尊重您的決定。取消不會有任何阻礙,我現在告訴您怎麼辦理。謝謝您,再見!",
                    (
                        "I respect that. Nothing will stand in your way; let me tell you how it is done. "
                        "Thank you and goodbye!"
                    ),
                ),
            ),
        ],
    },
    "care": {
        "name": _t("售后关怀话术", "售後關懷話術", "After-sales care"),
        "opening": _t(
            "{salutation},您好!我是{client}的客服{agent},您的{product}已经使用了一段时间,想关心一下使用情况。",
            "{salutation},您好!我是{client}的客服{agent},您的{product}已經使用了一段時間,想關心一下使用情況。",
            (
                "Hello {salutation}, this is {agent} of {client}. You have had your {product} for a "
                "while, and I would like to know how it is working."
            ),
        ),
        "closing": _t(
            "感谢{salutation}的配合,祝您生活愉快,再见!",
            "感謝{salutation}的配合,祝您生活愉快,再見!",
            "Thank you for your time, {salutation}. Have a good day. Goodbye!",
        ),
        "apology": _t(
            "给您带来不便,我们深表歉意。您说的问题我已经记下,会马上转给责任部门,并再与您联系。谢谢{salutation},再见!",
            "給您帶來不便,我們深表歉意。您說的問題我已經記下,會馬上轉給責任部門,並再與您聯繫。謝謝{salutation},再見!",
            (
                "We are sorry for the trouble. I have noted what you told me, am passing it on at "
                "once, and we shall call you back. Thank you, {salutation}. Goodbye!"
            ),
        ),
        "steps": [
            _line(
                "check",
                0,
                _t(
                    "为保证服务质量,本次通话会被录音。",
                    "為保證服務品質,本次通話會被錄音。",
                    "To assure the quality of our service, this call is recorded.",
                ),
                code="recording",
            ),
            _line(
                "ask",
                0,
                _t("请问使用起来都正常吗?", "請問使用起來都正常嗎?", "Is everything working as it should?"),
            ),
            _line("answer", 1, _t("正常", "正常", "Yes")),
            _line(
                "say",
                2,
                _t(
                    "太好了。提醒您按说明定期保养,保修期内有问题随时联系我们。",
                    "太好了。提醒您按說明定期保養,保修期內有問題隨時聯繫我們。",
                    "Good. Please have it serviced as the manual says; within the warranty just call us.",
                ),
            ),
            _line("answer", 1, _t("有故障", "有故障", "There is a fault")),
            _line(
                "say",
                2,
                _t(
                    "很抱歉。请说一下故障的现象,我为您登记报修,工程师会与您约上门时间。",
                    "很抱歉。請說一下故障的現象,我為您登記報修,工程師會與您約上門時間。",
                    (
                        "I am sorry. Please describe it; I am registering a repair, and the technician will "
                        "agree on a time with you."
                    ),
                ),
            ),
            _line("answer", 1, _t("不会用", "不會用", "Does not know how to use it")),
            _line(
                "say",
                2,
                _t(
                    "我一步一步告诉您,您可以边听边操作。",
                    "我一步一步告訴您,您可以邊聽邊操作。",
                    "Let me explain it step by step; you can try it while we talk.",
                ),
            ),
        ],
    },
    "dunning": {
        "name": _t("催缴话术", "催繳話術", "Payment reminder"),
        "opening": _t(
            "{salutation},您好!我是{client}的客服{agent}。您的账户有一笔款项可能忘记缴纳了,特地提醒您一下。",
            "{salutation},您好!我是{client}的客服{agent}。您的帳戶有一筆款項可能忘記繳納了,特地提醒您一下。",
            (
                "Hello {salutation}, this is {agent} of {client}. A payment on your account may have "
                "slipped your mind, so I am calling to remind you."
            ),
        ),
        "legal_opening": _t(
            "{salutation},您好。我是{client}的{agent}。您的账户欠款已经超过三个月,现正式通知您:如仍不缴清,我方将依照合同和法律规定处理。",
            "{salutation},您好。我是{client}的{agent}。您的帳戶欠款已經超過三個月,現正式通知您:如仍不繳清,我方將依照合同和法律規定處理。",
            (
                "Hello {salutation}, this is {agent} of {client}. Your account has been in arrears "
                "for more than three months. This is a formal notice: unless it is settled, we shall "
                "proceed as the contract and the law provide."
            ),
        ),
        "closing": _t(
            "请您在约定的日期前缴清。谢谢{salutation},再见!",
            "請您在約定的日期前繳清。謝謝{salutation},再見!",
            "Please settle it by the date we agreed on. Thank you, {salutation}. Goodbye!",
        ),
        "apology": _t(
            "给您带来不便,我们深表歉意。您说的问题我已经记下,会马上转给责任部门,并再与您联系。谢谢{salutation},再见!",
            "給您帶來不便,我們深表歉意。您說的問題我已經記下,會馬上轉給責任部門,並再與您聯繫。謝謝{salutation},再見!",
            (
                "We are sorry for the trouble. I have noted what you told me, am passing it on at "
                "once, and we shall call you back. Thank you, {salutation}. Goodbye!"
            ),
        ),
        "steps": [
            _line(
                "check",
                0,
                _t(
                    "为保证服务质量,本次通话会被录音。",
                    "為保證服務品質,本次通話會被錄音。",
                    "To assure the quality of our service, this call is recorded.",
                ),
                code="recording",
            ),
            _line(
                "ask",
                0,
                _t(
                    "请问您是{salutation}本人吗?",
                    "請問您是{salutation}本人嗎?",
                    "Am I speaking to {salutation}?",
                ),
            ),
            _line("answer", 1, _t("是本人", "是本人", "Yes")),
            _line("answer", 1, _t("不是本人", "不是本人", "No")),
            _line(
                "say",
                2,
                _t(
                    "请问什么时候方便联系到本人?",
                    "請問什麼時候方便聯繫到本人?",
                    "When can I reach them, please?",
                ),
            ),
            _line(
                "end",
                2,
                _t(
                    "好的,打扰您了,再见!",
                    "好的,打擾您了,再見!",
                    "Thank you, and sorry to have disturbed you. Goodbye!",
                ),
            ),
            _line(
                "say",
                0,
                _t(
                    "可能是您工作忙忘记了,方便的时候缴一下就可以,您可以在网上、营业厅或银行办理。",
                    "可能是您工作忙忘記了,方便的時候繳一下就可以,您可以在網上、營業廳或銀行辦理。",
                    (
                        "You may simply have been busy. You can pay online, at a counter or at a bank "
                        "whenever it suits you."
                    ),
                ),
                wording="friendly",
            ),
            _line(
                "say",
                0,
                _t(
                    "欠款会影响您的信用记录,并产生合同约定的违约金。请您在七日内缴清。",
                    "欠款會影響您的信用記錄,併產生合同約定的違約金。請您在七日內繳清。",
                    (
                        "Arrears affect your credit record and bear the charges of the contract. Please "
                        "settle them within seven days."
                    ),
                ),
                wording="legal",
            ),
            _line(
                "ask", 0, _t("请问您打算哪一天缴纳?", "請問您打算哪一天繳納?", "On which day will you pay?")
            ),
            _line("answer", 1, _t("说出了日期", "說出了日期", "Names a day")),
            _line(
                "say",
                2,
                _t(
                    "好的,我记下这个日期,到时候再与您确认。",
                    "好的,我記下這個日期,到時候再與您確認。",
                    "Thank you, I am noting that day and shall call to confirm.",
                ),
            ),
            _line("answer", 1, _t("对金额有异议", "對金額有異議", "Disputes the amount")),
            _line(
                "say",
                2,
                _t(
                    "我为您登记异议,由责任部门核实后答复您,核实期间不再催缴。",
                    "我為您登記異議,由責任部門核實後答覆您,核實期間不再催繳。",
                    (
                        "I am noting your objection. The department will check it and answer you; until then "
                        "you are not reminded again."
                    ),
                ),
            ),
            _line("answer", 1, _t("暂时有困难", "暫時有困難", "Is in difficulties")),
            _line(
                "say",
                2,
                _t(
                    "理解您的难处,我可以为您申请分期。",
                    "理解您的難處,我可以為您申請分期。",
                    "I understand. I can apply for payment by instalments for you.",
                ),
            ),
        ],
    },
    "collection": {
        "name": _t("资料核实话术", "資料核實話術", "Data collection"),
        "opening": _t(
            "{salutation},您好!我是{client}的客服{agent},想与您核对一下联系资料,以便以后为您服务。",
            "{salutation},您好!我是{client}的客服{agent},想與您核對一下聯繫資料,以便以後為您服務。",
            (
                "Hello {salutation}, this is {agent} of {client}. I would like to check your contact "
                "data with you, so that we can serve you."
            ),
        ),
        "closing": _t(
            "资料已经更新。感谢{salutation},再见!",
            "資料已經更新。感謝{salutation},再見!",
            "Your data is up to date. Thank you, {salutation}. Goodbye!",
        ),
        "apology": _t(
            "给您带来不便,我们深表歉意。您说的问题我已经记下,会马上转给责任部门,并再与您联系。谢谢{salutation},再见!",
            "給您帶來不便,我們深表歉意。您說的問題我已經記下,會馬上轉給責任部門,並再與您聯繫。謝謝{salutation},再見!",
            (
                "We are sorry for the trouble. I have noted what you told me, am passing it on at "
                "once, and we shall call you back. Thank you, {salutation}. Goodbye!"
            ),
        ),
        "steps": [
            _line(
                "check",
                0,
                _t(
                    "为保证服务质量,本次通话会被录音。",
                    "為保證服務品質,本次通話會被錄音。",
                    "To assure the quality of our service, this call is recorded.",
                ),
                code="recording",
            ),
            _line(
                "check",
                0,
                _t(
                    "核对的资料只用于为您提供服务;您可以拒绝,也可以随时要求更正或删除。",
                    "核對的資料只用於為您提供服務;您可以拒絕,也可以隨時要求更正或刪除。",
                    (
                        "The data is used only to serve you. You may decline, and have it corrected or "
                        "deleted at any time."
                    ),
                ),
                code="data_use",
            ),
            _line("ask", 0, _t("您愿意核对吗?", "您願意核對嗎?", "Shall we go through it?")),
            _line("answer", 1, _t("愿意", "願意", "Yes")),
            _line(
                "say",
                2,
                _t(
                    "请您说一下现在的地址、常用的电话和方便接听的时间。",
                    "請您說一下現在的地址、常用的電話和方便接聽的時間。",
                    (
                        "Please tell me your present address, the number you use, and when it suits you to be"
                        " called."
                    ),
                ),
            ),
            _line("answer", 1, _t("不愿意", "不願意", "No")),
            _line(
                "end",
                2,
                _t(
                    "没关系,我们不会再为此打扰您。再见!",
                    "沒關係,我們不會再為此打擾您。再見!",
                    "That is quite all right; we shall not ask again. Goodbye!",
                ),
            ),
        ],
    },
    "new_policy": {
        "name": _t("新契约回访话术", "新契約回訪話術", "New-policy callback"),
        "opening": _t(
            "{salutation},您好!我是{client}的回访专员{agent}。您近期在我公司投保了{product},按照规定为您做一次新契约回访,请您逐项确认。",
            "{salutation},您好!我是{client}的回訪專員{agent}。您近期在我公司投保了{product},按照規定為您做一次新契約回訪,請您逐項確認。",
            (
                "Hello {salutation}, this is {agent} of {client}. You have lately taken out {product}"
                " with us. The rules ask us to go through a few points with you; please confirm each "
                "of them."
            ),
        ),
        "closing": _t(
            "回访到这里就结束了。感谢{salutation}选择{client},祝您平安健康,再见!",
            "回訪到這裡就結束了。感謝{salutation}選擇{client},祝您平安健康,再見!",
            "That was the last point. Thank you for choosing {client}, {salutation}. Goodbye!",
        ),
        "apology": _t(
            "您刚才没有确认的内容,我会登记为问题件,由专人在犹豫期内向您解释清楚并再次回访。谢谢{salutation},再见!",
            "您剛才沒有確認的內容,我會登記為問題件,由專人在猶豫期內向您解釋清楚並再次回訪。謝謝{salutation},再見!",
            (
                "I am registering what you could not confirm. A colleague will explain it to you "
                "within the cooling-off period and call again. Thank you, {salutation}. Goodbye!"
            ),
        ),
        "steps": [
            _line(
                "check",
                0,
                _t(
                    "为保证服务质量,本次通话会被录音。",
                    "為保證服務品質,本次通話會被錄音。",
                    "To assure the quality of our service, this call is recorded.",
                ),
                code="recording",
            ),
            _line(
                "ask",
                0,
                _t(
                    "请问您是投保人{salutation}本人吗?",
                    "請問您是投保人{salutation}本人嗎?",
                    "Am I speaking to {salutation}, the policyholder?",
                ),
            ),
            _line("answer", 1, _t("是本人", "是本人", "Yes")),
            _line("answer", 1, _t("不是本人", "不是本人", "No")),
            _line(
                "end",
                2,
                _t(
                    "本次回访需要投保人本人接听。请问什么时候方便联系?谢谢,再见!",
                    "本次回訪需要投保人本人接聽。請問什麼時候方便聯繫?謝謝,再見!",
                    "This call is for the policyholder. When may I reach them? Thank you. Goodbye!",
                ),
            ),
            _line(
                "check",
                0,
                _t(
                    "1. 与您核对一下:您是这份保险合同的投保人本人,对吗?",
                    "1. 與您核對一下:您是這份保險合同的投保人本人,對嗎?",
                    "1. Let me confirm: you yourself are the policyholder of this contract?",
                ),
                code="policyholder",
            ),
            _line(
                "check",
                0,
                _t(
                    "2. 您是否购买了{product},投保单和相关文件上的签名是您本人亲笔签的吗?",
                    "2. 您是否購買了{product},投保單和相關檔案上的簽名是您本人親筆籤的嗎?",
                    (
                        "2. Have you bought {product}, and are the signatures on the proposal and the other "
                        "papers your own?"
                    ),
                ),
                code="signature",
            ),
            _line(
                "check",
                0,
                _t(
                    "3. 您是否阅读并理解了产品说明书和投保提示书的内容?",
                    "3. 您是否閱讀並理解了產品說明書和投保提示書的內容?",
                    "3. Have you read and understood the product statement and the notice to applicants?",
                ),
                code="read_terms",
            ),
            _line(
                "check",
                0,
                _t(
                    "4. 您是否知道保险责任、责任免除和保险期间?",
                    "4. 您是否知道保險責任、責任免除和保險期間?",
                    "4. Do you know what is covered, what is excluded and for how long?",
                ),
                code="cover",
            ),
            _line(
                "check",
                0,
                _t(
                    "5. 您是否知道退保可能会受到损失?",
                    "5. 您是否知道退保可能會受到損失?",
                    "5. Do you know that you may lose money if you surrender the policy?",
                ),
                code="surrender_loss",
            ),
            _line(
                "check",
                0,
                _t(
                    "6. 您是否知道犹豫期从什么时候开始、有多长,以及您在犹豫期内的权利?",
                    "6. 您是否知道猶豫期從什麼時候開始、有多長,以及您在猶豫期內的權利?",
                    (
                        "6. Do you know when the cooling-off period begins, how long it lasts, and what your "
                        "rights are in it?"
                    ),
                ),
                code="cooling_off",
            ),
            _line(
                "check",
                0,
                _t(
                    "7. 采用分期缴费的,您是否知道缴费期限和缴费频次?",
                    "7. 採用分期繳費的,您是否知道繳費期限和繳費頻次?",
                    "7. If you pay by instalments: do you know for how long and how often you pay?",
                ),
                code="instalments",
            ),
            _line(
                "ask", 0, _t("以上各项您都确认吗?", "以上各項您都確認嗎?", "Do you confirm all these points?")
            ),
            _line("answer", 1, _t("全部确认", "全部確認", "Confirms all")),
            _line("answer", 1, _t("有未确认的内容", "有未確認的內容", "Does not confirm all")),
            _line(
                "say",
                2,
                _t(
                    "请您说一下是哪一项、哪里不清楚,我为您登记为问题件。",
                    "請您說一下是哪一項、哪裡不清楚,我為您登記為問題件。",
                    "Please tell me which point is unclear; I am registering it as a problem case.",
                ),
            ),
        ],
    },
}
"""The shipped scripts as columns of ``campaigns.ScriptVersion``, by what they are made for; ``name`` is that of the script."""
