"""What issues and complaints tell about a customer (CUS-11)."""

from complaints.models import SecondContact
from customers.personal import REGISTRY, Kept, steps


def declare():
    """Add this app's models to the list that erasure, retention and copies go by."""
    issue, case = "issue__customer", "complaint__customer"
    REGISTRY.declare(
        Kept(
            "complaints.Issue",
            clear={"description": "", "suggestion": "", "competitor": ""},
            kind="cases",
            at="solved_at",
            bell="issue",
        ),
        steps("complaints.IssueStep", "case__customer", kind="cases", at="case__solved_at"),
        Kept("complaints.DepartmentAnswer", issue, {"text": ""}, kind="cases", at="issue__solved_at"),
        Kept("complaints.Escalation", issue),
        Kept(
            "complaints.SecondContact",
            issue,
            {"note": ""},
            # Erasure makes a dash of it: a leave without its reason cannot stand (``forget_reasons``).
            ("override_reason",),
            kind="cases",
            at="issue__solved_at",
        ),
        steps(
            "complaints.SecondContactStep", "case__issue__customer", kind="cases", at="case__issue__solved_at"
        ),
        Kept("complaints.FocusCall", issue),
        Kept(
            "complaints.Complaint",
            clear=dict.fromkeys(("content", "demand", "judgement", "finding", "prevention"), ""),
            kind="cases",
            at="closed_at",
            bell="complaint",
        ),
        steps("complaints.ComplaintStep", "case__customer", kind="cases", at="case__closed_at"),
        Kept("complaints.ComplaintNote", case, {"text": ""}, kind="cases", at="complaint__closed_at"),
        Kept(
            "complaints.Remedy",
            case,
            dict.fromkeys(("text", "benefit", "risk"), ""),
            kind="cases",
            at="complaint__closed_at",
        ),
        Kept("complaints.ChurnWarning"),
        steps("complaints.WarningStep", "case__customer", kind="cases", at="case__closed_at"),
        Kept(
            "complaints.ChurnReason",
            "warning__customer",
            {"facts": {}},
            kind="cases",
            at="warning__closed_at",
        ),
    )
    REGISTRY.on_erase(forget_reasons)


def forget_reasons(customer_ids, client_ids):
    """Reasons of a lead's leave: the row must keep one, so it keeps a dash."""
    SecondContact.objects.filter(issue__customer__in=customer_ids).exclude(override_reason="").update(
        override_reason="—"
    )
