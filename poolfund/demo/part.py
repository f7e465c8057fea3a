from poolfund.demo import foundations, calls, clock
from poolfund.demo.calls import Project
import time
def play(say):
    foundations.lay(say)
    call = calls.open_call({"ar":"تعليم","en":"Edu","ku":"P"}, published=520, opens=512, closes=480, sources={"DEMO-BANK-001": 20_000_000, "DEMO-BANK-002": 12_000_000}, sectors=["education", "protection"], months=[12, 24], ceiling_minor=15_000_000, grant_type='programmatic')
    say("call "+call.state)
    P=[Project("sanabel", "مدارس آمنة", "نعيد فتح", "education", ("SY02", "SY07"), 24, 2400, 5_600_000, 4_200_000, 400_000)]
    for p in P:
        with clock.on(490):
            a=calls.submit(calls.begin(call,p), p.organisation); say(a.state)
    call=calls.close_and_screen(call, closed=480); say(call.state+" "+str(list(call.applications.values_list("state",flat=True))))
    return []
