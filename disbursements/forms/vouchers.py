"""Forms of vouchers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.fields import ShortTextField


class VoucherForm(forms.Form):
    """In which language the voucher is drawn."""

    language = forms.ChoiceField(
        label=_("Language of the paper"),
        choices=[("ar", "العربية"), ("en", "English")],
        initial="ar",
        widget=forms.RadioSelect,
    )


class CodeForm(forms.Form):
    """The code that the payee showed."""

    code = ShortTextField(
        label=_("Code of the voucher"),
        max_length=40,
        help_text=_("Ten letters and digits, as the payee shows them, for example 7K3QF-2XM9A."),
        widget=forms.TextInput(attrs={"data-ltr": "", "autocomplete": "off"}),
    )
