from django.urls import path

from customers.views import archive, contact, imports, merging

app_name = "customers"
urlpatterns = [
    path("", archive.customer_list, name="list"),
    path("completeness/", archive.completeness, name="completeness"),
    path("duplicates/", merging.duplicates, name="duplicates"),
    path("duplicates/<int:pk>/dismiss/", merging.dismiss, name="dismiss"),
    path("merges/<int:pk>/undo/", merging.undo, name="undo_merge"),
    path("<int:pk>/merge/<int:other>/", merging.merge, name="merge"),
    path("new/", archive.new, name="new"),
    path("<int:pk>/", archive.detail, name="detail"),
    path("<int:pk>/edit/", archive.edit, name="edit"),
    path("<int:pk>/timeline/", archive.timeline, name="timeline"),
    path("<int:pk>/permission/", archive.permission, name="permission"),
    path("<int:pk>/phones/new/", archive.phone_new, name="phone_new"),
    path("<int:pk>/consent/", contact.consent, name="consent"),
    path("<int:pk>/do-not-call/", contact.block, name="block"),
    path("<int:pk>/erase/", contact.erase, name="erase"),
    path("do-not-call/<int:pk>/end/", contact.unblock, name="unblock"),
    path("phones/<int:pk>/reveal/", contact.reveal, name="reveal"),
    path("phones/<int:pk>/state/", contact.phone_state, name="phone_state"),
    path("phones/<int:pk>/prefer/", contact.phone_prefer, name="phone_prefer"),
    path("import/", imports.import_file, name="import"),
    path("import/<int:pk>/", imports.import_preview, name="import_preview"),
    path("import/<int:pk>/columns/", imports.import_columns, name="import_columns"),
    path("import/<int:pk>/start/", imports.import_start, name="import_start"),
]
