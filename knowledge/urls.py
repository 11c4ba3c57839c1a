from django.urls import path

from knowledge import views

app_name = "knowledge"
urlpatterns = [
    path("", views.article_list, name="list"),
    path("new/", views.article_edit, name="new"),
    path("search/", views.search, name="search"),
    path("unread/", views.unread, name="unread"),
    path("<int:pk>/", views.article, name="article"),
    path("<int:pk>/panel/", views.panel, name="panel"),
    path("<int:pk>/edit/", views.article_edit, name="edit"),
    path("<int:pk>/move/<str:to>/", views.article_move, name="move"),
    path("<int:pk>/read/", views.acknowledge, name="acknowledge"),
    path("<int:pk>/outdated/", views.outdated, name="outdated"),
    path("feedback/<int:pk>/settle/", views.feedback_settle, name="settle"),
]
