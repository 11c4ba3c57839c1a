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

CUSTOMERS = {}

SURVEYS = {}

CAMPAIGNS = {}

CALLBACKS = {}

COMPLAINTS = {}

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
