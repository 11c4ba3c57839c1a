"""The team's board and the wallboard."""

from django.urls import path

from reports.views import board, wall

app_name = "board"
urlpatterns = [
    path("team/", board.board, name="first"),
    path("team/<int:pk>/", board.board, name="team"),
    path("team/<int:pk>/live/", board.live, name="live"),
    path("team/<int:pk>/message/<int:agent>/", board.message, name="message"),
    path("team/breaks/<int:pk>/<str:verb>/", board.decide_break, name="decide_break"),
    path("team/activities/<int:pk>/recall/", board.recall, name="recall"),
    path("team/activities/<int:pk>/correct/", board.correct, name="correct"),
    path("team/agents/<int:pk>/", board.agent_day, name="agent_day"),
    path("wall/", wall.links, name="walls"),
    path("wall/<int:pk>/revoke/", wall.revoke, name="wall_revoke"),
    path("wall/<str:token>/", wall.wall, name="wall"),
    path("wall/<str:token>/live/", wall.wall_live, name="wall_live"),
]
