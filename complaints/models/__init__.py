from complaints.models.churn import ChurnReason, ChurnRule, ChurnWarning, WarningStep
from complaints.models.complaints import Complaint, ComplaintNote, ComplaintStep, Remedy
from complaints.models.contacts import SecondContact, SecondContactStep
from complaints.models.focus import FocusCall, FocusIssue, FocusStep
from complaints.models.issues import DepartmentAnswer, Escalation, Issue, IssueStep
from complaints.models.points import ProblemPoint

__all__ = [
    "ChurnReason",
    "ChurnRule",
    "ChurnWarning",
    "Complaint",
    "ComplaintNote",
    "ComplaintStep",
    "DepartmentAnswer",
    "Escalation",
    "FocusCall",
    "FocusIssue",
    "FocusStep",
    "Issue",
    "IssueStep",
    "ProblemPoint",
    "Remedy",
    "SecondContact",
    "SecondContactStep",
    "WarningStep",
]
