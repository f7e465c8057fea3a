"""The public face of the log."""

from django.urls import path

from audit.views import tiles

app_name = "audit"
urlpatterns = [
    path("checkpoint", tiles.checkpoint, name="checkpoint"),
    path("tile/<path:path>", tiles.tile, name="tile"),
    path("<int:epoch>/checkpoint", tiles.checkpoint, name="epoch_checkpoint"),
    path("<int:epoch>/tile/<path:path>", tiles.tile, name="epoch_tile"),
]
