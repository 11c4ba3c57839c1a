"""Addresses of issues, focus issues and complaints; included at the root, so each is written out."""

from django.urls import path

from complaints.views import churn, complaints, focus, issues

app_name = "complaints"
urlpatterns = [
    path("issues/", issues.issue_list, name="issues"),
    path("issues/new/", issues.issue_new, name="issue_new"),
    path("issues/<int:pk>/", issues.issue_detail, name="issue"),
    path("issues/<int:pk>/answer/", issues.issue_answer, name="issue_answer"),
    path("issues/<int:pk>/do/<str:verb>/", issues.issue_verb, name="issue_verb"),
    path("issues/contacts/<int:pk>/allow/", issues.contact_allow, name="contact_allow"),
    path("issues/of-customer/<int:pk>/", issues.customer_issues, name="customer_issues"),
    path("focus/", focus.focus_board, name="focus"),
    path("focus/banner/", focus.focus_banner, name="focus_banner"),
    path("focus/<int:pk>/", focus.focus_detail, name="focus_detail"),
    path("focus/<int:pk>/notice/", focus.focus_notice, name="focus_notice"),
    path("focus/<int:pk>/resolve/", focus.focus_resolve, name="focus_resolve"),
    path("customers/warnings/", churn.warning_list, name="warnings"),
    path("customers/warnings/tasks/", churn.make_tasks, name="warning_tasks"),
    path("customers/warnings/look/", churn.look_now, name="warnings_look"),
    path("customers/warnings/rules/", churn.rule_list, name="churn_rules"),
    path("customers/warnings/rules/new/", churn.rule_new, name="churn_rule_new"),
    path("customers/warnings/rules/usual/", churn.usual_rules, name="churn_rules_usual"),
    path("customers/warnings/rules/<int:pk>/", churn.rule_edit, name="churn_rule"),
    path("customers/warnings/<int:pk>/", churn.detail, name="warning"),
    path("customers/warnings/<int:pk>/do/<str:verb>/", churn.settle, name="warning_settle"),
    path("complaints/", complaints.complaint_list, name="list"),
    path("complaints/new/", complaints.complaint_new, name="new"),
    path("complaints/<int:pk>/", complaints.complaint_detail, name="detail"),
    path("complaints/<int:pk>/note/", complaints.complaint_note, name="note_add"),
    path("complaints/<int:pk>/do/<str:verb>/", complaints.complaint_verb, name="verb"),
]
