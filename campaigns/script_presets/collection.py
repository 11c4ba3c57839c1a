"""The shipped script for collecting data (CAM-5)."""

from campaigns.script_presets.texts import line, t

PRESET = {
    "name": t("资料核实话术", "資料核實話術", "Data collection"),
    "opening": t(
        "{salutation},您好!我是{client}的客服{agent},想与您核对一下联系资料,以便以后为您服务。",
        "{salutation},您好!我是{client}的客服{agent},想與您核對一下聯繫資料,以便以後為您服務。",
        (
            "Hello {salutation}, this is {agent} of {client}. I would like to check your contact "
            "data with you, so that we can serve you."
        ),
    ),
    "closing": t(
        "资料已经更新。感谢{salutation},再见!",
        "資料已經更新。感謝{salutation},再見!",
        "Your data is up to date. Thank you, {salutation}. Goodbye!",
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
            "check",
            0,
            t(
                "核对的资料只用于为您提供服务;您可以拒绝,也可以随时要求更正或删除。",
                "核對的資料只用於為您提供服務;您可以拒絕,也可以隨時要求更正或刪除。",
                (
                    "The data is used only to serve you. You may decline, and have it corrected or "
                    "deleted at any time."
                ),
            ),
            code="data_use",
        ),
        line("ask", 0, t("您愿意核对吗?", "您願意核對嗎?", "Shall we go through it?")),
        line("answer", 1, t("愿意", "願意", "Yes")),
        line(
            "say",
            2,
            t(
                "请您说一下现在的地址、常用的电话和方便接听的时间。",
                "請您說一下現在的地址、常用的電話和方便接聽的時間。",
                (
                    "Please tell me your present address, the number you use, and when it suits you to be"
                    " called."
                ),
            ),
        ),
        line("answer", 1, t("不愿意", "不願意", "No")),
        line(
            "end",
            2,
            t(
                "没关系,我们不会再为此打扰您。再见!",
                "沒關係,我們不會再為此打擾您。再見!",
                "That is quite all right; we shall not ask again. Goodbye!",
            ),
        ),
    ],
}
