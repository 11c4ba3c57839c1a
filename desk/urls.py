from django.urls import path

from desk import line, presence, views

app_name = "desk"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("next/", views.next_task, name="next"),
    path("presence/", presence.presence, name="presence"),
    path("break/", presence.ask, name="break"),
    path("break/end/", presence.end, name="break_end"),
    path("break/withdraw/", presence.withdraw, name="break_withdraw"),
    path("message/<int:pk>/read/", presence.read, name="message_read"),
    path("undo/", views.undo, name="undo"),
    path("day/", views.day, name="day"),
    path("closing/", views.closing, name="closing"),
    path("keys/", views.keys, name="keys"),
    path("calls/<int:pk>/result/", views.recover, name="recover"),
    path("<int:pk>/dial/", views.dial, name="dial"),
    path("<int:pk>/line/", line.line, name="line"),
    path("<int:pk>/redial/", line.redial, name="redial"),
    path("<int:pk>/answered/", views.answered, name="answered"),
    path("<int:pk>/hangup/", views.hang_up, name="hangup"),
    path("<int:pk>/save/", views.save, name="save"),
    path("<int:pk>/release/", views.release, name="release"),
    path("<int:pk>/draft/", views.draft, name="draft"),
    path("<int:pk>/heartbeat/", views.heartbeat, name="heartbeat"),
]
