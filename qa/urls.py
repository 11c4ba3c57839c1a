from django.urls import path

from qa.views import plans, reviews

app_name = "qa"
urlpatterns = [
    path("", reviews.reviews, name="reviews"),
    path("samples/", plans.samples, name="samples"),
    path("campaigns/<int:pk>/", plans.campaign_plans, name="campaign_plans"),
    path("campaigns/<int:pk>/plan/", plans.campaign_plan, name="campaign_plan"),
    path("campaigns/<int:pk>/plan/drop/", plans.campaign_plan_drop, name="campaign_plan_drop"),
    path("<int:pk>/", reviews.review, name="review"),
    path("<int:pk>/take/", reviews.take, name="take"),
    path("<int:pk>/give-back/", reviews.give_back, name="give_back"),
    path("<int:pk>/publish/", reviews.publish, name="publish"),
    path("<int:pk>/acknowledge/", reviews.acknowledge, name="acknowledge"),
]
