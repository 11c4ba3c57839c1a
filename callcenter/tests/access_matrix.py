"""Who may open what (ORG-2): one line per URL name, kept by hand as the second opinion on the views' decorators.

A value is ``PUBLIC``, ``SIGNED_IN`` or the set of roles (administrators may everything). A URL of the API whose
methods differ has a dict by method. Whoever adds a URL adds its line; ``test_role_matrix`` prints the missing ones.
"""

from callcenter.access import Role

PUBLIC = "public"
SIGNED_IN = "signed in"

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
    "people:skills": {LEAD, MANAGER, TRAINER},
    "people:skill_new": {LEAD, MANAGER, TRAINER},
    "people:person": {LEAD, MANAGER, TRAINER},
    "people:account": SIGNED_IN,
    "people:password": SIGNED_IN,
    "people:token_create": SIGNED_IN,
    "people:token_revoke": SIGNED_IN,
}

CUSTOMERS = {
    "customers:list": {LEAD, MANAGER, COMPLAINT},
    "customers:detail": {LEAD, MANAGER, COMPLAINT, QA, QA_SUPERVISOR},
    "customers:timeline": {LEAD, MANAGER, COMPLAINT, QA, QA_SUPERVISOR},
    "customers:permission": {LEAD, MANAGER, COMPLAINT, QA, QA_SUPERVISOR},
    "customers:duplicates": {LEAD, MANAGER},
    "customers:dismiss": {LEAD, MANAGER},
    "customers:merge": {LEAD, MANAGER},
    "customers:undo_merge": {LEAD, MANAGER},
    "customers:new": {LEAD, MANAGER},
    "customers:edit": {LEAD, MANAGER},
    "customers:phone_new": {LEAD, MANAGER},
    "customers:phone_state": {LEAD, MANAGER},
    "customers:phone_prefer": {LEAD, MANAGER},
    "customers:consent": {LEAD, MANAGER, COMPLAINT},
    "customers:block": {LEAD, MANAGER, COMPLAINT},
    "customers:consents": {LEAD, MANAGER, COMPLAINT},
    "customers:rules": {LEAD, MANAGER, COMPLAINT},
    "customers:entries": {LEAD, MANAGER, COMPLAINT},
    "customers:entry": {LEAD, MANAGER, COMPLAINT},
    "customers:entry_new": {LEAD, MANAGER, COMPLAINT},
    "customers:entry_verb": {LEAD, MANAGER, COMPLAINT},
    "customers:entry_import": {MANAGER},
    "customers:erase": {MANAGER},
    "customers:hold": {MANAGER},
    "customers:lift": {MANAGER},
    "customers:copy": {MANAGER},
    "customers:protection": {MANAGER},
    "customers:protection_export": {MANAGER},
    "customers:reveal_hidden": {LEAD, MANAGER, COMPLAINT},
    "customers:completeness": {LEAD, MANAGER, QA_SUPERVISOR},
    "customers:reveal": {LEAD, MANAGER, COMPLAINT},
    "customers:import": {LEAD, MANAGER},
    "customers:import_columns": {LEAD, MANAGER},
    "customers:import_preview": {LEAD, MANAGER},
    "customers:import_start": {LEAD, MANAGER},
    "customers:segments": {LEAD, MANAGER},
    "customers:segment": {LEAD, MANAGER},
    "customers:segment_new": {LEAD, MANAGER},
    "customers:segment_edit": {LEAD, MANAGER},
    "customers:segment_count": {LEAD, MANAGER},
    "customers:segment_copy": {LEAD, MANAGER},
    "customers:segment_delete": {LEAD, MANAGER},
    "customers:segment_export": {LEAD, MANAGER},
    "api_segments": {LEAD, MANAGER},
    "api_segment": {LEAD, MANAGER},
    "api_segment_count": {LEAD, MANAGER},
    "customers:import_discard": {LEAD, MANAGER},
    "api_customers": {LEAD, MANAGER},
    "api_customer": {LEAD, MANAGER},
    "api_customer_by_number": {LEAD, MANAGER},
    "api_customer_import": {LEAD, MANAGER},
    "api_events": {LEAD, MANAGER},
    "api_consents": {LEAD, MANAGER, COMPLAINT},
    "api_blacklist": {LEAD, MANAGER},
}

