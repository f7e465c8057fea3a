"""Words of Django and allauth that people meet in forms, which those libraries do not have in Kurmanji.

They are named here so that the house's catalogue keeps them; in Arabic they are worded as the rest of the fund is.
"""

from django.utils.translation import gettext_noop as _

FORMS = [
    _("This field is required."),
    _("Enter a valid value."),
    _("Enter a valid email address."),
    _("Enter a valid URL."),
    _("Enter a whole number."),
    _("Select a valid choice. That choice is not one of the available choices."),
    _("Select a valid choice. %(value)s is not one of the available choices."),
    _("No file was submitted. Check the encoding type on the form."),
    _("No file was submitted."),
    _("The submitted file is empty."),
    _("Currently"),
    _("Change"),
    _("Clear"),
    _("Yes"),
    _("No"),
]
"""Django's form fields."""

PASSWORDS = [
    _("Your password can’t be too similar to your other personal information."),
    _("Your password can’t be a commonly used password."),
    _("This password is too common."),
]
"""Django's password validators."""

SIGN_IN = [
    _("Email"),
    _("Email address"),
    _("Password"),
    _("Password (again)"),
    _("Current Password"),
    _("New Password"),
    _("New Password (again)"),
    _("Forgot your password?"),
    _("The email address and/or password you specified are not correct."),
    _("Too many failed login attempts. Try again later."),
    _("You must type the same password each time."),
    _("Please type your current password."),
    _("A user is already registered with this email address."),
    _("This email address is already associated with this account."),
    _("Incorrect code."),
    _("Incorrect password."),
    _("Authenticator code"),
    _("Name"),
    _("Passwordless"),
    _("Code"),
    _("Use your password"),
    _("Use authenticator app or code"),
    _("Use a security key"),
    _("You have signed out."),
    _("Successfully signed in as %(name)s."),
    _("Confirmation email sent to %(email)s."),
    _("You have confirmed %(email)s."),
    _("Password successfully changed."),
]
"""allauth's forms and messages."""
