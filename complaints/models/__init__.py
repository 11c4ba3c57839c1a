from complaints.models.complaints import Complaint, ComplaintStep, Remedy
from complaints.models.issues import (
    DepartmentAnswer,
    Escalation,
    Issue,
    IssueStep,
    ProblemPoint,
    SecondContact,
)

__all__ = [
    "Complaint",
    "ComplaintStep",
    "DepartmentAnswer",
    "Escalation",
    "Issue",
    "IssueStep",
    "ProblemPoint",
    "Remedy",
    "SecondContact",
]
