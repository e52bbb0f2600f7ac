"""Observers: told in order, taken off, and unable to harm each other."""

import asyncio
from typing import Any

from offhook_client.observers import Observers, follow


async def test_all_are_told_in_order() -> None:
    heard: list[str] = []
    observers = Observers[str]()
    observers.add(lambda news: heard.append(f"first {news}"))
    observers.add(lambda news: heard.append(f"second {news}"))
    observers.tell("a")
    assert heard == ["first a", "second a"]


async def test_what_is_taken_off_is_told_no_more_and_twice_is_once() -> None:
    heard: list[str] = []
    observers = Observers[str]()
    take_off = observers.add(heard.append)
    observers.add(heard.append)
    take_off()
    take_off()
    observers.tell("a")
    assert heard == ["a"]


async def test_an_observer_may_take_itself_off_while_it_is_told() -> None:
    heard: list[str] = []
    observers = Observers[str]()

    def once(news: str) -> None:
        heard.append(news)
        take_off()

    take_off = observers.add(once)
    observers.add(heard.append)
    observers.tell("a")
    observers.tell("b")
    assert heard == ["a", "a", "b"]


async def test_one_that_raises_is_reported_and_stops_nobody() -> None:
    problems: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, facts: problems.append(facts))
    heard: list[str] = []
    observers = Observers[str]()
    observers.add(lambda _: 1 / 0)
    observers.add(heard.append)
    observers.tell("a")
    assert heard == ["a"]
    assert isinstance(problems[0]["exception"], ZeroDivisionError)


async def test_who_follows_hears_what_is_then_each_change_until_the_end() -> None:
    changes, troubles = Observers[str](), Observers[str]()
    over = False
    heard: list[str] = []

    async def listen() -> None:
        async for news in follow(changes, troubles, now=lambda: "a", ended=lambda: over):
            heard.append(news)  # noqa: PERF401 - one by one: the test looks in between.

    listening = asyncio.ensure_future(listen())
    await asyncio.sleep(0)
    changes.tell("b")
    troubles.tell("a passing trouble")
    changes.tell("c")
    await asyncio.sleep(0)
    assert heard == ["a", "b", "c"]
    over = True
    troubles.tell("the end")
    await listening
    changes.tell("d")
    assert heard == ["a", "b", "c"]


async def test_who_follows_slowly_hears_the_last_change_before_the_end() -> None:
    changes, troubles = Observers[str](), Observers[str]()
    over: list[bool] = []
    heard: list[str] = []
    async for news in follow(changes, troubles, now=lambda: "muted", ended=lambda: bool(over)):
        heard.append(news)
        if news == "muted":
            changes.tell("live")
            over.append(True)
            changes.tell("unknown")
            troubles.tell("the end")
    assert heard == ["muted", "live", "unknown"]


async def test_who_follows_what_has_ended_hears_what_is_and_no_more() -> None:
    nothing = follow(Observers[str](), Observers[str](), now=lambda: "unknown", ended=lambda: True)
    assert [news async for news in nothing] == ["unknown"]
