from django.urls import path

from messaging.views import batches, messages, replies, texts

app_name = "messaging"
urlpatterns = [
    path("", messages.message_list, name="list"),
    path("new/", messages.single, name="single"),
    path("outbox/", messages.outbox, name="outbox"),
    path("outbox/<int:pk>/answer/", messages.outbox_answer, name="outbox_answer"),
    path("letters/", messages.letters, name="letters"),
    path("customers/<int:pk>/", messages.customer_messages, name="customer_messages"),
    path("batches/", batches.batch_list, name="batches"),
    path("batches/new/", batches.batch_new, name="batch_new"),
    path("batches/count/", batches.batch_count, name="batch_count"),
    path("batches/<int:pk>/", batches.batch_detail, name="batch"),
    path("batches/<int:pk>/<str:verb>/", batches.batch_verb, name="batch_verb"),
    path("replies/", replies.reply_list, name="replies"),
    path("replies/<int:pk>/", replies.reply_detail, name="reply"),
    path("texts/", texts.template_list, name="templates"),
    path("texts/new/", texts.template_new, name="template_new"),
    path("texts/<int:pk>/edit/", texts.version_edit, name="version_edit"),
    path("texts/<int:pk>/preview/", texts.preview, name="preview"),
    path("versions/<int:pk>/", texts.version, name="version"),
    path("versions/<int:pk>/<str:verb>/", texts.version_verb, name="version_verb"),
    path("<int:pk>/", messages.message, name="message"),
    path("<int:pk>/<str:verb>/", messages.message_verb, name="message_verb"),
]