MESSAGING = {
    "messaging:list": {LEAD, MANAGER, COMPLAINT},
    "messaging:message": {LEAD, MANAGER, COMPLAINT},
    "messaging:message_verb": {LEAD, MANAGER, COMPLAINT},
    "messaging:single": {LEAD, MANAGER, COMPLAINT},
    "messaging:customer_messages": {LEAD, MANAGER, COMPLAINT},
    "messaging:outbox": {LEAD, MANAGER},
    "messaging:outbox_answer": {LEAD, MANAGER},
    "messaging:letters": {LEAD, MANAGER},
    "messaging:batches": {LEAD, MANAGER},
    "messaging:batch": {LEAD, MANAGER},
    "messaging:batch_new": {LEAD, MANAGER},
    "messaging:batch_count": {LEAD, MANAGER},
    "messaging:batch_verb": {LEAD, MANAGER},
    "messaging:replies": {LEAD, MANAGER, COMPLAINT},
    "messaging:reply": {LEAD, MANAGER, COMPLAINT},
    "messaging:templates": {LEAD, MANAGER, COMPLAINT},
    "messaging:template_new": {LEAD, MANAGER},
    "messaging:version": {LEAD, MANAGER, COMPLAINT},
    "messaging:version_edit": {LEAD, MANAGER},
    "messaging:version_verb": {LEAD, MANAGER},
    "messaging:preview": {LEAD, MANAGER},
    "api-messages": {LEAD, MANAGER, COMPLAINT},
    "api-message": {LEAD, MANAGER, COMPLAINT},
    # Open to everybody who can sign what is posted.
    "api-message-hook": PUBLIC,
}

SURVEYS = {
    "public_survey": PUBLIC,
    "surveys:invite": {LEAD, MANAGER},
    "surveys:invite_one": {LEAD, MANAGER, COMPLAINT},
    "surveys:discard": {MANAGER, TRAINER},
    "surveys:draft": {MANAGER, TRAINER},
    "surveys:item": {MANAGER, TRAINER},
    "surveys:item_move": {MANAGER, TRAINER},
    "surveys:item_remove": {MANAGER, TRAINER},
    "surveys:list": {LEAD, QA_SUPERVISOR, MANAGER, TRAINER, CLIENT},
    "surveys:preview": {LEAD, QA_SUPERVISOR, MANAGER, TRAINER, CLIENT},
    "surveys:proposal": {MANAGER, TRAINER},
    "surveys:publish": {MANAGER, TRAINER},
    "surveys:question": {MANAGER, TRAINER},
    "surveys:question_new": {MANAGER, TRAINER},
    "surveys:questionnaire": {LEAD, QA_SUPERVISOR, MANAGER, TRAINER, CLIENT},
    "surveys:questionnaire_new": {MANAGER, TRAINER},
    "surveys:questions": {LEAD, QA_SUPERVISOR, MANAGER, TRAINER},
    "surveys:results": {LEAD, QA_SUPERVISOR, MANAGER, TRAINER, CLIENT},
    "surveys:rotation": {MANAGER, TRAINER},
    "surveys:texts": {LEAD, QA_SUPERVISOR, MANAGER, TRAINER, CLIENT},
    "surveys:version": {LEAD, QA_SUPERVISOR, MANAGER, TRAINER, CLIENT},
}

CAMPAIGNS = {
    "campaigns:attempt_rules": {MANAGER},
    "campaigns:required_skills": {MANAGER},
    "campaigns:campaign": {LEAD, MANAGER, CLIENT},
    "campaigns:campaign_copy": {MANAGER},
    "campaigns:campaign_edit": {MANAGER},
    "campaigns:campaign_move": {MANAGER},
    "campaigns:campaign_new": {MANAGER},
    "campaigns:counts": {LEAD, MANAGER, CLIENT},
    "campaigns:list": {LEAD, MANAGER, CLIENT},
    "campaigns:policy": {MANAGER},
    "campaigns:policy_new": {MANAGER},
    "campaigns:policy_remove": {MANAGER},
    "campaigns:script_approve": {MANAGER},
    "campaigns:script_client_approve": {MANAGER, CLIENT},
    "campaigns:script_new": {MANAGER, TRAINER},
    "campaigns:script_changes": {LEAD, QA, QA_SUPERVISOR, MANAGER, TRAINER, CLIENT},
    "campaigns:script_outline": {MANAGER, TRAINER},
    "campaigns:script_version": {LEAD, QA, QA_SUPERVISOR, MANAGER, TRAINER, CLIENT},
    "campaigns:script_version_edit": {MANAGER, TRAINER},
    "campaigns:script_version_new": {MANAGER, TRAINER},
    "campaigns:scripts": {LEAD, QA, QA_SUPERVISOR, MANAGER, TRAINER, CLIENT},
    "campaigns:target_new": {MANAGER},
    "campaigns:target_remove": {MANAGER},
    "campaigns:variants": {MANAGER},
    "campaigns:capacity": {LEAD, MANAGER},
    "campaigns:quotas": {LEAD, MANAGER},
    "campaigns:quota": {LEAD, MANAGER},
    "campaigns:quota_move": {LEAD, MANAGER},
    "campaigns:quota_line_remove": {LEAD, MANAGER},
    "api_campaign": {LEAD, MANAGER, CLIENT},
    "api_campaign_finish": {MANAGER},
    "api_campaign_pause": {MANAGER},
    "api_campaign_resume": {MANAGER},
    "api_campaign_start": {MANAGER},
    "api_campaigns": {LEAD, MANAGER, CLIENT},
}

