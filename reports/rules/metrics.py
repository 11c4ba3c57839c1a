"""The metric registry: one definition of every KPI, read by the page, the workbook and the API (KPI-1).

A metric is a count, or the quotient of two named counts. Names of the counts are those of
``reports.queries.counts``. Sources: domain.md section 5 (the id in ``source``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

Number = int | Decimal
Texts = Mapping[str, str]


@dataclass(frozen=True)
class Metric:
    """``unit``: count, share (0 … 1), seconds, number, score, per10k. ``better``: up, down or ``""``."""

    code: str
    source: str
    name: Texts
    formula: Texts
    unit: str
    numerator: str
    denominator: str = ""
    better: str = ""
    group: str = "result"
    scale: int = 1

    def parts(self, counts: Mapping[str, Number | None]) -> tuple[Number | None, Number | None]:
        """Numerator and denominator taken from ``counts``; None where a count does not exist for the selection."""
        return counts.get(self.numerator), counts.get(self.denominator) if self.denominator else None

    def value(self, counts: Mapping[str, Number | None]) -> Decimal | None:
        """The metric's value; None (shown as a dash) when the denominator is zero or a count is missing."""
        numerator, denominator = self.parts(counts)
        if numerator is None:
            return None
        if not self.denominator:
            return Decimal(numerator)
        if not denominator:
            return None
        return Decimal(numerator) * self.scale / Decimal(denominator)

    def sample_size(self, counts: Mapping[str, Number | None]) -> int | None:
        """n behind a share, for intervals and for greying small samples; None for counts."""
        denominator = counts.get(self.denominator) if self.denominator else None
        return int(denominator) if self.unit == "share" and denominator is not None else None


def _t(hans: str, hant: str, en: str) -> Texts:
    return {"zh-hans": hans, "zh-hant": hant, "en": en}


