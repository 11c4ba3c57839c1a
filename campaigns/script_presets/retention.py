"""The shipped script for keeping customers who may leave (CAM-5)."""

from campaigns.script_presets.texts import line, t

PRESET = {
    "name": t("客户挽留话术", "客戶挽留話術", "Retention"),
    "opening": t(
        "{salutation},您好!我是{client}的客户顾问{agent}。您是我们的老客户,想了解一下您最近使用得怎么样。",
        "{salutation},您好!我是{client}的客戶顧問{agent}。您是我們的老客戶,想了解一下您最近使用得怎麼樣。",
        (
            "Hello {salutation}, this is {agent} of {client}. You have been our customer for a "
            "long time, and I would like to know how you are getting on."
        ),
    ),
    "closing": t(
        "谢谢{salutation}一直以来的支持,再见!",
        "謝謝{salutation}一直以來的支援,再見!",
        "Thank you for your loyalty, {salutation}. Goodbye!",
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
                "请问您最近有没有考虑换到别家?",
                "請問您最近有沒有考慮換到別家?",
                "Have you been thinking of moving to somebody else?",
            ),
        ),
        line("answer", 1, t("没有", "沒有", "No")),
        line(
            "say",
            2,
            t(
                "太好了。您对我们还有什么期望?",
                "太好了。您對我們還有什麼期望?",
                "I am glad. What else would you wish from us?",
            ),
        ),
        line("answer", 1, t("有考虑", "有考慮", "Yes")),
        line("ask", 2, t("主要是什么原因呢?", "主要是什麼原因呢?", "What is the main reason?")),
        line("answer", 3, t("价格", "價格", "Price")),
        line(
            "say",
            4,
            t(
                "我帮您看看有没有更适合您用量的方案。",
                "我幫您看看有沒有更適合您用量的方案。",
                "Let me see whether another plan suits what you use.",
            ),
        ),
        line("answer", 3, t("服务或质量", "服務或品質", "Service or quality")),
        line(
            "say",
            4,
            t(
                "很抱歉。我把情况记下来,请责任部门处理后给您答复。",
                "很抱歉。我把情況記下來,請責任部門處理後給您答覆。",
                "I am sorry. I am noting it down, and the department will answer you.",
            ),
        ),
        line("answer", 3, t("已经决定离开", "已經決定離開", "Has decided to leave")),
        line(
            "end",
            4,
            t(
                "尊重您的决定。取消不会有任何阻碍,我现在告诉您怎么办理。谢谢您,再见!",
                "尊重您的決定。取消不會有任何阻礙,我現在告訴您怎麼辦理。謝謝您,再見!",
                (
                    "I respect that. Nothing will stand in your way; let me tell you how it is done. "
                    "Thank you and goodbye!"
                ),
            ),
        ),
    ],
}
