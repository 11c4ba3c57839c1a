"""The shipped script for dunning (CAM-5)."""

from campaigns.script_presets.texts import line, t

PRESET = {
    "name": t("催缴话术", "催繳話術", "Payment reminder"),
    "opening": t(
        "{salutation},您好!我是{client}的客服{agent}。您的账户有一笔款项可能忘记缴纳了,特地提醒您一下。",
        "{salutation},您好!我是{client}的客服{agent}。您的帳戶有一筆款項可能忘記繳納了,特地提醒您一下。",
        (
            "Hello {salutation}, this is {agent} of {client}. A payment on your account may have "
            "slipped your mind, so I am calling to remind you."
        ),
    ),
    "legal_opening": t(
        "{salutation},您好。我是{client}的{agent}。您的账户欠款已经超过三个月,现正式通知您:如仍不缴清,我方将依照合同和法律规定处理。",
        "{salutation},您好。我是{client}的{agent}。您的帳戶欠款已經超過三個月,現正式通知您:如仍不繳清,我方將依照合同和法律規定處理。",
        (
            "Hello {salutation}, this is {agent} of {client}. Your account has been in arrears "
            "for more than three months. This is a formal notice: unless it is settled, we shall "
            "proceed as the contract and the law provide."
        ),
    ),
    "closing": t(
        "请您在约定的日期前缴清。谢谢{salutation},再见!",
        "請您在約定的日期前繳清。謝謝{salutation},再見!",
        "Please settle it by the date we agreed on. Thank you, {salutation}. Goodbye!",
    ),
    "apology": t(
        "给您带来不便,我们深表歉意。您说的问题我已经记下,会马上转给责任部门,并再与您联系。谢谢{salutation},再见!",
        "給您帶來不便,我們深表歉意。您說的問題我已經記下,會馬上轉給責任部門,並再與您聯繫。謝謝{salutation},再見!",
        (
            "We are sorry for the trouble. I have noted what you told me, am passing it on at "
            "once, and we shall call you back. Thank you, {salutation}. Goodbye!"
        ),
    ),
    "steps": [
        line(
            "check",
            0,
            t(
                "为保证服务质量,本次通话会被录音。",
                "為保證服務品質,本次通話會被錄音。",
                "To assure the quality of our service, this call is recorded.",
            ),
            code="recording",
        ),
        line(
            "ask",
            0,
            t(
                "请问您是{salutation}本人吗?",
                "請問您是{salutation}本人嗎?",
                "Am I speaking to {salutation}?",
            ),
        ),
        line("answer", 1, t("是本人", "是本人", "Yes")),
        line("answer", 1, t("不是本人", "不是本人", "No")),
        line(
            "say",
            2,
            t(
                "请问什么时候方便联系到本人?",
                "請問什麼時候方便聯繫到本人?",
                "When can I reach them, please?",
            ),
        ),
        line(
            "end",
            2,
            t(
                "好的,打扰您了,再见!",
                "好的,打擾您了,再見!",
                "Thank you, and sorry to have disturbed you. Goodbye!",
            ),
        ),
        line(
            "say",
            0,
            t(
                "可能是您工作忙忘记了,方便的时候缴一下就可以,您可以在网上、营业厅或银行办理。",
                "可能是您工作忙忘記了,方便的時候繳一下就可以,您可以在網上、營業廳或銀行辦理。",
                (
                    "You may simply have been busy. You can pay online, at a counter or at a bank "
                    "whenever it suits you."
                ),
            ),
            wording="friendly",
        ),
        line(
            "say",
            0,
            t(
                "欠款会影响您的信用记录,并产生合同约定的违约金。请您在七日内缴清。",
                "欠款會影響您的信用記錄,併產生合同約定的違約金。請您在七日內繳清。",
                (
                    "Arrears affect your credit record and bear the charges of the contract. Please "
                    "settle them within seven days."
                ),
            ),
            wording="legal",
        ),
        line("ask", 0, t("请问您打算哪一天缴纳?", "請問您打算哪一天繳納?", "On which day will you pay?")),
        line("answer", 1, t("说出了日期", "說出了日期", "Names a day")),
        line(
            "say",
            2,
            t(
                "好的,我记下这个日期,到时候再与您确认。",
                "好的,我記下這個日期,到時候再與您確認。",
                "Thank you, I am noting that day and shall call to confirm.",
            ),
        ),
        line("answer", 1, t("对金额有异议", "對金額有異議", "Disputes the amount")),
        line(
            "say",
            2,
            t(
                "我为您登记异议,由责任部门核实后答复您,核实期间不再催缴。",
                "我為您登記異議,由責任部門核實後答覆您,核實期間不再催繳。",
                (
                    "I am noting your objection. The department will check it and answer you; until then "
                    "you are not reminded again."
                ),
            ),
        ),
        line("answer", 1, t("暂时有困难", "暫時有困難", "Is in difficulties")),
        line(
            "say",
            2,
            t(
                "理解您的难处,我可以为您申请分期。",
                "理解您的難處,我可以為您申請分期。",
                "I understand. I can apply for payment by instalments for you.",
            ),
        ),
    ],
}
