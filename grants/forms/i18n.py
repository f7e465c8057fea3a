"""Forms with texts in the fund's languages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from kernel.fields import LongTextField, ShortTextField

LANGUAGES = {"ar": _("Arabic"), "en": _("English"), "ku": _("Kurmanji")}
OPTIONAL = {"ku"}


class I18nForm(forms.Form):
    """A form with texts in the fund's languages; each is a field of its own, ``title_ar`` and so on."""

    def add_text(
        self, name: str, label: Any, *, most: int, long: bool = False, required: bool = True, hint: Any = ""
    ) -> None:
        """Fields for one text; Arabic and English are needed when it is ``required``."""
        for language, language_name in LANGUAGES.items():
            made = LongTextField if long else ShortTextField
            self.fields[f"{name}_{language}"] = made(
                max_length=most,
                required=required and language not in OPTIONAL,
                label=_("%(label)s – %(language)s") % {"label": label, "language": language_name},
                help_text=hint if language == "ar" else "",
            )

    def text(self, name: str) -> LazyI18nString:
        """The text as it was typed in all languages."""
        return LazyI18nString({language: self.cleaned_data[f"{name}_{language}"] for language in LANGUAGES})


def texts(name: str, value: Any) -> dict[str, str]:
    """A stored text as initial values of its fields."""
    data = value.data if isinstance(value, LazyI18nString) else value
    by_language: dict[str, str] = data if isinstance(data, dict) else {"ar": str(data or "")}
    return {f"{name}_{language}": by_language.get(language, "") for language in LANGUAGES}
