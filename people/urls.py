from django.urls import path

from people import capability, views

app_name = "people"
urlpatterns = [
    path("", views.people_list, name="list"),
    path("<int:pk>/", views.person, name="person"),
    path("skills/", capability.skills, name="skills"),
    path("skills/new/", capability.skill_new, name="skill_new"),
    path("account/", views.account, name="account"),
    path("account/password/", views.ChangePasswordView.as_view(), name="password"),
    path("account/token/", views.token_create, name="token_create"),
    path("account/token/revoke/", views.token_revoke, name="token_revoke"),
]
