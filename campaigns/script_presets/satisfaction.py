"""The shipped script for satisfaction callbacks (CAM-5)."""

from campaigns.script_presets.texts import line, t

PRESET = {
    "name": t("满意度回访话术", "滿意度回訪話術", "Satisfaction callback"),
    "opening": t(
        "{salutation},您好!我是{client}的回访专员{agent},想就您最近的服务听听您的意见。",
        "{salutation},您好!我是{client}的回訪專員{agent},想就您最近的服務聽聽您的意見。",
        (
            "Hello {salutation}, this is {agent} calling for {client}. I would like to hear what "
            "you think of the service you had lately."
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
            t(
                "请问现在方便占用您一分半钟吗?",
                "請問現在方便佔用您一分半鐘嗎?",
                "Do you have a minute and a half for me now?",
            ),
        ),
        line("answer", 1, t("方便", "方便", "Yes")),
        line("answer", 1, t("现在不方便", "現在不方便", "Not now")),
        line(
            "say",
            2,
            t(
                "好的,您看什么时候方便?我按您说的时间再打给您。",
                "好的,您看什麼時候方便?我按您說的時間再打給您。",
                "Of course. When would suit you? I shall call again at the time you say.",
            ),
        ),
        line("end", 2, t("谢谢您,再见!", "謝謝您,再見!", "Thank you. Goodbye!")),
        line(
            "ask",
            0,
            t(
                "总的来说,您对我们的服务满意吗?",
                "總的來說,您對我們的服務滿意嗎?",
                "All in all, are you satisfied with our service?",
            ),
        ),
        line("answer", 1, t("满意", "滿意", "Satisfied")),
        line(
            "say",
            2,
            t(
                "谢谢您的肯定!您还有什么建议吗?",
                "謝謝您的肯定!您還有什麼建議嗎?",
                "Thank you! Is there anything you would suggest to us?",
            ),
        ),
        line("answer", 1, t("一般或不满意", "一般或不滿意", "Neither, or dissatisfied")),
        line(
            "say",
            2,
            t(
                "很抱歉没有让您满意。请问您对哪方面不满意,您觉得应该怎样改进?",
                "很抱歉沒有讓您滿意。請問您對哪方面不滿意,您覺得應該怎樣改進?",
                ("I am sorry to hear that. What were you not satisfied with, and what should we do better?"),
            ),
        ),
    ],
}
