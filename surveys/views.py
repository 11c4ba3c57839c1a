"""Pages of the question bank and the questionnaires (CAM-6, CAM-7)."""

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from callcenter.access import Role, roles
from callcenter.forms import attempt, posted
from callcenter.paging import page_of
from callcenter.workdays import local_day
from surveys import actions, queries
from surveys.forms import (
    AddItemForm,
    DecideForm,
    DraftForm,
    ItemForm,
    ProposeForm,
    QuestionFilter,
    QuestionForm,
    QuestionnaireForm,
    ResultsFilter,
)
from surveys.models import Item, Question, Questionnaire, QuestionnaireVersion, RotationProposal

WRITERS = (Role.MANAGER, Role.TRAINER)
READERS = (*WRITERS, Role.LEAD, Role.QA_SUPERVISOR)
RESULT_READERS = (*READERS, Role.CLIENT)
EDIT = ["GET", "POST"]


def _questionnaire(request, pk):
    return get_object_or_404(Questionnaire.objects.visible_to(request.user), pk=pk)


def _version(request, pk):
    versions = QuestionnaireVersion.objects.visible_to(request.user).select_related("questionnaire")
    return get_object_or_404(versions, pk=pk)


def _item(request, pk):
    items = Item.objects.select_related("version__questionnaire", "question")
    return get_object_or_404(items, pk=pk, version__in=QuestionnaireVersion.objects.visible_to(request.user))


@roles(*READERS)
@require_GET
def question_list(request):
    form = QuestionFilter(request.GET)
    page = page_of(queries.question_bank(request.user, **form.chosen()), request.GET.get("page"))
    recent = queries.recent_of(page.rows, request.user, now=timezone.now())
    for question in page.rows:
        question.recent = recent.get(question.pk)
    return render(request, "surveys/questions.html", {"form": form, "page": page})


@roles(*WRITERS)
@require_http_methods(EDIT)
def question_new(request):
    """A new question, or a copy of ``?copy=<id>``."""
    source = Question.objects.filter(pk=_number(request.GET.get("copy"))).first()
    form = QuestionForm(posted(request), initial=_question_values(source) | {"code": ""} if source else None)
    if request.method == "POST" and form.is_valid():
        question = attempt(
            form, actions.save_question, by=request.user, now=timezone.now(), **form.cleaned_data
        )
        if question:
            messages.success(request, _("The question is saved."))
            return redirect("surveys:questions")
    return render(request, "surveys/question.html", {"form": form, "source": source})


@roles(*WRITERS)
@require_http_methods(EDIT)
def question_edit(request, pk):
    question = get_object_or_404(Question.objects.visible_to(request.user), pk=pk)
    form = QuestionForm(posted(request), initial=_question_values(question))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"question": question}
        if attempt(form, actions.save_question, by=request.user, now=timezone.now(), **values):
            messages.success(request, _("The question is saved."))
            return redirect("surveys:questions")
    context = {"form": form, "question": question, "in_use": actions.used_in_published(question)}
    return render(request, "surveys/question.html", context)


def _question_values(question):
    names = ("code", "kind", "text", "options", "direction", "purpose", "customer_kind", "active")
    return {name: getattr(question, name) for name in names}


def _number(raw):
    """An id from the address, or None for anything else."""
    return int(raw) if raw and raw.isascii() and raw.isdigit() and len(raw) < 16 else None


@roles(*RESULT_READERS)
@require_GET
def questionnaire_list(request):
    page = page_of(queries.questionnaires(request.user), request.GET.get("page"))
    return render(
        request, "surveys/list.html", {"page": page, "may_write": request.user.scope().has(*WRITERS)}
    )


@roles(*WRITERS)
@require_http_methods(EDIT)
def questionnaire_new(request):
    form = QuestionnaireForm(posted(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"by": request.user, "now": timezone.now()}
        if draft := attempt(form, actions.create_questionnaire, **values):
            return redirect("surveys:version", pk=draft.pk)
    return render(request, "surveys/questionnaire_new.html", {"form": form})


@roles(*RESULT_READERS)
@require_GET
def questionnaire(request, pk):
    """The versions of a questionnaire and what changed between two of them."""
    found = _questionnaire(request, pk)
    versions = list(queries.versions_of(found))
    context = {
        "questionnaire": found,
        "versions": versions,
        "has_draft": any(version.state == "draft" for version in versions),
        "compared": _compared(versions, request.GET),
        "form": DraftForm(),
        "may_invite": request.user.scope().has(Role.LEAD, Role.MANAGER),
        "may_write": request.user.scope().has(*WRITERS),
    }
    return render(request, "surveys/questionnaire.html", context)


def _compared(versions, query):
    """The two versions asked for (default: the newest two) and what differs, or None with fewer than two."""
    if len(versions) < 2:
        return None
    by_number = {str(version.number): version for version in versions}
    new = by_number.get(query.get("new", ""), versions[0])
    older = [version for version in versions if version.number < new.number] or versions
    old = by_number.get(query.get("old", ""), older[0])
    return {"old": old, "new": new, "changes": queries.changes(old, new)}


@roles(*WRITERS)
@require_POST
def draft(request, pk):
    form = DraftForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    made = actions.draft_version(
        questionnaire=_questionnaire(request, pk), by=request.user, now=timezone.now(), note=note
    )
    return redirect("surveys:version", pk=made.pk)


@roles(*RESULT_READERS)
@require_http_methods(EDIT)
def version(request, pk):
    """A version: editable as a draft by those who may, else as it is asked."""
    found = _version(request, pk)
    may_edit = found.state == "draft" and request.user.scope().has(*WRITERS)
    if not may_edit:
        return redirect("surveys:preview", pk=pk)
    form = AddItemForm(posted(request), version=found)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, actions.add_item, version=found, **form.values())
    ):
        return redirect("surveys:version", pk=pk)
    items = queries.form_of(found)
    context = {"version": found, "items": items, "facts": queries.facts_of(items), "form": form}
    return render(request, "surveys/version.html", context)


