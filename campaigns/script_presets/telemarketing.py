"""The shipped script for telemarketing with a trial (CAM-5)."""

from campaigns.script_presets.texts import line, t

PRESET = {
    "name": t("电话营销话术", "電話營銷話術", "Telemarketing"),
    "opening": t(
        "{salutation},您好!我是{client}的客户顾问{agent},给您来电是介绍{product}。",
        "{salutation},您好!我是{client}的客戶顧問{agent},給您來電是介紹{product}。",
        ("Hello {salutation}, this is {agent} of {client}. I am calling to tell you about {product}."),
    ),
    "closing": t(
        "业务已经为您登记,稍后会有确认短信,请按短信回复确认后生效。感谢{salutation},再见!",
        "業務已經為您登記,稍後會有確認簡訊,請按簡訊回覆確認後生效。感謝{salutation},再見!",
        (
            "I have noted your order. You will receive a text message; it takes effect once you "
            "confirm by answering it. Thank you, {salutation}. Goodbye!"
        ),
    ),
    "apology": t(
        "打扰您了,感谢您的坦诚,祝您生活愉快,再见!",
        "打擾您了,感謝您的坦誠,祝您生活愉快,再見!",
        "Sorry to have disturbed you, and thank you for being frank. Goodbye!",
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
                "您愿意听我用一分钟介绍一下吗?",
                "您願意聽我用一分鐘介紹一下嗎?",
                "May I take one minute to explain it?",
            ),
        ),
        line("answer", 1, t("愿意", "願意", "Yes")),
        line("answer", 1, t("不需要", "不需要", "No, thank you")),
        line(
            "end",
            2,
            t(
                "好的,不打扰您了。如果您不希望再接到这类来电,我现在就为您登记。再见!",
                "好的,不打擾您了。如果您不希望再接到這類來電,我現在就為您登記。再見!",
                "All right. If you wish no more calls of this kind, I shall note that now. Goodbye!",
            ),
        ),
        line(
            "check",
            0,
            t(
                "这项业务包含____,使用上的限制是____。",
                "這項業務包含____,使用上的限制是____。",
                "The service includes ____; its limits are ____.",
            ),
            code="functions",
        ),
        line(
            "check",
            0,
            t(
                "开通后您可以这样使用:____。",
                "開通後您可以這樣使用:____。",
                "Once it is activated you use it like this: ____.",
            ),
            code="use",
        ),
        line(
            "check",
            0,
            t(
                "资费是每月____元,从____起收取。",
                "資費是每月____元,從____起收取。",
                "It costs ____ yuan a month from ____ on.",
            ),
            code="price",
        ),
        line(
            "check",
            0,
            t(
                "免费体验期到____为止,到期前我们会再次来电与您确认。",
                "免費體驗期到____為止,到期前我們會再次來電與您確認。",
                "The free trial ends on ____; before then we call you again to confirm.",
            ),
            code="trial_end",
        ),
        line(
            "check",
            0,
            t(
                "您随时可以通过____取消,取消后不再收费。",
                "您隨時可以通過____取消,取消後不再收費。",
                "You can cancel at any time by ____; after that nothing is charged.",
            ),
            code="cancel",
        ),
        line(
            "ask",
            0,
            t(
                "以上内容您都清楚了吗?您同意为您开通吗?",
                "以上內容您都清楚了嗎?您同意為您開通嗎?",
                "Is everything clear to you, and do you agree that we activate it?",
            ),
        ),
        line("answer", 1, t("清楚,同意开通", "清楚,同意開通", "Clear, and agrees")),
        line("answer", 1, t("还有疑问", "還有疑問", "Has a question")),
        line(
            "say",
            2,
            t(
                "请您说一下哪里不清楚,我再为您说明。",
                "請您說一下哪裡不清楚,我再為您說明。",
                "Please tell me what is unclear and I shall explain it again.",
            ),
        ),
        line("answer", 1, t("不同意", "不同意", "Does not agree")),
        line(
            "end",
            2,
            t(
                "好的,我们不会为您开通任何业务。感谢您的接听,再见!",
                "好的,我們不會為您開通任何業務。感謝您的接聽,再見!",
                "All right, nothing will be activated. Thank you for listening. Goodbye!",
            ),
        ),
    ],
}
