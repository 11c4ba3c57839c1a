"""Exports of the administration that hold customers: through the same gate as every other (CUS-11)."""

import hashlib

from django import forms
from django.utils import timezone
from import_export.forms import ExportForm

from callcenter.exports import ExportReasonForm, log_export, reason_for, watermark


class ReasonedExportForm(ExportForm):
    """The format, and why."""

    reason = forms.CharField(
        label=ExportReasonForm.base_fields["reason"].label,
        max_length=300,
        help_text=ExportReasonForm.base_fields["reason"].help_text,
    )


class ReasonedExports:
    """Before ``ImportExportMixin`` in a model admin: its exports ask for a reason, carry it and are logged."""

    skip_export_form = False
    export_form_class = ReasonedExportForm

    def get_data_for_export(self, request, queryset, **kwargs):
        """The rows, and after them the line that says who exported them, when and why."""
        data = super().get_data_for_export(request, queryset, **kwargs)
        request.exported_rows, request.exported_at = len(data), timezone.now()
        line = watermark(by=request.user, now=request.exported_at, reason=_reason(kwargs["export_form"]))
        data.append([line, *[""] * (len(data.headers) - 1)])
        return data

    def get_export_data(self, file_format, request, queryset, **kwargs):
        """The file, logged with its hash."""
        content = super().get_export_data(file_format, request, queryset, **kwargs)
        log_export(
            request.user,
            self.model._meta.model_name,
            reason=_reason(kwargs["export_form"]),
            rows=request.exported_rows,
            sha256=hashlib.sha256(content if isinstance(content, bytes) else content.encode()).hexdigest(),
            now=request.exported_at,
            filters=request.GET.dict(),
            request=request,
        )
        return content


def _reason(form):
    return reason_for(form.cleaned_data["reason"] if form is not None else "")
