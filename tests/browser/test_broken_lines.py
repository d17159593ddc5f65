"""What a network or a storage may do to a browser's parts on the way, and that it costs nothing."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Route, expect

from tests.browser.stored import find, is_stored
from tests.calls import PART, Caller
from tests.visitor import Visitor

Make = Callable[..., Path]


def test_offline_is_said_within_two_seconds_and_it_goes_on_by_itself(
    visitor: Visitor, ana: Caller, file: Make
) -> None:
    film = file(8 * PART, "offline.mov")
    visitor.sign_in("ana")
    visitor.throttle(4)
    visitor.upload(film)
    visitor.shows("offline.mov", "uploading")
    visitor.page.wait_for_timeout(1500)
    visitor.offline(True)
    visitor.shows("offline.mov", "suspended", timeout_s=2)
    expect(visitor.page.get_by_text("No network. Nothing is lost")).to_be_visible()
    visitor.page.wait_for_timeout(3000)
    visitor.offline(False)
    visitor.shows("offline.mov", "uploading", timeout_s=5)
    expect(visitor.page.get_by_text("No network. Nothing is lost")).to_have_count(0)
    visitor.shows("offline.mov", "stored", timeout_s=30)
    assert is_stored(ana, find(ana, "film", "offline.mov"), film)
    visitor.forgive("ERR_INTERNET_DISCONNECTED", "ERR_NETWORK")


def test_a_file_chosen_while_offline_is_uploaded_afterwards(
    visitor: Visitor, ana: Caller, file: Make
) -> None:
    film = file(PART, "patient.mov")
    visitor.sign_in("ana")
    expect(visitor.page.get_by_role("button", name="Choose files")).to_be_enabled()
    visitor.offline(True)
    visitor.upload(film)
    visitor.shows("patient.mov", "checking")
    visitor.page.wait_for_timeout(1500)
    visitor.offline(False)
    visitor.shows("patient.mov", "stored", timeout_s=20)
    assert is_stored(ana, find(ana, "film", "patient.mov"), film)
    visitor.forgive("ERR_INTERNET_DISCONNECTED", "ERR_NETWORK")


def answers_first(visitor: Visitor, status: int, code: str, times: int) -> list[str]:
    """The storage answers the first PUTs so; returns their URLs as they come."""
    refused: list[str] = []

    def answer(route: Route) -> None:
        put = route.request.method == "PUT" and "partNumber" in route.request.url
        if not put or len(refused) >= times:
            return route.continue_()
        refused.append(route.request.url)
        cors = {"Access-Control-Allow-Origin": "*"}
        return route.fulfill(status=status, body=f"<Code>{code}</Code>", headers=cors)

    visitor.page.route("**/*", answer)
    visitor.forgive(str(status))
    return refused


def hang_first(visitor: Visitor, times: int) -> list[str]:
    """The first PUTs are never answered."""
    hanging: list[str] = []

    def hang(route: Route) -> None:
        put = route.request.method == "PUT" and "partNumber" in route.request.url
        if not put or len(hanging) >= times:
            return route.continue_()
        return hanging.append(route.request.url)

    visitor.page.route("**/*", hang)
    return hanging


def test_errors_of_the_storage_are_tried_again(visitor: Visitor, ana: Caller, file: Make) -> None:
    film = file(4 * PART, "flaky.mov")
    visitor.sign_in("ana")
    refused = answers_first(visitor, 503, "SlowDown", 3)
    visitor.upload(film)
    visitor.shows("flaky.mov", "stored", timeout_s=30)
    assert len(refused) == 3
    assert is_stored(ana, find(ana, "film", "flaky.mov"), film)


def test_an_expired_url_is_renewed_silently(visitor: Visitor, ana: Caller, file: Make) -> None:
    film = file(3 * PART, "expired.mov")
    visitor.sign_in("ana")
    expired = answers_first(visitor, 403, "AccessDenied", 1)
    visitor.upload(film)
    visitor.shows("expired.mov", "stored", timeout_s=30)
    assert len(expired) == 1
    assert is_stored(ana, find(ana, "film", "expired.mov"), film)


def test_a_put_that_hangs_is_broken_off_by_a_timer_of_its_own(
    visitor: Visitor, ana: Caller, file: Make
) -> None:
    film = file(3 * PART, "hanging.mov")
    visitor.sign_in("ana")
    hanging = hang_first(visitor, 2)
    visitor.upload(film)
    visitor.shows("hanging.mov", "stored", timeout_s=45)
    assert len(hanging) == 2
    assert is_stored(ana, find(ana, "film", "hanging.mov"), film)


def test_after_a_change_of_network_it_goes_on_within_five_seconds(
    visitor: Visitor, ana: Caller, file: Make
) -> None:
    film = file(2 * PART, "moved.mov")
    visitor.sign_in("ana")
    hanging = hang_first(visitor, 2)
    visitor.upload(film)
    visitor.shows("moved.mov", "uploading")
    for _ in range(50):
        if len(hanging) == 2:
            break
        visitor.page.wait_for_timeout(100)
    visitor.page.evaluate("navigator.connection.dispatchEvent(new Event('change'))")
    visitor.shows("moved.mov", "stored", timeout_s=5)
    assert is_stored(ana, find(ana, "film", "moved.mov"), film)


def test_after_a_sleep_it_goes_on_within_five_seconds(
    visitor: Visitor, ana: Caller, file: Make
) -> None:
    film = file(2 * PART, "asleep.mov")
    visitor.sign_in("ana")
    hanging = hang_first(visitor, 2)
    visitor.upload(film)
    visitor.shows("asleep.mov", "uploading")
    for _ in range(50):
        if len(hanging) == 2:
            break
        visitor.page.wait_for_timeout(100)
    renderers = visitor.renderers()
    for pid in renderers:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(10)
    for pid in renderers:
        os.kill(pid, signal.SIGCONT)
    visitor.shows("asleep.mov", "stored", timeout_s=5)
    assert is_stored(ana, find(ana, "film", "asleep.mov"), film)
