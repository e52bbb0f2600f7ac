"""`offhook load`. Heavy imports wait until it runs."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any

import click

from offhook.commands.exits import FINDINGS, Surroundings
from offhook.commands.ranges import NumberRange

if TYPE_CHECKING:
    from offhook_scenarios.backoff.policy import Policy
    from offhook_scenarios.load.meter import Tally


@click.command()
@click.argument("url")
@click.option("--users", type=click.IntRange(1, 100_000), default=20, show_default=True)
@click.option(
    "--seconds",
    type=NumberRange(0, 86_400, min_open=True),
    default=10.0,
    show_default=True,
    help="For how long.",
)
@click.option(
    "--policy",
    "policy_name",
    metavar="POLICY",
    default="retry-after-jitter",
    show_default=True,
    help="How a user retries: as for `offhook herd`.",
)
@click.option(
    "--pause",
    "pause_s",
    type=NumberRange(0, 3600),
    default=0.1,
    show_default=True,
    help="Seconds from the end of an operation to the next.",
)
@click.option("--user", "name", default="agent", show_default=True, help="Whose devices.")
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    help="On Locust: so many processes of ours under a stock master.",
)
@click.option(
    "--web",
    "web_port",
    type=click.IntRange(1, 65_535),
    help="With --workers: Locust's page on this port, where the test is begun and ended.",
)
@click.option("--locust", metavar="PATH", help="With --workers: the locust command.")
@click.option("--join", metavar="HOST:PORT", help="Be a worker of the Locust master there.")
@click.option("--first", type=click.IntRange(min=0), default=0, hidden=True)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")
def load(url: str, *, workers: int | None, join: str | None, as_json: bool, **options: Any) -> None:
    """Real traffic against a running mock: users that mute and unmute, and retry by a policy.

    URL is that of a mock on this machine, as `offhook serve` prints it. Nothing is ever sent
    anywhere else. One process does, unless --workers puts several under a stock Locust master.

    \b
    Examples:
      offhook load http://127.0.0.1:8089
      offhook load http://127.0.0.1:8089 --users 200 --seconds 30 --policy tutorial
      offhook load http://127.0.0.1:8089 --workers 2 --users 100 --locust ~/locust/bin/locust
      offhook load http://127.0.0.1:8089 --workers 2 --web 8090

    \b
    Exit codes: 0 played, 1 the policy broke, 2 usage, 3 the surroundings do not allow it, 130
    interrupted.
    """  # noqa: D301 - \b is click's mark for a paragraph that is not rewrapped.
    from offhook_scenarios.load.target import TargetError, checked_url  # noqa: PLC0415 - see above.

    try:
        url = checked_url(url)
    except TargetError as error:
        raise click.UsageError(str(error)) from error
    if workers is None and (options["web_port"] or options["locust"]):
        raise click.UsageError("--web and --locust belong to --workers.")
    policy = _policy(options["policy_name"])
    # Ctrl-C needs no words of its own here: the root has them.
    if join is not None:
        asyncio.run(_work(url, join, policy, options))
    elif workers is not None:
        _fleet(url, workers, options, as_json=as_json)
    else:
        _report(_alone(url, policy, options), options, as_json=as_json)


def _policy(name: str) -> Policy:
    from offhook_scenarios.backoff.loading import NoSuchPolicyError  # noqa: PLC0415 - see above.
    from offhook_scenarios.backoff.loading import load as load_policy  # noqa: PLC0415 - as above.
    from offhook_scenarios.backoff.policy import BrokenPolicyError  # noqa: PLC0415 - as above.

    try:
        return load_policy(name)
    except NoSuchPolicyError as error:
        raise click.UsageError(f"--policy {name}: {error}") from error
    except BrokenPolicyError as error:
        click.echo(f"{name}: {error}", err=True)
        raise click.exceptions.Exit(FINDINGS) from error


def _alone(url: str, policy: Policy, options: dict[str, Any]) -> Tally:
    from rich.console import Console  # noqa: PLC0415 - see above.
    from rich.progress import Progress  # noqa: PLC0415 - see above.

    from offhook_scenarios.backoff.policy import BrokenPolicyError  # noqa: PLC0415 - see above.
    from offhook_scenarios.load.alone import run_alone  # noqa: PLC0415 - see above.
    from offhook_scenarios.load.user import MockError  # noqa: PLC0415 - see above.

    with Progress(console=Console(stderr=True), transient=True) as bar:
        bar.disable = not bar.console.is_terminal
        task = bar.add_task("loading", total=1.0)
        running = run_alone(
            url,
            policy,
            users=options["users"],
            seconds=options["seconds"],
            name=options["name"],
            pause_s=options["pause_s"],
            seed=options["seed"],
            progress=lambda share, tally: bar.update(
                task, completed=share, description=f"{tally.attempts} requests"
            ),
        )
        try:
            return asyncio.run(running)
        except MockError as error:
            raise Surroundings(str(error)) from error
        except BrokenPolicyError as error:
            click.echo(f"{options['policy_name']}: {error}", err=True)
            raise click.exceptions.Exit(FINDINGS) from error


async def _work(url: str, join: str, policy: Policy, options: dict[str, Any]) -> None:
    from offhook_scenarios.load.crowd import Crowd  # noqa: PLC0415 - see above.
    from offhook_scenarios.load.meter import Meter  # noqa: PLC0415 - see above.
    from offhook_scenarios.load.target import TargetError, check_host  # noqa: PLC0415 - see above.
    from offhook_scenarios.load.user import MockError  # noqa: PLC0415 - see above.

    host, _, port = join.rpartition(":")
    if not (host and port.isdigit()):
        raise click.UsageError(f"--join {join}: it must be HOST:PORT.")
    try:
        check_host(host, join)
    except TargetError as error:
        raise click.UsageError(f"--join: {error}") from error
    try:
        from offhook_scenarios.load.worker import MasterGoneError, Worker  # noqa: PLC0415 - an extra.
    except ImportError as error:
        raise Surroundings(
            "Workers need pyzmq and msgpack: pip install 'offhook[load]'."
        ) from error
    meter = Meter(now=time.time())
    crowd = Crowd(
        url,
        meter,
        policy,
        name=options["name"],
        pause_s=options["pause_s"],
        seed=options["seed"],
        first=options["first"],
    )
    try:
        async with crowd:
            await Worker(host, int(port), crowd, meter).run()
    except (MasterGoneError, MockError) as error:
        raise Surroundings(str(error)) from error


def _fleet(url: str, workers: int, options: dict[str, Any], *, as_json: bool) -> None:
    from offhook_scenarios.load.fleet import FleetError, find_locust, run_fleet  # noqa: PLC0415 - see above.

    words = [url, "--policy", options["policy_name"], "--pause", str(options["pause_s"])]
    words += ["--user", options["name"], "--seed", str(options["seed"])]
    try:
        merged = run_fleet(
            words,
            locust=find_locust(options["locust"]),
            workers=workers,
            users=options["users"],
            seconds=options["seconds"],
            web_port=options["web_port"],
            told=lambda text: click.echo(text, err=True),
        )
    except FleetError as error:
        raise Surroundings(str(error)) from error
    _report(merged.tally, options, as_json=as_json, locust=merged.requests)


def _report(
    tally: Tally, options: dict[str, Any], *, as_json: bool, locust: int | None = None
) -> None:
    from offhook_scenarios.load.words import document, told  # noqa: PLC0415 - see above.

    if as_json:
        report = document(tally, policy=options["policy_name"], users=options["users"])
        click.echo(json.dumps({**report, "locustRequests": locust}, indent=2))
        return
    for line in told(tally, policy=options["policy_name"], users=options["users"]):
        click.echo(line)
    if locust is not None:
        click.echo(f"Locust counted {locust:,} requests.")