METRICS: tuple[Metric, ...] = (
    Metric(
        "account_size",
        "D1",
        _t("客户数据总量", "客戶資料總量", "Account size"),
        _t("载入的不同客户数", "載入的不同客戶數", "distinct accounts loaded"),
        "count",
        "accounts",
        group="data",
    ),
    Metric(
        "useless_data",
        "D2",
        _t("无效数据量", "無效資料量", "Useless data"),
        _t("以无效结果关闭的客户数", "以無效結果關閉的客戶數", "accounts closed with a useless result"),
        "count",
        "accounts_useless",
        better="down",
        group="data",
    ),
    Metric(
        "corruption_rate",
        "D3",
        _t("无效数据比率", "無效資料比率", "Corruption rate"),
        _t("无效数据量 ÷ 客户数据总量", "無效資料量 ÷ 客戶資料總量", "useless data ÷ account size"),
        "share",
        "accounts_useless",
        "accounts",
        better="down",
        group="data",
    ),
    Metric(
        "accounts_called",
        "P1",
        _t("外拨客户量", "外撥客戶量", "Accounts called"),
        _t("至少拨打一次的客户数", "至少撥打一次的客戶數", "accounts with at least one attempt"),
        "count",
        "accounts_called",
        better="up",
        group="data",
    ),
    Metric(
        "calls",
        "P2",
        _t("通话记录数", "通話記錄數", "Calls"),
        _t("通话记录行数", "通話記錄列數", "call records"),
        "count",
        "calls",
        better="up",
    ),
    Metric(
        "dials",
        "P2",
        _t("电话外拨次数", "電話外撥次數", "Calls made"),
        _t("全部拨打次数", "全部撥打次數", "all attempts"),
        "count",
        "dials",
        better="up",
    ),
    Metric(
        "average_attempts",
        "P3",
        _t("平均外拨圈数", "平均外撥圈數", "Average calling attempts"),
        _t(
            "未能联系客户的拨打次数 ÷ 这些客户数",
            "未能聯繫客戶的撥打次數 ÷ 這些客戶數",
            "attempts to called but unreached accounts ÷ those accounts",
        ),
        "number",
        "dials_unreached",
        "accounts_unreached",
        better="down",
    ),
    Metric(
        "connect_rate",
        "R1",
        _t("接通率", "接通率", "Connect rate"),
        _t("接通次数 ÷ 电话外拨次数", "接通次數 ÷ 電話外撥次數", "connected calls ÷ calls made"),
        "share",
        "connected",
        "dials",
        better="up",
    ),
    Metric(
        "reachable_accounts",
        "R3",
        _t("成功联系量", "成功聯繫量", "Reachable accounts"),
        _t("与本人通话的客户数", "與本人通話的客戶數", "accounts whose right party was reached"),
        "count",
        "accounts_reached",
        better="up",
    ),
    Metric(
        "reachable_rate",
        "R5",
        _t("成功联系率", "成功聯繫率", "Reachable rate"),
        _t(
            "成功联系量 ÷（客户数据总量 − 无效数据量）",
            "成功聯繫量 ÷（客戶資料總量 − 無效資料量）",
            "reachable accounts ÷ (account size − useless data)",
        ),
        "share",
        "accounts_reached",
        "accounts_valid",
        better="up",
    ),
    Metric(
        "completed_accounts",
        "R6",
        _t("外呼成功量", "外呼成功量", "Completed accounts"),
        _t("完成访问的客户数", "完成訪問的客戶數", "accounts completed"),
        "count",
        "accounts_completed",
        better="up",
    ),
    Metric(
        "completed_rate",
        "R6",
        _t("外呼成功率", "外呼成功率", "Completed rate"),
        _t("外呼成功量 ÷ 成功联系量", "外呼成功量 ÷ 成功聯繫量", "completed accounts ÷ reachable accounts"),
        "share",
        "accounts_completed",
        "accounts_reached",
        better="up",
    ),
    Metric(
        "sold_accounts",
        "R7",
        _t("在线成功量", "線上成功量", "Successful accounts"),
        _t("成交的客户数", "成交的客戶數", "accounts with a sale"),
        "count",
        "accounts_sold",
        better="up",
    ),
    Metric(
        "hit_rate",
        "R7",
        _t("在线成功率", "線上成功率", "Hit rate"),
        _t("在线成功量 ÷ 外呼成功量", "線上成功量 ÷ 外呼成功量", "successful accounts ÷ completed accounts"),
        "share",
        "accounts_sold",
        "accounts_completed",
        better="up",
    ),
    Metric(
        "yield",
        "R8",
        _t("问卷总成功率", "問卷總成功率", "Yield"),
        _t(
            "外呼成功量 ÷（客户数据总量 − 无效数据量）",
            "外呼成功量 ÷（客戶資料總量 − 無效資料量）",
            "completed accounts ÷ (account size − useless data)",
        ),
        "share",
        "accounts_completed",
        "accounts_valid",
        better="up",
    ),
    Metric(
        "refusal_rate",
        "R9",
        _t("拒访率", "拒訪率", "Refusal rate"),
        _t("拒访客户数 ÷ 成功联系量", "拒訪客戶數 ÷ 成功聯繫量", "refusing accounts ÷ reachable accounts"),
        "share",
        "accounts_refused",
        "accounts_reached",
        better="down",
    ),
    Metric(
        "long_share",
        "R12",
        _t("超时占比", "逾時占比", "Share over the length guide"),
        _t(
            "超过时长参考的成功通话 ÷ 成功通话",
            "超過時長參考的成功通話 ÷ 成功通話",
            "completed calls over the length guide ÷ completed calls",
        ),
        "share",
        "completed_long",
        "completed",
        better="down",
    ),
    Metric(
        "talk_time",
        "W8",
        _t("平均通话时长", "平均通話時長", "Average talk time"),
        _t("通话秒数 ÷ 接通次数", "通話秒數 ÷ 接通次數", "talk seconds ÷ connected calls"),
        "seconds",
        "talk_seconds",
        "connected",
        group="efficiency",
    ),
    Metric(
        "handle_time",
        "W6",
        _t("平均处理时长", "平均處理時長", "Average handle time"),
        _t(
            "（准备 + 通话 + 保持 + 话后）秒数 ÷ 通话记录数",
            "（準備 + 通話 + 保留 + 話後）秒數 ÷ 通話記錄數",
            "(preparation + talk + hold + after-call) seconds ÷ calls",
        ),
        "seconds",
        "handle_seconds",
        "calls",
        better="down",
        group="efficiency",
    ),
    Metric(
        "handle_time_connected",
        "W7",
        _t("平均处理时长（标准）", "平均處理時長（標準）", "Average handle time (standard)"),
        _t(
            "接通电话的（通话 + 保持 + 话后）秒数 ÷ 接通次数",
            "接通電話的（通話 + 保留 + 話後）秒數 ÷ 接通次數",
            "(talk + hold + after-call) seconds of connected calls ÷ connected calls",
        ),
        "seconds",
        "connected_handle_seconds",
        "connected",
        better="down",
        group="efficiency",
    ),
    Metric(
        "quality_score",
        "Q5",
        _t("质检均分", "質檢均分", "Mean QA score"),
        _t("质检得分合计 ÷ 已评录音", "質檢得分合計 ÷ 已評錄音", "sum of scores ÷ reviewed calls"),
        "score",
        "score_sum",
        "scored",
        better="up",
        group="quality",
    ),
    Metric(
        "fatal_rate",
        "Q1",
        _t("致命性错误率", "致命性錯誤率", "Fatal error rate"),
        _t(
            "有致命错误的录音 ÷ 已评录音",
            "有致命錯誤的錄音 ÷ 已評錄音",
            "reviewed calls with a fatal error ÷ reviewed calls",
        ),
        "share",
        "fatal",
        "reviewed",
        better="down",
        group="quality",
    ),
    Metric(
        "pass_rate",
        "Q6",
        _t("合格率", "合格率", "Pass rate"),
        _t("合格录音 ÷ 已评录音", "合格錄音 ÷ 已評錄音", "passed ÷ reviewed calls"),
        "share",
        "passed",
        "reviewed",
        better="up",
        group="quality",
    ),
    Metric(
        "review_completion",
        "Q8",
        _t("抽检完成率", "抽檢完成率", "Sample completed"),
        _t("已评 ÷ 应抽", "已評 ÷ 應抽", "reviewed ÷ sampled"),
        "share",
        "reviewed",
        "sampled",
        better="up",
        group="quality",
    ),
    Metric(
        "valid_order_rate",
        "Q7",
        _t("有效单率", "有效單率", "Valid order rate"),
        _t("未作废订单 ÷ 全部订单", "未作廢訂單 ÷ 全部訂單", "orders not void ÷ orders"),
        "share",
        "orders_not_void",
        "orders",
        better="up",
        group="quality",
    ),
    Metric(
        "issues_raised",
        "I9",
        _t("客户问题数", "客戶問題數", "Issues raised"),
        _t("登记的问题数", "登記的問題數", "issues raised"),
        "count",
        "issues",
        group="issues",
    ),
    Metric(
        "issue_timeliness",
        "I4",
        _t("问题及时率", "問題及時率", "Issues answered in time"),
        _t(
            "期限内答复 ÷ 期限已到的问题",
            "期限內答覆 ÷ 期限已到的問題",
            "answered within the deadline ÷ issues whose deadline has passed",
        ),
        "share",
        "issues_in_time",
        "issues_due",
        better="up",
        group="issues",
    ),
    Metric(
        "second_contact_timeliness",
        "I6",
        _t("二次回访及时率", "二次回訪及時率", "Second contacts in time"),
        _t("按期完成 ÷ 到期的二次回访", "按期完成 ÷ 到期的二次回訪", "done in time ÷ second contacts due"),
        "share",
        "second_in_time",
        "second_due",
        better="up",
        group="issues",
    ),
    Metric(
        "complaint_rate",
        "K1",
        _t("万投比", "萬投比", "Complaints per 10,000"),
        _t(
            "投诉数 × 10,000 ÷ 成功联系次数",
            "投訴數 × 10,000 ÷ 成功聯繫次數",
            "complaints × 10,000 ÷ contacts reached",
        ),
        "per10k",
        "complaints",
        "reached",
        better="down",
        group="issues",
        scale=10_000,
    ),
    Metric(
        "founded_complaints",
        "K2",
        _t("有责投诉", "有責投訴", "Founded complaints"),
        _t("判定成立的投诉", "判定成立的投訴", "complaints judged founded"),
        "count",
        "complaints_founded",
        better="down",
        group="issues",
    ),
    Metric(
        "satisfied_share",
        "CSAT",
        _t("满意率", "滿意率", "Satisfied share (top 2)"),
        _t("4 分和 5 分 ÷ 有效评分", "4 分和 5 分 ÷ 有效評分", "scores 4 and 5 ÷ valid scores"),
        "share",
        "csat_top",
        "csat_n",
        better="up",
        group="satisfaction",
    ),
    Metric(
        "satisfaction_mean",
        "CSAT",
        _t("满意度均分", "滿意度均分", "Mean satisfaction"),
        _t("评分合计 ÷ 有效评分", "評分合計 ÷ 有效評分", "sum of scores ÷ valid scores"),
        "number",
        "csat_sum",
        "csat_n",
        better="up",
        group="satisfaction",
    ),
)
BY_CODE = {metric.code: metric for metric in METRICS}