@roles(*RESULT_READERS)
@require_GET
def preview(request, pk):
    """The questionnaire as it is asked: the answers in the address decide which questions show."""
    found = _version(request, pk)
    items = queries.form_of(found)
    context = {
        "version": found,
        "facts": queries.facts_of(items),
        "shown": queries.shown_items(items, request.GET),
        "may_write": request.user.scope().has(*WRITERS),
    }
    return render(request, "surveys/preview.html", context)


@roles(*WRITERS)
@require_http_methods(EDIT)
def item(request, pk):
    found = _item(request, pk)
    form = ItemForm(posted(request), version=found.version, item=found, initial=ItemForm.initial_of(found))
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, actions.change_item, item=found, **form.values())
    ):
        return redirect("surveys:version", pk=found.version_id)
    return render(request, "surveys/item.html", {"item": found, "form": form})


@roles(*WRITERS)
@require_POST
def item_move(request, pk, direction):
    if direction not in ("up", "down"):
        raise Http404
    found = _item(request, pk)
    actions.move_item(item=found, up=direction == "up")
    return redirect("surveys:version", pk=found.version_id)


@roles(*WRITERS)
@require_POST
def item_remove(request, pk):
    found = _item(request, pk)
    actions.remove_item(item=found)
    return redirect("surveys:version", pk=found.version_id)


@roles(*WRITERS)
@require_POST
def publish(request, pk):
    found = actions.publish_version(version=_version(request, pk), by=request.user, now=timezone.now())
    messages.success(
        request, _("Version %(number)s is published; campaigns can choose it.") % {"number": found.number}
    )
    return redirect("surveys:questionnaire", pk=found.questionnaire_id)


@roles(*WRITERS)
@require_POST
def discard(request, pk):
    found = _version(request, pk)
    actions.discard_draft(version=found)
    messages.success(request, _("The draft is discarded."))
    return redirect("surveys:questionnaire", pk=found.questionnaire_id)


@roles(*RESULT_READERS)
@require_GET
def results(request, pk):
    """What customers in scope answered, per question."""
    found = _version(request, pk)
    form = ResultsFilter(request.GET)
    responses = queries.responses_in(found, request.user, **form.chosen())
    context = {
        "version": found,
        "form": form,
        "results": queries.item_results(found, responses),
        "counts": queries.response_counts(responses),
    }
    return render(request, "surveys/results.html", context)


@roles(*RESULT_READERS)
@require_GET
def result_texts(request, pk):
    """The free answers to one question, newest first."""
    found = _item(request, pk)
    page = page_of(queries.texts_of(found, request.user), request.GET.get("page"))
    return render(request, "surveys/texts.html", {"item": found, "version": found.version, "page": page})


@roles(*WRITERS)
@require_http_methods(EDIT)
def rotation(request, pk):
    """Proposals to replace worn-out questions; posting looks for new ones (CAM-8)."""
    found, now = _questionnaire(request, pk), timezone.now()
    form = ProposeForm(posted(request), today=local_day(now, settings.TIME_ZONE))
    if request.method == "POST" and form.is_valid():
        made = actions.propose_rotation(questionnaire=found, until=form.cleaned_data["until"], now=now)
        messages.success(request, _("%(count)s new proposals.") % {"count": len(made)})
        return redirect("surveys:rotation", pk=pk)
    page = page_of(queries.proposals(found), request.GET.get("page"))
    return render(request, "surveys/rotation.html", {"questionnaire": found, "form": form, "page": page})


@roles(*WRITERS)
@require_http_methods(EDIT)
def proposal(request, pk):
    """What the meeting decides about one proposal: ``decision`` is accept or keep."""
    proposals = RotationProposal.objects.select_related("questionnaire", "question", "replacement")
    found = get_object_or_404(
        proposals, pk=pk, questionnaire__in=Questionnaire.objects.visible_to(request.user)
    )
    form = DecideForm(
        posted(request),
        candidates=queries.replacements(found),
        initial={"replacement": found.replacement_id},
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, _decision(request, form), proposal=found)
    ):
        messages.success(request, _("The decision is recorded."))
        return redirect("surveys:rotation", pk=found.questionnaire_id)
    return render(request, "surveys/proposal.html", {"proposal": found, "form": form})


def _decision(request, form):
    values = {"minutes": form.cleaned_data["minutes"], "by": request.user, "now": timezone.now()}
    if request.POST.get("decision") == "accept":
        return partial(actions.accept_rotation, replacement=form.cleaned_data["replacement"], **values)
    return partial(actions.keep_question, **values)
