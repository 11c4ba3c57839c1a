"""Pages of callbacks."""

from django.urls import path

from callbacks.views import calls, completeness, quotas, recordings, tasks

app_name = "callbacks"
urlpatterns = [
    path("", tasks.task_list, name="tasks"),
    path("verb/", tasks.task_verb, name="task_verb"),
    path("<int:pk>/", tasks.task_detail, name="task"),
    path("calls/", calls.call_list, name="calls"),
    path("calls/import/", calls.import_page, name="import_calls"),
    path("calls/<int:pk>/", calls.call_detail, name="call"),
    path("calls/<int:pk>/correct/", calls.call_correct, name="call_correct"),
    path("calls/<int:pk>/recording/", recordings.recording, name="recording"),
    path("calls/<int:pk>/recording/upload/", recordings.upload, name="recording_upload"),
    path("orders/", calls.order_list, name="orders"),
    path("orders/<int:pk>/", calls.order_detail, name="order"),
    path("orders/<int:pk>/<str:verb>/", calls.order_verb, name="order_verb"),
    path("customers/<int:pk>/tasks/", tasks.customer_tasks, name="customer_tasks"),
    path("completeness/", completeness.completeness, name="completeness"),
    path("campaigns/<int:pk>/status/", tasks.campaign_status, name="campaign_status"),
    path("quotas/<int:pk>/release/", quotas.release, name="release_quota"),
    path("campaigns/<int:pk>/apply/", tasks.apply_policies, name="apply_policies"),
]
