from django.urls import path

from surveys import inviting, views

app_name = "surveys"
urlpatterns = [
    path("", views.questionnaire_list, name="list"),
    path("new/", views.questionnaire_new, name="questionnaire_new"),
    path("questions/", views.question_list, name="questions"),
    path("questions/new/", views.question_new, name="question_new"),
    path("questions/<int:pk>/", views.question_edit, name="question"),
    path("<int:pk>/", views.questionnaire, name="questionnaire"),
    path("<int:pk>/draft/", views.draft, name="draft"),
    path("<int:pk>/rotation/", views.rotation, name="rotation"),
    path("proposals/<int:pk>/", views.proposal, name="proposal"),
    path("versions/<int:pk>/", views.version, name="version"),
    path("versions/<int:pk>/preview/", views.preview, name="preview"),
    path("versions/<int:pk>/publish/", views.publish, name="publish"),
    path("versions/<int:pk>/discard/", views.discard, name="discard"),
    path("versions/<int:pk>/results/", views.results, name="results"),
    path("versions/<int:pk>/invite/", inviting.invite_batch, name="invite"),
    path("invite/", inviting.invite_one, name="invite_one"),
    path("items/<int:pk>/", views.item, name="item"),
    path("items/<int:pk>/move/<str:direction>/", views.item_move, name="item_move"),
    path("items/<int:pk>/remove/", views.item_remove, name="item_remove"),
    path("items/<int:pk>/answers/", views.result_texts, name="texts"),
]
