"""The shipped script for care calls (CAM-5)."""

from campaigns.script_presets.texts import line, t

PRESET = {
    "name": t("售后关怀话术", "售後關懷話術", "After-sales care"),
    "opening": t(
        "{salutation},您好!我是{client}的客服{agent},您的{product}已经使用了一段时间,想关心一下使用情况。",
        "{salutation},您好!我是{client}的客服{agent},您的{product}已經使用了一段時間,想關心一下使用情況。",
        (
            "Hello {salutation}, this is {agent} of {client}. You have had your {product} for a "
            "while, and I would like to know how it is working."
        ),
    ),
    "closing": t(
        "感谢{salutation}的配合,祝您生活愉快,再见!",
        "感謝{salutation}的配合,祝您生活愉快,再見!",
        "Thank you for your time, {salutation}. Have a good day. Goodbye!",
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
            t("请问使用起来都正常吗?", "請問使用起來都正常嗎?", "Is everything working as it should?"),
        ),
        line("answer", 1, t("正常", "正常", "Yes")),
        line(
            "say",
            2,
            t(
                "太好了。提醒您按说明定期保养,保修期内有问题随时联系我们。",
                "太好了。提醒您按說明定期保養,保修期內有問題隨時聯繫我們。",
                "Good. Please have it serviced as the manual says; within the warranty just call us.",
            ),
        ),
        line("answer", 1, t("有故障", "有故障", "There is a fault")),
        line(
            "say",
            2,
            t(
                "很抱歉。请说一下故障的现象,我为您登记报修,工程师会与您约上门时间。",
                "很抱歉。請說一下故障的現象,我為您登記報修,工程師會與您約上門時間。",
                (
                    "I am sorry. Please describe it; I am registering a repair, and the technician will "
                    "agree on a time with you."
                ),
            ),
        ),
        line("answer", 1, t("不会用", "不會用", "Does not know how to use it")),
        line(
            "say",
            2,
            t(
                "我一步一步告诉您,您可以边听边操作。",
                "我一步一步告訴您,您可以邊聽邊操作。",
                "Let me explain it step by step; you can try it while we talk.",
            ),
        ),
    ],
}
