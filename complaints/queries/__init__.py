from complaints.queries.complaints import complaint_of_task
from complaints.queries.contacts import contact_of_task, level3_result, open_contact, open_issues_of
from complaints.queries.focus import active_points, published_focus
from complaints.queries.issues import customer_issues, department_efficiency

__all__ = [
    "active_points",
    "complaint_of_task",
    "contact_of_task",
    "customer_issues",
    "department_efficiency",
    "level3_result",
    "open_contact",
    "open_issues_of",
    "published_focus",
]
