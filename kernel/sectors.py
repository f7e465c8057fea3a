"""The sectors of work: OCHA's list, and three that this fund adds."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sector(models.TextChoices):
    """A sector; the four parts of protection stand beside it as sectors with a `parent`."""

    WASH = "wash", _("Water, sanitation and hygiene")
    HEALTH = "health", _("Health")
    NUTRITION = "nutrition", _("Nutrition")
    FOOD_SECURITY = "food_security", _("Food security and agriculture")
    SHELTER = "shelter", _("Shelter and non-food items")
    EDUCATION = "education", _("Education")
    PROTECTION = "protection", _("Protection")
    CHILD_PROTECTION = "child_protection", _("Child protection")
    GENDER_BASED_VIOLENCE = "gbv", _("Gender-based violence")
    MINE_ACTION = "mine_action", _("Mine action")
    HOUSING_LAND_PROPERTY = "hlp", _("Housing, land and property")
    EARLY_RECOVERY = "early_recovery", _("Early recovery and livelihoods")
    CAMP_COORDINATION = "cccm", _("Camp coordination and camp management")
    CASH = "cash", _("Multi-purpose cash assistance")
    LOGISTICS = "logistics", _("Logistics")
    TELECOMMUNICATIONS = "etc", _("Emergency telecommunications")
    COORDINATION = "coordination", _("Coordination and common services")
    SOCIAL_COHESION = "social_cohesion", _("Social cohesion and peacebuilding")
    INSTITUTIONAL = "institutional", _("Institutional strengthening")
    LOCAL_KNOWLEDGE = "local_knowledge", _("Local knowledge and research")

    @property
    def parent(self) -> "Sector | None":
        """The sector that this one is a part of."""
        parts = {
            Sector.CHILD_PROTECTION,
            Sector.GENDER_BASED_VIOLENCE,
            Sector.MINE_ACTION,
            Sector.HOUSING_LAND_PROPERTY,
        }
        return Sector.PROTECTION if self in parts else None
