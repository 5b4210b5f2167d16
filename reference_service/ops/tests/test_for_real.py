"""Each fault in the running reference reaches PagerDuty and Slack, and so does its end (MON-05, CHK-37)."""

import re
import subprocess
from pathlib import Path

import pytest

import reference_service
from reference_service.ops.alerts import Severity, alerts
from reference_service.ops.pace import PRODUCTION
from reference_service.ops.tests.faults import FAULTS, Fault
from reference_service.ops.tests.watched import Watched, until
from reference_service.tests.ops.tools import program
from reference_service.tests.workers.database import Marketplace

README = Path(reference_service.__file__).parents[1] / "docs/operations/README.md"

SEVERITIES = {alert.name: alert.severity for alert in alerts(PRODUCTION)}


def test_each_alert_has_a_fault() -> None:
    assert frozenset().union(*FAULTS.values()) | {"Watchdog"} == set(SEVERITIES)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_fault_is_told_and_so_is_its_end(watched: Watched, marketplace: Marketplace, fault: Fault) -> None:
    wanted = sorted(FAULTS[fault])
    until(lambda: watched.firing() == {"Watchdog"}, "all is calm before the fault")
    before = {name: heard(watched, name, fires=True) for name in wanted}
    with fault(watched, marketplace):
        for name in wanted:
            until(lambda name=name: heard(watched, name, fires=True) > before[name], f"{name} arrives")  # type: ignore[misc]
    ended = {name: heard(watched, name, fires=False) for name in wanted}
    for name in wanted:
        until(lambda name=name: heard(watched, name, fires=False) > ended[name], f"{name} resolves")  # type: ignore[misc]


def heard(watched: Watched, alert: str, *, fires: bool) -> int:
    """How often all who must hear of the alert have; the least of them counts."""
    told = len(watched.receiver.told(alert, "FIRING" if fires else "RESOLVED"))
    if SEVERITIES[alert] is not Severity.CRITICAL:
        return told
    return min(told, len(watched.receiver.paged(alert, "trigger" if fires else "resolve")))


def test_the_test_alert_of_the_documents_arrives_and_resolves(watched: Watched) -> None:
    program("amtool")
    (shown,) = re.findall(r"(?ms)^    (amtool alert add .*?[^\\])$", README.read_text(encoding="utf-8"))
    call = shown.replace("http://127.0.0.1:9093", watched.url("alertmanager"))
    subprocess.run(["bash", "-c", call.replace("+2 minutes", "+5 seconds")], check=True, timeout=30)
    receiver = watched.receiver
    until(lambda: bool(receiver.told("TestAlert", "FIRING")), "Slack hears of it")
    until(lambda: bool(receiver.paged("TestAlert", "trigger")), "PagerDuty hears of it")
    until(lambda: bool(receiver.told("TestAlert", "RESOLVED")), "Slack hears of its end")
    until(lambda: bool(receiver.paged("TestAlert", "resolve")), "PagerDuty hears of its end")
    assert "Sent by hand" in receiver.told("TestAlert", "FIRING")[0]["attachments"][0]["text"]


def test_the_dead_mans_switch_is_kept_from_going_off(watched: Watched) -> None:
    posts = watched.receiver.posts.setdefault("/dead-mans-switch", [])
    before = len(posts)
    until(lambda: len(posts) >= before + 2, "two more signs of life")
    assert posts[-1]["alerts"][0]["labels"] == {"alertname": "Watchdog", "severity": "none"}


def test_the_payloads_are_pagerdutys_and_slacks(watched: Watched, marketplace: Marketplace) -> None:
    pages = watched.receiver.paged("DiscoveryApiDown", "trigger")
    assert pages, "the faults have to be injected first: run the whole file"
    page = pages[0]
    assert page["routing_key"] == "a-routing-key-of-32-characters!!"
    assert page["payload"]["severity"] == "critical"
    assert page["payload"]["custom_details"]["runbook"] == "docs/operations/discovery-api-down.md"
    end = watched.receiver.paged("DiscoveryApiDown", "resolve")[0]
    assert end["dedup_key"] == page["dedup_key"]
    message = watched.receiver.told("DiscoveryHighLatency", "FIRING")[0]
    assert message["channel"] == "#marketplace-alerts"
    (attachment,) = message["attachments"]
    assert "Runbook: docs/operations/discovery-high-latency.md" in attachment["text"]
    assert "the limit is 500 ms" in attachment["text"]
