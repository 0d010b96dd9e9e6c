"""What the demo does once everything runs: publish, wait, compare, show a credential."""

import time
from dataclasses import dataclass
from functools import cached_property

from rich.console import Console

from deploy.cli.analytics import read_funnel, read_total
from deploy.cli.client import Http
from deploy.cli.console import lines
from deploy.cli.demo_data.generate import Run
from deploy.cli.enrolment import HttpSender
from deploy.cli.errors import CliError
from deploy.cli.figures import differences_table, funnel_tables
from deploy.cli.funnel import STAGES, differences, total
from deploy.cli.issuance import read_credential, standing_credential, steps_table, summary, verify_credential
from deploy.cli.lags import Log
from deploy.cli.progress import bar
from deploy.cli.running.installation import Installation
from deploy.cli.settling import Watched, settle
from deploy.cli.tokens import make_token

BATCH = 1_000
DAY_S = 86_400


class EventsRefused(CliError):
    """The services refused what the generator made."""

    def __init__(self, number: int, first: object) -> None:
        """Say how many, and show one."""
        super().__init__(f"{number} made-up events were refused, the first for {first}", "this is a fault of microcred")


@dataclass
class Demonstration:
    """One run through a running installation, shown on a console."""

    runs: Installation
    run: Run
    patience_s: float
    console: Console

    @cached_property
    def token(self) -> str:
        """An access token with all scopes for the demo's institution."""
        return make_token(self.runs.plan.secret_file, self.run.tenant, client="microcred-demo", lifetime=DAY_S)

    def show(self) -> bool:
        """Do all of it, and tell whether every figure is right."""
        began = time.monotonic()
        self._publish()
        self._wait()
        seconds = time.monotonic() - began
        right = self._compare()
        issued = total(self.run.truth).issued
        self.console.print(
            f"{len(self.run.events):,} events and {issued:,} credentials in {seconds:.0f} s: "
            f"{len(self.run.events) / seconds:,.0f} events/s through all four services",
            soft_wrap=True,
        )
        return self._verify_one() and right

    def invite(self) -> None:
        """Tell where to look, and the token to look with, on one line so that it can be copied."""
        url = f"{self.runs.url('analytics')}/dashboard"
        self.console.print(f"\nThe dashboard is at {url}; sign in with this token, good for a day:")
        self.console.print(self.token, style="bold", soft_wrap=True)

    def _publish(self) -> None:
        events = self.run.events
        with self._http("enrolment") as enrolment, bar(self.console) as progress:
            sender = HttpSender(enrolment)
            task = progress.add_task("publishing", total=len(events), told="")
            for first in range(0, len(events), BATCH):
                refused = sender.send(events[first : first + BATCH])
                if refused:
                    raise EventsRefused(len(refused), next(iter(refused.values())))
                sent = min(first + BATCH, len(events))
                progress.update(task, completed=sent, told=f"{sent:,} events")

    def _wait(self) -> None:
        log = Log(self.runs.stack.bootstrap)
        must = total(self.run.truth)
        with self._http("analytics") as analytics, bar(self.console) as progress:
            task = progress.add_task("credentials", total=must.issued, told="")
            settle(
                Watched(log.behind, lambda: read_total(analytics), self.runs.watch, must.__eq__),
                self.patience_s,
                lambda now, behind: progress.update(
                    task, completed=now.issued, told=f"{now.issued:,} issued, {behind:,} records to go"
                ),
            )

    def _compare(self) -> bool:
        with self._http("analytics") as analytics:
            found = read_funnel(analytics)
        self.console.print(funnel_tables(found))
        wrong = differences(self.run.truth, found)
        if wrong:
            self.console.print(differences_table(wrong))
        else:
            figures = len(self.run.truth) * len(STAGES)
            self.console.print(f"[green]All {figures} figures (by offering and month) are what they must be.[/]")
        return not wrong

    def _verify_one(self) -> bool:
        credential_id = standing_credential(self.runs.stack.bootstrap, self.run.tenant)
        if credential_id is None:
            self.console.print("No credential was issued, so none can be shown.")
            return total(self.run.truth).issued == 0
        with self._http("issuance") as issuance:
            credential = read_credential(issuance, credential_id)
            verdict = verify_credential(issuance, credential)
        self.console.print("\nOne of the credentials; a browser shows its address as a page:")
        lines(self.console, summary(credential))
        self.console.print("\nVerified step by step:", steps_table(verdict))
        return verdict.verified

    def _http(self, service: str) -> Http:
        return Http(service, self.runs.url(service), self.token)
