"""Pages of the kernel: home, jobs, notifications, health."""

from datetime import timedelta
from pathlib import Path

from django.contrib.auth import get_user_model
from django.db import connection
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from callcenter import jobs
from callcenter.access import Role, public, signed_in
from callcenter.files import download
from callcenter.languages import CODES, remember_language
from callcenter.models import AccessLog, Job, Notification, Pulse
from callcenter.notify import log_access
from callcenter.paging import page_of

HOMES = (
    (Role.AGENT, "desk:desk"),
    (Role.LEAD, "board:first"),
    (Role.DEPARTMENT, "complaints:issues"),
    (Role.COMPLAINT, "complaints:issues"),
    (Role.QA, "qa:reviews"),
    (Role.QA_SUPERVISOR, "qa:reviews"),
    (Role.MANAGER, "reports:kpi"),
    (Role.CLIENT, "reports:kpi"),
)


@signed_in
@require_GET
def home(request):
    """Where a role's day starts."""
    scope = request.user.scope()
    for role, url in HOMES:
        if role in scope.roles:
            return redirect(url)
    return render(request, "home.html")


@signed_in
@require_GET
def job_list(request):
    rows = Job.objects.visible_to(request.user).select_related("owner").order_by("-created_at", "-id")
    return render(request, "jobs/list.html", {"page": page_of(rows, request.GET.get("page"))})


@signed_in
@require_GET
def job_detail(request, pk):
    """One job; HTMX polls the same URL for the progress fragment."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    template = "_progress.html" if request.htmx and not request.htmx.boosted else "jobs/detail.html"
    return render(request, template, {"job": job, "now": timezone.now()})


@signed_in
@require_POST
def job_cancel(request, pk):
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    jobs.cancel(job, by=request.user, now=timezone.now())
    return redirect("job", pk=pk)


@signed_in
@require_GET
def job_file(request, pk, which):
    """The result or the error file of one's own job: whoever else sees the job does not get what was uploaded (CUS-11)."""
    job = get_object_or_404(Job.objects.filter(owner=request.user), pk=pk)
    path, name = (job.result_path, job.result_name) if which == "result" else (job.error_path, job.error_name)
    if not path or not Path(path).exists():
        raise Http404
    log_access(
        request.user,
        AccessLog.Action.DOWNLOAD,
        "job_file",
        job.pk,
        now=timezone.now(),
        request=request,
        kind=job.kind,
        file="result" if which == "result" else "errors",
    )
    return download(path, name)


@signed_in
@require_GET
def notifications(request):
    rows = Notification.objects.visible_to(request.user).order_by("-created_at", "-id")
    return render(request, "notifications.html", {"page": page_of(rows, request.GET.get("page"))})


@signed_in
@require_POST
def notifications_read(request):
    Notification.objects.visible_to(request.user).unread().update(read_at=timezone.now())
    return redirect("notifications")


@public("the language can be chosen before signing in")
@require_POST
def set_language(request):
    """Remember the language in a cookie, and on the person when signed in."""
    code = request.POST.get("language", "")
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    # An address, never the name of a view: what was sent may be anything.
    response = HttpResponseRedirect(target)
    if code in CODES:
        remember_language(response, code)
        if request.user.is_authenticated:
            get_user_model().objects.filter(pk=request.user.pk).update(language=code)
    return response


@public("a load balancer asks whether the process is alive")
@require_GET
def healthz(request):
    return HttpResponse("ok", content_type="text/plain")


@public("a load balancer asks whether the site can work")
@require_GET
def readyz(request):
    """Database answers, and beat rang within two minutes (the age of its last sweep is shown)."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    pulse = Pulse.objects.filter(ran_at__lte=now).order_by("-ran_at").first()
    age = (now - pulse.ran_at).total_seconds() if pulse else None
    fresh = age is not None and timedelta(seconds=age) < timedelta(minutes=2)
    body = {"database": "ok", "sweeps": "ok" if fresh else "late", "last_sweep_seconds": age}
    return JsonResponse(body, status=200 if fresh else 503)
