"""The switches of the demo: whether people answer by themselves, and what is broken on purpose."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.broadcasts.typed import ids
from denrei.project.demo.faults import Fault
from denrei.project.demo.handsets import bench
from denrei.project.demo.pace import SPEEDS


def context() -> dict[str, object]:
    """Return how the switches stand."""
    pace = bench.people_pace()
    broken = bench.breakables()
    return {
        "pace": pace,
        "speeds": bench.speeds(pace),
        "breakables": broken,
        "broken": [one for one in broken if one.left],
        "times": bench.TIMES,
    }


@rights.needs(Right.READ)
@require_safe
def standing(request: HttpRequest) -> HttpResponse:
    """Serve `/console/handsets/standing/`: the part of the page with the switches."""
    return render(request, "demo/handsets/standing.html", context())


@rights.needs(Right.SEND)
@require_POST
def pace(request: HttpRequest) -> HttpResponse:
    """Serve `/console/handsets/pace/`: on, off, and how fast."""
    wanted = bench.people_pace()
    if request.POST.get("on") in {"yes", "no"}:
        wanted = replace(wanted, on=request.POST["on"] == "yes")
    if request.POST.get("speed") in SPEEDS:
        wanted = replace(wanted, speed=SPEEDS[request.POST["speed"]])
    bench.set_pace(wanted)
    return back(request)


@rights.needs(Right.SEND)
@require_POST
def fault(request: HttpRequest) -> HttpResponse:
    """Serve `/console/handsets/fault/`: break something for a time, or mend it (`seconds` 0)."""
    kind, seconds = request.POST.get("fault", ""), request.POST.get("seconds", "")
    allowed = {str(one): one for one in (0, *bench.TIMES)}
    if kind not in {one.value for one in Fault} or seconds not in allowed:
        messages.error(request, _("起こす故障と、時間を選んでください。"))
        return back(request)
    bench.set_fault(Fault(kind), allowed[seconds])
    if allowed[seconds]:
        messages.success(request, _("故障を起こしました。時間がたつと自動で元に戻ります。"))
    else:
        messages.success(request, _("元に戻しました。"))
    return back(request)


def back(request: HttpRequest, anchor: str = "") -> HttpResponse:
    """Lead to the page with the same phones on the bench."""
    people = ids(request.POST.getlist("person"))
    query = f"?{urlencode({'person': people}, doseq=True)}" if people else ""
    return redirect(f"{reverse('console:handsets')}{query}{anchor}")
