"""The public face of the log."""

from django.urls import path

from audit.views import erasures, pages, receipts, tiles, witnesses

app_name = "audit"
urlpatterns = [
    path("", pages.about, name="about"),
    path("policy", pages.policy, name="policy"),
    path("verify/", pages.verify, name="verify"),
    path("tools/<str:name>", pages.tool, name="tool"),
    path("cosignatures", pages.cosignatures, name="cosignatures"),
    path("record/", receipts.record, name="record"),
    path("paper/<uuid:subject>/", receipts.paper, name="paper"),
    path("proof/<str:leaf>/", receipts.proof, name="proof"),
    path("proof/<str:leaf>.tlog-proof", receipts.receipt, name="receipt"),
    path("proof/<str:leaf>.promise.txt", receipts.promise, name="promise"),
    path("witnesses/", witnesses.witness_list, name="witness_list"),
    path("witnesses/new/", witnesses.witness_new, name="witness_new"),
    path("witnesses/<uuid:pk>/retire/", witnesses.witness_retire, name="witness_retire"),
    path("witnesses/<uuid:pk>/request.txt", witnesses.witness_request, name="witness_request"),
    path("erasures/", erasures.erasure_list, name="erasure_list"),
    path("erasures/sealed/", erasures.sealed_list, name="sealed_list"),
    path("erasures/sealed/<uuid:key>/", erasures.erasure_key, name="erasure_key"),
    path("erasures/<uuid:pk>/", erasures.erasure_decide, name="erasure_decide"),
    path("erasures/new/<uuid:person>/", erasures.erasure_new, name="erasure_new"),
    path("checkpoint", tiles.checkpoint, name="checkpoint"),
    path("tile/<path:path>", tiles.tile, name="tile"),
    path("<int:epoch>/checkpoint", tiles.checkpoint, name="epoch_checkpoint"),
    path("<int:epoch>/tile/<path:path>", tiles.tile, name="epoch_tile"),
]
