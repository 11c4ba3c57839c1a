"""Who may open what (ORG-2): one line per URL name, kept by hand as the second opinion on the views' decorators.

A value is ``PUBLIC``, ``SIGNED_IN``, ``NOBODY`` or the set of roles (administrators may everything else). A URL of the API whose
methods differ has a dict by method. Whoever adds a URL adds its line; ``test_role_matrix`` prints the missing ones.
"""

from callcenter.access import Role

PUBLIC = "public"
SIGNED_IN = "signed in"
NOBODY = "nobody"

AGENT, LEAD, QA, QA_SUPERVISOR = Role.AGENT, Role.LEAD, Role.QA, Role.QA_SUPERVISOR
COMPLAINT, DEPARTMENT, MANAGER = Role.COMPLAINT, Role.DEPARTMENT, Role.MANAGER
TRAINER, CLIENT, ADMIN = Role.TRAINER, Role.CLIENT, Role.ADMIN
EVERYBODY = frozenset(Role)

KERNEL = {
    "home": SIGNED_IN,
    "login": PUBLIC,
    "logout": PUBLIC,
    "set_language": PUBLIC,
    "jobs": SIGNED_IN,
    "job": SIGNED_IN,
    "job_cancel": SIGNED_IN,
    "job_file": SIGNED_IN,
    "notifications": SIGNED_IN,
    "notifications_read": SIGNED_IN,
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "schema": EVERYBODY,
    "docs": EVERYBODY,
}

PEOPLE = {
    "people:list": {LEAD, MANAGER, TRAINER},
    "people:person": {LEAD, MANAGER, TRAINER},
    "people:account": SIGNED_IN,
    "people:password": SIGNED_IN,
    "people:token_create": SIGNED_IN,
    "people:token_revoke": SIGNED_IN,
}

CUSTOMERS = {
    "customers:list": {LEAD, MANAGER, COMPLAINT},
    "customers:detail": {LEAD, MANAGER, COMPLAINT, QA, QA_SUPERVISOR},
    "customers:permission": {LEAD, MANAGER, COMPLAINT, QA, QA_SUPERVISOR},
    "customers:new": {LEAD, MANAGER},
    "customers:edit": {LEAD, MANAGER},
    "customers:phone_new": {LEAD, MANAGER},
    "customers:phone_state": {LEAD, MANAGER},
    "customers:phone_prefer": {LEAD, MANAGER},
    "customers:consent": {LEAD, MANAGER, COMPLAINT},
    "customers:block": {LEAD, MANAGER, COMPLAINT},
    "customers:unblock": {LEAD, MANAGER},
    "customers:reveal": {LEAD, MANAGER, COMPLAINT},
    "customers:import": {LEAD, MANAGER},
    "customers:import_columns": {LEAD, MANAGER},
    "customers:import_preview": {LEAD, MANAGER},
    "customers:import_start": {LEAD, MANAGER},
    "api_customers": {LEAD, MANAGER},
    "api_customer": {LEAD, MANAGER},
    "api_customer_by_number": {LEAD, MANAGER},
    "api_customer_import": {LEAD, MANAGER},
    "api_events": {LEAD, MANAGER},
    "api_blacklist": {LEAD, MANAGER},
}

SURVEYS = {}

CAMPAIGNS = {}

CALLBACKS = {}

COMPLAINTS = {
    "complaints:issues": {AGENT, LEAD, MANAGER, COMPLAINT, DEPARTMENT},
    "complaints:issue": {AGENT, LEAD, MANAGER, COMPLAINT, DEPARTMENT},
    "complaints:issue_new": {LEAD, MANAGER, COMPLAINT},
    "complaints:issue_answer": {DEPARTMENT},
    "complaints:issue_verb": {LEAD, MANAGER, COMPLAINT},
    "complaints:contact_allow": {LEAD, MANAGER},
    "complaints:customer_issues": {AGENT, LEAD, MANAGER, COMPLAINT, DEPARTMENT},
    "complaints:focus": {AGENT, LEAD, MANAGER, COMPLAINT, QA, QA_SUPERVISOR, DEPARTMENT},
    "complaints:focus_banner": {AGENT, LEAD, MANAGER, COMPLAINT, QA, QA_SUPERVISOR, DEPARTMENT},
    "complaints:focus_detail": {AGENT, LEAD, MANAGER, COMPLAINT, QA, QA_SUPERVISOR, DEPARTMENT},
    "complaints:focus_notice": {LEAD, MANAGER},
    "complaints:focus_resolve": {DEPARTMENT},
    "complaints:list": {LEAD, MANAGER, COMPLAINT, DEPARTMENT},
    "complaints:new": {LEAD, MANAGER, COMPLAINT},
    "complaints:detail": {LEAD, MANAGER, COMPLAINT, DEPARTMENT},
    "complaints:verb": {LEAD, MANAGER, COMPLAINT},
    "complaints:note_add": {LEAD, MANAGER, COMPLAINT, DEPARTMENT},
    "api-issues": {
        "GET": {AGENT, LEAD, MANAGER, COMPLAINT, DEPARTMENT, CLIENT},
        "POST": {AGENT, LEAD, MANAGER, COMPLAINT},
    },
    "api-issue": {AGENT, LEAD, MANAGER, COMPLAINT, DEPARTMENT, CLIENT},
    "api-issue-answer": {DEPARTMENT},
    "api-complaints": {
        "GET": {LEAD, MANAGER, COMPLAINT, DEPARTMENT},
        "POST": {LEAD, MANAGER, COMPLAINT},
    },
    "api-complaint": {LEAD, MANAGER, COMPLAINT, DEPARTMENT},
    "api-complaint-verb": {LEAD, MANAGER, COMPLAINT},
}

QA_PAGES = {}

DESK = {}

REPORTS = {}

# Django's administration as a whole is for administrators; its sign-in page only sends to ours.
ADMINISTRATION = {
    "admin:": {ADMIN},
    "admin:login": PUBLIC,
    "admin:people_user_delete": NOBODY,
    "admin:callcenter_accesslog_add": NOBODY,
    "admin:callcenter_accesslog_delete": NOBODY,
    "admin:callcenter_pulse_add": NOBODY,
    "admin:callcenter_pulse_delete": NOBODY,
    "admin:callcenter_stuckrow_add": NOBODY,
    "admin:callcenter_stuckrow_delete": NOBODY,
    "admin:axes_accessattempt_add": NOBODY,
    "admin:axes_accessfailurelog_add": NOBODY,
    "admin:axes_accesslog_add": NOBODY,
}

ACCESS = (
    KERNEL | PEOPLE | CUSTOMERS | SURVEYS | CAMPAIGNS | CALLBACKS | COMPLAINTS | QA_PAGES | DESK | REPORTS
) | ADMINISTRATION
