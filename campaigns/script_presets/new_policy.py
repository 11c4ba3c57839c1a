"""The shipped script for callbacks on new policies, with the seven points that the rules ask for (CAM-5)."""

from campaigns.script_presets.texts import line, t

PRESET = {
    "name": t("新契约回访话术", "新契約回訪話術", "New-policy callback"),
    "opening": t(
        "{salutation},您好!我是{client}的回访专员{agent}。您近期在我公司投保了{product},按照规定为您做一次新契约回访,请您逐项确认。",
        "{salutation},您好!我是{client}的回訪專員{agent}。您近期在我公司投保了{product},按照規定為您做一次新契約回訪,請您逐項確認。",
        (
            "Hello {salutation}, this is {agent} of {client}. You have lately taken out {product}"
            " with us. The rules ask us to go through a few points with you; please confirm each "
            "of them."
        ),
    ),
    "closing": t(
        "回访到这里就结束了。感谢{salutation}选择{client},祝您平安健康,再见!",
        "回訪到這裡就結束了。感謝{salutation}選擇{client},祝您平安健康,再見!",
        "That was the last point. Thank you for choosing {client}, {salutation}. Goodbye!",
    ),
    "apology": t(
        "您刚才没有确认的内容,我会登记为问题件,由专人在犹豫期内向您解释清楚并再次回访。谢谢{salutation},再见!",
        "您剛才沒有確認的內容,我會登記為問題件,由專人在猶豫期內向您解釋清楚並再次回訪。謝謝{salutation},再見!",
        (
            "I am registering what you could not confirm. A colleague will explain it to you "
            "within the cooling-off period and call again. Thank you, {salutation}. Goodbye!"
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
                "请问您是投保人{salutation}本人吗?",
                "請問您是投保人{salutation}本人嗎?",
                "Am I speaking to {salutation}, the policyholder?",
            ),
        ),
        line("answer", 1, t("是本人", "是本人", "Yes")),
        line("answer", 1, t("不是本人", "不是本人", "No")),
        line(
            "end",
            2,
            t(
                "本次回访需要投保人本人接听。请问什么时候方便联系?谢谢,再见!",
                "本次回訪需要投保人本人接聽。請問什麼時候方便聯繫?謝謝,再見!",
                "This call is for the policyholder. When may I reach them? Thank you. Goodbye!",
            ),
        ),
        line(
            "check",
            0,
            t(
                "1. 与您核对一下:您是这份保险合同的投保人本人,对吗?",
                "1. 與您核對一下:您是這份保險合同的投保人本人,對嗎?",
                "1. Let me confirm: you yourself are the policyholder of this contract?",
            ),
            code="policyholder",
        ),
        line(
            "check",
            0,
            t(
                "2. 您是否购买了{product},投保单和相关文件上的签名是您本人亲笔签的吗?",
                "2. 您是否購買了{product},投保單和相關檔案上的簽名是您本人親筆籤的嗎?",
                (
                    "2. Have you bought {product}, and are the signatures on the proposal and the other "
                    "papers your own?"
                ),
            ),
            code="signature",
        ),
        line(
            "check",
            0,
            t(
                "3. 您是否阅读并理解了产品说明书和投保提示书的内容?",
                "3. 您是否閱讀並理解了產品說明書和投保提示書的內容?",
                "3. Have you read and understood the product statement and the notice to applicants?",
            ),
            code="read_terms",
        ),
        line(
            "check",
            0,
            t(
                "4. 您是否知道保险责任、责任免除和保险期间?",
                "4. 您是否知道保險責任、責任免除和保險期間?",
                "4. Do you know what is covered, what is excluded and for how long?",
            ),
            code="cover",
        ),
        line(
            "check",
            0,
            t(
                "5. 您是否知道退保可能会受到损失?",
                "5. 您是否知道退保可能會受到損失?",
                "5. Do you know that you may lose money if you surrender the policy?",
            ),
            code="surrender_loss",
        ),
        line(
            "check",
            0,
            t(
                "6. 您是否知道犹豫期从什么时候开始、有多长,以及您在犹豫期内的权利?",
                "6. 您是否知道猶豫期從什麼時候開始、有多長,以及您在猶豫期內的權利?",
                (
                    "6. Do you know when the cooling-off period begins, how long it lasts, and what your "
                    "rights are in it?"
                ),
            ),
            code="cooling_off",
        ),
        line(
            "check",
            0,
            t(
                "7. 采用分期缴费的,您是否知道缴费期限和缴费频次?",
                "7. 採用分期繳費的,您是否知道繳費期限和繳費頻次?",
                "7. If you pay by instalments: do you know for how long and how often you pay?",
            ),
            code="instalments",
        ),
        line("ask", 0, t("以上各项您都确认吗?", "以上各項您都確認嗎?", "Do you confirm all these points?")),
        line("answer", 1, t("全部确认", "全部確認", "Confirms all")),
        line("answer", 1, t("有未确认的内容", "有未確認的內容", "Does not confirm all")),
        line(
            "say",
            2,
            t(
                "请您说一下是哪一项、哪里不清楚,我为您登记为问题件。",
                "請您說一下是哪一項、哪裡不清楚,我為您登記為問題件。",
                "Please tell me which point is unclear; I am registering it as a problem case.",
            ),
        ),
    ],
}
