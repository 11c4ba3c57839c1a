"""Reviews over the API: the same gate as the pages."""

from rest_framework import generics, serializers

from callcenter.access import Role, roles
from qa.models import Review

readers = roles(Role.QA, Role.QA_SUPERVISOR, Role.AGENT, Role.LEAD, Role.MANAGER)


class ReviewOutput(serializers.ModelSerializer):
    """``score`` is null while unscored or when nothing was applicable; the agent is hidden until publication."""

    agent = serializers.SerializerMethodField()

    class Meta:
        model = Review
        fields = (
            "id",
            "call",
            "agent",
            "state",
            "score",
            "fatal",
            "passed",
            "comment",
            "published_at",
            "acknowledged_at",
        )

    def get_agent(self, review) -> int | None:
        return None if review.state in ("drawn", "in_review") else review.agent_id


class _Reviews:
    serializer_class = ReviewOutput
    queryset = Review.objects.none()

    def get_queryset(self):
        return Review.objects.visible_to(self.request.user)


@readers
class ReviewList(_Reviews, generics.ListAPIView):
    """Reviews in scope, newest first."""


@readers
class ReviewDetail(_Reviews, generics.RetrieveAPIView):
    """One review in scope."""
