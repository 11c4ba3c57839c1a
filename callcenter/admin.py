"""What the administrator reads about the system itself: who saw what, how the sweeps beat, and which rows are stuck."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from callcenter.models import AccessLog, Pulse, StuckRow


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that the system writes and nobody corrects."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(AccessLog)
class AccessLogAdmin(ReadOnlyAdmin):
    """The append-only log (CUS-11), newest first."""

    list_display = ["at", "user", "action", "subject", "subject_id", "reason", "address"]
    list_select_related = ["user"]
    list_filter = ["action", "subject"]
    date_hierarchy = "at"
    search_fields = ["=user__username", "=subject_id"]
    ordering = ["-at", "-id"]
    show_full_result_count = False


@admin.register(Pulse)
class PulseAdmin(ReadOnlyAdmin):
    list_display = ["name", "ran_at", "handled", "failed"]
    ordering = ["name"]


@admin.register(StuckRow)
class StuckRowAdmin(ReadOnlyAdmin):
    """Due rows that a sweep gave up on; once their cause is gone they can be tried again."""

    list_display = ["sweep", "subject_id", "attempts", "retry_at", "error"]
    list_filter = ["sweep"]
    ordering = ["sweep", "-id"]
    actions = ["try_again"]

    @admin.action(description=_("Try the chosen rows again now"))
    def try_again(self, request, rows):
        count = rows.update(attempts=1, retry_at=timezone.now())
        text = ngettext("%(count)d row will be tried again.", "%(count)d rows will be tried again.", count)
        self.message_user(request, text % {"count": count})
