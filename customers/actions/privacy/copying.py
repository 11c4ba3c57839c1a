"""A copy of everything that is known about one person, for the person (PIPL article 45; CUS-11)."""

import json
import zipfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from callcenter import jobs
from callcenter.errors import Refused
from callcenter.exports import log_export, reason_for, watermark
from callcenter.files import checksum, new_path
from callcenter.models import AccessLog, Job
from callcenter.sealing import unseal
from callcenter.spreadsheet.write import Sheet, write_xlsx
from customers.models import Customer
from customers.personal import REGISTRY, Kept
from people.models import User

KIND = "customers.copy"
# What fences, finds or seals, and says nothing to the person.
_INTERNAL = {"path", "id_sealed", "id_print", "version", "token", "client_uuid", "rank", "lease_until"}


def start_copy(*, customer: Customer, by, reason: str, now: datetime) -> Job:
    """Queue the copy of everything about a customer. Raises ``Refused`` without a reason.

    The title names no one, so that the list of jobs does not either.
    """
    return jobs.start(
        KIND,
        _("Copy of the data of customer %(number)s") % {"number": f"#{customer.pk}"},
        owner=by,
        now=now,
        params={"customer": customer.pk, "reason": reason_for(reason), "language": get_language() or ""},
    )


@jobs.handler(KIND)
def copy_everything(job, progress):
    """Write the archive of JSON and workbook; the owner's scope counts when it runs, not when it was asked for."""
    owner = User.objects.get(pk=job.owner_id)
    customer = Customer.objects.visible_to(owner).filter(pk=job.params["customer"]).first()
    with translation.override(job.params["language"] or None):
        if customer is None:
            raise Refused(_("The customer is no longer in your scope."), code="out_of_scope")
        tables = dict(_tables(customer))
        path = new_path("copies", ".zip")
        line = watermark(by=owner, now=job.created_at, reason=job.params["reason"])
        rows = _write(path, tables, dict(_files(customer)), line)
    with transaction.atomic():
        done = {"rows": rows, "sha256": checksum(path)}
        log_export(
            owner,
            "customer_copy",
            subject_id=customer.pk,
            reason=job.params["reason"],
            now=job.created_at,
            filters={"customer": customer.pk},
            **done,
        )
        name = f"customer_{customer.pk}.zip"
        progress.save(done=rows, total=rows, ok=rows, result_path=str(path), result_name=name, result=done)


def _tables(customer):
    """(name, rows) of every declared model that has rows about the customer, the customer first."""
    own = Kept("customers.Customer", "pk")
    for kept in (own, *(one for one in REGISTRY.kept.values() if one.copied)):
        rows = list(
            kept.rows.filter(**{kept.customer: customer.pk})
            .order_by("pk")
            .values(*[field.attname for field in _columns(kept)])
        )
        if kept is own:
            rows[0]["id_number"] = unseal(customer.id_sealed)
        if rows:
            yield kept.model, rows
    numbers = [str(pk) for pk in customer.phones.order_by("id").values_list("pk", flat=True)]
    seen = AccessLog.objects.filter(
        subject__in=("customer", "email", "identity"), subject_id=str(customer.pk)
    )
    seen |= AccessLog.objects.filter(subject="phone", subject_id__in=numbers)
    yield (
        "callcenter.AccessLog",
        list(seen.order_by("id").values("at", "action", "subject", "user__full_name")),
    )


def _files(customer):
    """(name in the archive, path) of every file about the customer, such as what was said on the telephone."""
    for kept in (one for one in REGISTRY.kept.values() if one.files):
        rows = kept.rows.filter(**{kept.customer: customer.pk}).exclude(**{kept.files: ""}).order_by("pk")
        for pk, stored in rows.values_list("pk", kept.files):
            path = Path(settings.MEDIA_ROOT) / stored
            if path.is_file():
                yield f"files/{kept.model.split('.')[1]}_{pk}{path.suffix}", path


def _columns(kept):
    return [
        column for column in apps.get_model(kept.model)._meta.concrete_fields if column.name not in _INTERNAL
    ]


def _write(path, tables, files, line) -> int:
    """A ZIP with data.json, data.xlsx with a sheet per table, and the files; returns the number of rows."""
    book = new_path("copies", ".xlsx")
    sheets = [Sheet(_("About this copy"), [_("About this copy")], [[line]])]
    sheets += [
        Sheet(name.split(".")[1], list(rows[0]), [[_plain(value) for value in row.values()] for row in rows])
        for name, rows in tables.items()
        if rows
    ]
    try:
        write_xlsx(book, *sheets, zone=ZoneInfo(settings.TIME_ZONE))
        text = json.dumps({"about": line, **tables}, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("data.json", text)
            archive.write(book, "data.xlsx")
            for name, stored in files.items():
                archive.write(stored, name)
    finally:
        book.unlink(missing_ok=True)
    return sum(map(len, tables.values()))


def _plain(value):
    """JSON and identifiers as text; everything else is a cell by itself."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value) if type(value).__name__ == "UUID" else value
