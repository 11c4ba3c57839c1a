from django.urls import path

from campaigns.views import attempts, campaigns, quotas, scripts, skills

app_name = "campaigns"
urlpatterns = [
    path("", campaigns.campaign_list, name="list"),
    path("new/", campaigns.campaign_new, name="campaign_new"),
    path("scripts/", scripts.script_list, name="scripts"),
    path("scripts/new/", scripts.script_new, name="script_new"),
    path("scripts/<int:pk>/new/", scripts.script_version_new, name="script_version_new"),
    path("scripts/<int:pk>/outline/", scripts.script_outline, name="script_outline"),
    path("scripts/versions/<int:pk>/changes/", scripts.script_changes, name="script_changes"),
    path("scripts/versions/<int:pk>/", scripts.script_version, name="script_version"),
    path("scripts/versions/<int:pk>/edit/", scripts.script_version_edit, name="script_version_edit"),
    path("scripts/versions/<int:pk>/approve/", scripts.script_approve, name="script_approve"),
    path(
        "scripts/versions/<int:pk>/client-approval/",
        scripts.script_client_approve,
        name="script_client_approve",
    ),
    path("quotas/<int:pk>/", quotas.quota, name="quota"),
    path("quotas/<int:pk>/<str:verb>/", quotas.quota_move, name="quota_move"),
    path("quotas/lines/<int:pk>/remove/", quotas.quota_line_remove, name="quota_line_remove"),
    path("policies/<int:pk>/", campaigns.policy_edit, name="policy"),
    path("policies/<int:pk>/remove/", campaigns.policy_remove, name="policy_remove"),
    path("targets/<int:pk>/remove/", campaigns.target_remove, name="target_remove"),
    path("<int:pk>/", campaigns.campaign, name="campaign"),
    path("<int:pk>/counts/", campaigns.counts, name="counts"),
    path("<int:pk>/edit/", campaigns.campaign_edit, name="campaign_edit"),
    path("<int:pk>/copy/", campaigns.campaign_copy, name="campaign_copy"),
    path("<int:pk>/policies/new/", campaigns.policy_new, name="policy_new"),
    path("<int:pk>/targets/new/", campaigns.target_new, name="target_new"),
    path("<int:pk>/quotas/", quotas.quota_list, name="quotas"),
    path("<int:pk>/capacity/", campaigns.capacity, name="capacity"),
    path("<int:pk>/attempts/", attempts.attempt_rules, name="attempt_rules"),
    path("<int:pk>/skills/", skills.required_skills, name="required_skills"),
    path("<int:pk>/variants/", campaigns.variants, name="variants"),
    path("<int:pk>/<str:verb>/", campaigns.campaign_move, name="campaign_move"),
]