KNOWLEDGE_READERS = {AGENT, LEAD, QA, QA_SUPERVISOR, COMPLAINT, DEPARTMENT, MANAGER, TRAINER}
KNOWLEDGE = {
    "knowledge:list": KNOWLEDGE_READERS,
    "knowledge:article": KNOWLEDGE_READERS,
    "knowledge:search": KNOWLEDGE_READERS,
    "knowledge:panel": KNOWLEDGE_READERS,
    "knowledge:outdated": KNOWLEDGE_READERS,
    "knowledge:new": {LEAD, MANAGER, TRAINER},
    "knowledge:edit": {LEAD, MANAGER, TRAINER},
    "knowledge:move": {LEAD, MANAGER, TRAINER},
    "knowledge:settle": {LEAD, MANAGER, TRAINER},
    "knowledge:unread": {AGENT},
    "knowledge:acknowledge": {AGENT},
}

CALLBACKS = {
    "callbacks:apply_policies": {LEAD, MANAGER},
    "callbacks:release_quota": {MANAGER},
    "callbacks:campaign_left": {LEAD, MANAGER},
    "callbacks:open_wave": {MANAGER},
    "callbacks:reclaim_quota": {MANAGER},
    "callbacks:distribution": {LEAD, MANAGER},
    "callbacks:distribution_preview": {LEAD, MANAGER},
    "callbacks:distribute": {LEAD, MANAGER},
    "callbacks:distributions": {LEAD, MANAGER},
    "callbacks:untouched": {LEAD, MANAGER},
    "callbacks:agent_present": {LEAD, MANAGER},
    "callbacks:undo_distribution": {LEAD, MANAGER},
    "callbacks:call": {AGENT, LEAD, QA, QA_SUPERVISOR, MANAGER},
    "callbacks:call_correct": {AGENT, LEAD, QA, QA_SUPERVISOR, MANAGER},
    "callbacks:calls": {AGENT, LEAD, QA, QA_SUPERVISOR, MANAGER},
    "callbacks:campaign_status": {LEAD, MANAGER, CLIENT},
    "callbacks:promises": {LEAD, MANAGER, CLIENT},
    "callbacks:promise_list": {LEAD, MANAGER},
    "callbacks:promise_draws": {LEAD, MANAGER},
    "callbacks:completeness": {LEAD, MANAGER, QA_SUPERVISOR},
    "callbacks:customer_tasks": {LEAD, QA, QA_SUPERVISOR, COMPLAINT, MANAGER},
    "callbacks:address_sheet": {LEAD, MANAGER},
    "callbacks:deliveries": {AGENT, LEAD, MANAGER},
    "callbacks:paper": {AGENT, LEAD, MANAGER},
    "callbacks:deliveries_report": {AGENT, LEAD, MANAGER},
    "callbacks:import_calls": {LEAD, MANAGER},
    "callbacks:order": {AGENT, LEAD, QA, QA_SUPERVISOR, MANAGER},
    "callbacks:order_verb": {QA, QA_SUPERVISOR, MANAGER},
    "callbacks:orders": {AGENT, LEAD, QA, QA_SUPERVISOR, MANAGER},
    "callbacks:recording": {AGENT, LEAD, QA, QA_SUPERVISOR, MANAGER},
    "callbacks:recording_upload": {LEAD, MANAGER},
    "callbacks:task": {AGENT, LEAD, MANAGER},
    "callbacks:task_verb": {LEAD, MANAGER},
    "callbacks:tasks": {AGENT, LEAD, MANAGER},
    "callbacks:trial": {AGENT, LEAD, QA, QA_SUPERVISOR, MANAGER},
    "callbacks:trial_verb": {LEAD, QA, QA_SUPERVISOR, MANAGER},
    "callbacks:trials": {AGENT, LEAD, QA, QA_SUPERVISOR, MANAGER},
    "public_trial": PUBLIC,
    "api-trials": {AGENT, LEAD, QA, QA_SUPERVISOR, MANAGER},
    "api-trial": {AGENT, LEAD, QA, QA_SUPERVISOR, MANAGER},
    "api-trial-verb": {LEAD, QA, QA_SUPERVISOR, MANAGER},
    "api-tasks": {AGENT, LEAD, MANAGER},
    "api-task-claim": {AGENT},
    "api-task-release": {AGENT},
    "api-calls": {"GET": {AGENT, LEAD, QA, QA_SUPERVISOR, MANAGER}, "POST": {LEAD, MANAGER}},
    "api-call-recording": {LEAD, MANAGER},
    "api-calls-import": {LEAD, MANAGER},
}

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
    "complaints:warnings": {LEAD, MANAGER, COMPLAINT},
    "complaints:warning": {LEAD, MANAGER, COMPLAINT},
    "complaints:warning_settle": {LEAD, MANAGER},
    "complaints:warning_tasks": {LEAD, MANAGER},
    "complaints:warnings_look": {LEAD, MANAGER},
    "complaints:churn_rules": {LEAD, MANAGER, COMPLAINT},
    "complaints:churn_rule": {MANAGER},
    "complaints:churn_rule_new": {MANAGER},
    "complaints:churn_rules_usual": {MANAGER},
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

