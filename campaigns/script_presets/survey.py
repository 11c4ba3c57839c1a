"""The shipped script for market surveys (CAM-5)."""

from campaigns.script_presets.texts import line, t

PRESET = {
    "name": t("市场调查话术", "市場調查話術", "Market survey"),
    "opening": t(
        "{salutation},您好!我是{agent},受{client}委托做一个简短的调查,不推销任何产品。",
        "{salutation},您好!我是{agent},受{client}委託做一個簡短的調查,不推銷任何產品。",
        (
            "Hello {salutation}, my name is {agent}. {client} has asked us for a short survey; "
            "nothing is sold."
        ),
    ),
    "closing": t(
        "调查到这里就结束了。感谢{salutation}的宝贵意见,再见!",
        "調查到這裡就結束了。感謝{salutation}的寶貴意見,再見!",
        "That was the last question. Thank you for your opinion, {salutation}. Goodbye!",
    ),
    "apology": t(
        "打扰您了,谢谢,再见!",
        "打擾您了,謝謝,再見!",
        "Sorry to have disturbed you. Thank you and goodbye!",
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
                "您的回答只用于统计,不会单独公开。",
                "您的回答只用於統計,不會單獨公開。",
                "Your answers are used for statistics only and never published singly.",
            ),
            code="data_use",
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
            "say",
            0,
            t(
                "一共六个问题,请按您的真实感受回答,没有对错之分。",
                "一共六個問題,請按您的真實感受回答,沒有對錯之分。",
                "There are six questions. Please answer as you feel; there is no right or wrong.",
            ),
        ),
    ],
}
