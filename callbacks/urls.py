"""Pages of callbacks."""

from django.urls import path

from callbacks.views import (
    calls,
    completeness,
    deliveries,
    distribution,
    promises,
    quotas,
    tasks,
    trials,
    waves,
)

app_name = "callbacks"
urlpatterns = [
    path("", tasks.task_list, name="tasks"),
    path("verb/", tasks.task_verb, name="task_verb"),
    path("<int:pk>/", tasks.task_detail, name="task"),
    path("calls/", calls.call_list, name="calls"),
    path("calls/import/", calls.import_page, name="import_calls"),
    path("calls/<int:pk>/", calls.call_detail, name="call"),
    path("calls/<int:pk>/correct/", calls.call_correct, name="call_correct"),
    path("orders/", calls.order_list, name="orders"),
    path("orders/<int:pk>/", calls.order_detail, name="order"),
    path("orders/<int:pk>/<str:verb>/", calls.order_verb, name="order_verb"),
    path("trials/", trials.trial_list, name="trials"),
    path("trials/<int:pk>/", trials.trial_detail, name="trial"),
    path("trials/<int:pk>/<str:verb>/", trials.trial_verb, name="trial_verb"),
    path("customers/<int:pk>/tasks/", tasks.customer_tasks, name="customer_tasks"),
    path("promises/", promises.promise_board, name="promises"),
    path("promises/contacts/", promises.promise_list, name="promise_list"),
    path("letters/", deliveries.hand_list, name="deliveries"),
    path("letters/report/", deliveries.report, name="deliveries_report"),
    path("letters/addresses/", deliveries.sheet, name="address_sheet"),
    path("completeness/", completeness.completeness, name="completeness"),
    path("campaigns/<int:pk>/status/", tasks.campaign_status, name="campaign_status"),
    path("quotas/<int:pk>/release/", quotas.release, name="release_quota"),
    path("campaigns/<int:pk>/left/", waves.campaign_left, name="campaign_left"),
    path("campaigns/<int:pk>/wave/", waves.open_wave, name="open_wave"),
    path("quotas/<int:pk>/reclaim/", quotas.reclaim, name="reclaim_quota"),
    path("assign/", distribution.distribution, name="distribution"),
    path("assign/preview/", distribution.preview, name="distribution_preview"),
    path("assign/do/", distribution.distribute, name="distribute"),
    path("assign/all/", distribution.distribution_list, name="distributions"),
    path("assign/untouched/", distribution.untouched, name="untouched"),
    path("assign/present/<int:pk>/", distribution.present, name="agent_present"),
    path("assign/<int:pk>/undo/", distribution.undo, name="undo_distribution"),
    path("campaigns/<int:pk>/apply/", tasks.apply_policies, name="apply_policies"),
]
