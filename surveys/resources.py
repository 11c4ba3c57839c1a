"""The question bank as a workbook; questions are recognised by their codes (CAM-6)."""

from django.core.exceptions import ValidationError
from import_export import fields, resources

from callcenter.errors import Refused
from surveys.actions import check_question
from surveys.models import Question
from surveys.option_lines import OptionsField


class LanguageColumn(fields.Field):
    """One language of a text kept as ``{language: text}`` in ``attribute``."""

    def __init__(self, attribute, language):
        super().__init__(
            attribute=attribute, column_name=f"{attribute}_{language.replace('-', '_')}", default=""
        )
        self.language = language

    def get_value(self, instance):
        return (getattr(instance, self.attribute) or {}).get(self.language, "")

    def save(self, instance, row, is_m2m=False, **kwargs):
        texts = dict(getattr(instance, self.attribute) or {})
        text = str(row.get(self.column_name) or "").strip()
        texts.pop(self.language, None)
        if text:
            texts[self.language] = text
        setattr(instance, self.attribute, texts)


class OptionsColumn(fields.Field):
    """Options as lines: value | simplified | traditional | English | score."""

    def get_value(self, instance):
        return OptionsField().prepare_value(instance.options)

    def clean(self, row, **kwargs):
        return OptionsField(required=False).clean(str(row.get(self.column_name) or ""))


class QuestionResource(resources.ModelResource):
    text_zh_hans = LanguageColumn("text", "zh-hans")
    text_zh_hant = LanguageColumn("text", "zh-hant")
    text_en = LanguageColumn("text", "en")
    options = OptionsColumn("options", "options")

    class Meta:
        model = Question
        import_id_fields = ["code"]
        fields = [
            "code",
            "kind",
            "text_zh_hans",
            "text_zh_hant",
            "text_en",
            "options",
            "direction",
            "purpose",
            "customer_kind",
            "active",
        ]
        clean_model_instances = True

    def before_save_instance(self, instance, row, **kwargs):
        """The same rules as on the page; a refusal is the row's error."""
        try:
            check_question(question=instance)
        except Refused as refusal:
            raise ValidationError(str(refusal.message)) from refusal
