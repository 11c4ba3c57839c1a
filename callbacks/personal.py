"""What tasks and calls tell about a customer, and the files of calls they may be in (CUS-11)."""

from callbacks.actions.import_calls import KIND
from callcenter.models import Job
from campaigns.models import Campaign
from customers.actions.privacy.erasing import forget_job_files
from customers.personal import REGISTRY, Kept, steps


def declare():
    """Add this app's models to the list that erasure, retention and copies go by."""
    REGISTRY.declare(
        Kept(
            "callbacks.Task",
            clear={"reason": "", "dialled_number": ""},
            keeps=("channel", "source", "blocked_by", "undo"),
            bell="appointment",
        ),
        steps("callbacks.TaskStep", "case__customer", kind="calls", at="at"),
        Kept("callbacks.Draft", "task__customer", {"content": {}}, kind="calls", at="saved_at"),
        Kept(
            "callbacks.Call",
            clear={"number": "", "note": "", "correction_reason": ""},
            keeps=("line", "external_id"),
            kind="calls",
            at="started_at",
        ),
        Kept("callbacks.Assignment", "task__customer", copied=False),
        Kept("callbacks.SaidStatement", "call__customer", keeps=("code",), kind="calls", at="said_at"),
        Kept("callbacks.Delivery", "task__customer", {"remark": ""}, kind="calls", at="created_at"),
        steps("callbacks.DeliveryStep", "case__task__customer", kind="calls", at="at"),
        Kept(
            "callbacks.Recording",
            "call__customer",
            clear={"path": "", "sha256": "", "reference": "", "state": "deleted"},
            keeps=("kind", "problem"),
            kind="recordings",
            at="call__started_at",
            files="path",
        ),
        Kept(
            "callbacks.Attempt",
            "task__customer",
            clear={"number": ""},
            keeps=("unique_id", "channel", "line", "status"),
            kind="calls",
            at="asked_at",
        ),
        Kept("callbacks.Order", "account__customer"),
        steps("callbacks.OrderStep", "case__account__customer", kind="calls", at="at"),
        Kept(
            "callbacks.Confirmation",
            "order__account__customer",
            keeps=("answer", "way", "token_hash"),
        ),
        steps("callbacks.ConfirmationStep", "case__order__account__customer", kind="calls", at="at"),
    )
    REGISTRY.on_erase(forget_files)


def forget_files(customer_ids, client_ids):
    """Delete the files of calls that have been imported for the clients, and their rows to correct."""
    campaigns = list(
        Campaign.objects.filter(client__in=client_ids).order_by("id").values_list("pk", flat=True)
    )
    forget_job_files(Job.objects.filter(kind=KIND, params__campaign__in=campaigns))