QA_PAGES = {
    "api-review": {AGENT, LEAD, QA, QA_SUPERVISOR, MANAGER},
    "api-reviews": {AGENT, LEAD, QA, QA_SUPERVISOR, MANAGER},
    "qa:acknowledge": {AGENT},
    "qa:campaign_plan": {QA_SUPERVISOR, MANAGER},
    "qa:campaign_plan_drop": {QA_SUPERVISOR, MANAGER},
    "qa:campaign_plans": {LEAD, QA, QA_SUPERVISOR, MANAGER},
    "qa:give_back": {QA, QA_SUPERVISOR},
    "qa:publish": {QA, QA_SUPERVISOR},
    "qa:review": {AGENT, LEAD, QA, QA_SUPERVISOR, MANAGER},
    "qa:reviews": {AGENT, LEAD, QA, QA_SUPERVISOR, MANAGER},
    "qa:samples": {LEAD, QA, QA_SUPERVISOR, MANAGER},
    "qa:take": {QA, QA_SUPERVISOR},
}

DESK = {
    "desk:answered": {AGENT},
    "desk:closing": {AGENT},
    "desk:day": {AGENT},
    "desk:keys": {AGENT},
    "desk:recover": {AGENT},
    "desk:undo": {AGENT},
    "desk:desk": {AGENT},
    "desk:break": {AGENT},
    "desk:break_end": {AGENT},
    "desk:break_withdraw": {AGENT},
    "desk:message_read": {AGENT},
    "desk:presence": {AGENT},
    "desk:dial": {AGENT},
    "desk:draft": {AGENT},
    "desk:hangup": {AGENT},
    "desk:heartbeat": {AGENT},
    "desk:line": {AGENT},
    "desk:next": {AGENT},
    "desk:redial": {AGENT},
    "desk:release": {AGENT},
    "desk:save": {AGENT},
}

BOARD = {
    "board:first": {LEAD, MANAGER},
    "board:team": {LEAD, MANAGER},
    "board:live": {LEAD, MANAGER},
    "board:message": {LEAD, MANAGER},
    "board:decide_break": {LEAD, MANAGER},
    "board:recall": {LEAD, MANAGER},
    "board:correct": {LEAD, MANAGER},
    "board:agent_day": {LEAD, MANAGER},
    "board:walls": {LEAD, MANAGER},
    "board:wall_revoke": {LEAD, MANAGER},
    # Open to whoever has a signed link that has not expired and not been revoked.
    "board:wall": PUBLIC,
    "board:wall_live": PUBLIC,
}

REPORTS = {
    "api-kpi-workbook": {LEAD, QA_SUPERVISOR, MANAGER, CLIENT},
    "api-metrics": {LEAD, QA_SUPERVISOR, MANAGER, CLIENT},
    "reports:kpi": {LEAD, QA_SUPERVISOR, MANAGER, CLIENT},
    "reports:workbook": {LEAD, QA_SUPERVISOR, MANAGER, CLIENT},
    "reports:statements": {MANAGER, CLIENT},
    "reports:statement": {MANAGER, CLIENT},
    "reports:statement_count": {MANAGER},
    "reports:statement_sign": {MANAGER},
    "reports:statement_file": {MANAGER, CLIENT},
    "reports:statement_records": {MANAGER},
    "reports:schemes": {MANAGER},
    "reports:scheme_new": {MANAGER},
    "reports:scheme": {MANAGER},
    "reports:campaign_schemes": {LEAD, MANAGER},
    "reports:campaign_scheme": {MANAGER},
}

# Django's administration as a whole is for administrators; its sign-in page only sends to ours.
ADMINISTRATION = {"admin:": {ADMIN}, "admin:login": PUBLIC}

ACCESS = (
    KERNEL
    | PEOPLE
    | CUSTOMERS
    | MESSAGING
    | SURVEYS
    | CAMPAIGNS
    | KNOWLEDGE
    | CALLBACKS
    | COMPLAINTS
    | QA_PAGES
    | DESK
    | BOARD
    | REPORTS
) | ADMINISTRATION
