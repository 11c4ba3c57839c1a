from django.urls import path

from qa import views

app_name = "qa"
urlpatterns = [
    path("", views.reviews, name="reviews"),
    path("samples/", views.samples, name="samples"),
    path("<int:pk>/", views.review, name="review"),
    path("<int:pk>/take/", views.take, name="take"),
    path("<int:pk>/give-back/", views.give_back, name="give_back"),
    path("<int:pk>/publish/", views.publish, name="publish"),
    path("<int:pk>/acknowledge/", views.acknowledge, name="acknowledge"),
]
