"""The administrator's pages: stop words, and what gateways said."""

from django.contrib import admin

from messaging.models import GatewayEvent, StopWord


@admin.register(StopWord)
class StopWordAdmin(admin.ModelAdmin):
    list_display = ["word", "active"]
    list_filter = ["active"]
    search_fields = ["word"]
    ordering = ["word"]


@admin.register(GatewayEvent)
class GatewayEventAdmin(admin.ModelAdmin):
    """Read only: what came is a fact."""

    list_display = ["received_at", "kind", "channel", "problem", "try_at"]
    list_filter = ["kind", "channel"]
    ordering = ["-received_at", "-id"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
