"""`translations`: bring the catalogues up to date, check them, or compile them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from poolfund import translations


class Command(BaseCommand):
    """Extract, check, compile; see `poolfund.translations`."""

    help = "Update the catalogues from the code; --check only says what is wrong, --compile only writes .mo files."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Two other things that it can do, and for which apps."""
        parser.add_argument("apps", nargs="*", help="only these apps (all)")
        parser.add_argument("--check", action="store_true", help="fail when a string is missing, fuzzy or stale")
        parser.add_argument("--compile", action="store_true", help="write the .mo files that are out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked."""
        apps = options["apps"] or translations.apps()
        if unknown := set(apps) - set(translations.apps()):
            raise CommandError(f"no such app: {', '.join(sorted(unknown))}")
        if options["compile"]:
            self.stdout.write(f"{translations.compile_all()} catalogues compiled")
        elif options["check"]:
            self._check(apps)
        else:
            self._update(apps)

    def _update(self, apps: list[str]) -> None:
        for app in apps:
            for language in translations.LANGUAGES:
                changed = translations.update(app, language)
                left = len(translations.problems(app, language))
                if changed or left:
                    self.stdout.write(f"{app} [{language}] {'updated' if changed else 'unchanged'}, {left} left to do")
        translations.compile_all()

    def _check(self, apps: list[str]) -> None:
        found = [
            line for app in apps for language in translations.LANGUAGES for line in translations.problems(app, language)
        ]
        found += [line for language in translations.LANGUAGES for line in translations.contradictions(language)]
        if found:
            raise CommandError(f"{len(found)} problems of translation:\n" + "\n".join(found))
        self.stdout.write("all catalogues are complete")
