from django.urls import path

from customers.views import archive, blacklist, contact, imports, privacy, rules

app_name = "customers"
urlpatterns = [
    path("", archive.customer_list, name="list"),
    path("completeness/", archive.completeness, name="completeness"),
    path("protection/", privacy.protection, name="protection"),
    path("protection/export/", privacy.export_protection, name="protection_export"),
    path("new/", archive.new, name="new"),
    path("<int:pk>/", archive.detail, name="detail"),
    path("<int:pk>/edit/", archive.edit, name="edit"),
    path("<int:pk>/permission/", archive.permission, name="permission"),
    path("<int:pk>/phones/new/", archive.phone_new, name="phone_new"),
    path("<int:pk>/consents/", contact.consents, name="consents"),
    path("rules/", rules.contact_rules, name="rules"),
    path("<int:pk>/consent/", contact.consent, name="consent"),
    path("<int:pk>/do-not-call/", blacklist.block, name="block"),
    path("do-not-call/", blacklist.entry_list, name="entries"),
    path("do-not-call/new/", blacklist.new, name="entry_new"),
    path("do-not-call/import/", blacklist.import_list, name="entry_import"),
    path("do-not-call/<int:pk>/", blacklist.detail, name="entry"),
    path("do-not-call/<int:pk>/do/<str:verb>/", blacklist.verb, name="entry_verb"),
    path("<int:pk>/erase/", privacy.erase, name="erase"),
    path("<int:pk>/reveal/<str:what>/", privacy.reveal_hidden, name="reveal_hidden"),
    path("<int:pk>/hold/", privacy.hold, name="hold"),
    path("<int:pk>/copy/", privacy.copy, name="copy"),
    path("holds/<int:pk>/lift/", privacy.lift, name="lift"),
    path("phones/<int:pk>/reveal/", privacy.reveal, name="reveal"),
    path("phones/<int:pk>/state/", contact.phone_state, name="phone_state"),
    path("phones/<int:pk>/prefer/", contact.phone_prefer, name="phone_prefer"),
    path("import/", imports.import_file, name="import"),
    path("import/<int:pk>/", imports.import_preview, name="import_preview"),
    path("import/<int:pk>/columns/", imports.import_columns, name="import_columns"),
    path("import/<int:pk>/start/", imports.import_start, name="import_start"),
]
