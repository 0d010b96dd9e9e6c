"""`microcred topics`: the table of topics, made or compared with what is on the broker."""

import os
from typing import Annotated

import typer
from rich.table import Table

from deploy.cli.console import out
from deploy.cli.options import BOOTSTRAP, Bootstrap, TopicPrefix
from deploy.cli.running.bridged import bridged_topics
from shared.contracts.topics import PARTITIONS, SERVICES, TOPICS, dead_letters_of
from shared.kit.topic_config import topic_config
from shared.kit.topics_admin import TopicsAdmin, all_topics

TIMEOUT_S = 10.0


def topics(  # noqa: PLR0913 - each is an option
    *,
    create: Annotated[bool, typer.Option("--create", help="Make the topics that are missing.")] = False,
    bridged: Annotated[
        bool,
        typer.Option("--bridged", help="Make the platforms' own, too, which MICROCRED_OPENEDX_TOPICS names."),
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Compare with the broker; status 1 when they differ.")] = False,
    partitions: Annotated[int, typer.Option(help="Of each topic that is made.", min=1, max=1000)] = PARTITIONS,
    replication: Annotated[int, typer.Option(help="Copies of each topic that is made.", min=1, max=10)] = 1,
    bootstrap: Bootstrap = BOOTSTRAP,
    prefix: TopicPrefix = "",
) -> None:
    """Show all topics: what stands on them, who publishes, who hears. Without an option no broker is asked."""
    if not create and not check:
        out.print(_table())
        return
    theirs = bridged_topics(os.environ) if bridged else []
    admin = TopicsAdmin(bootstrap, prefix=prefix, timeout_s=TIMEOUT_S, foreign=theirs)
    if create:
        made = admin.create(partitions=partitions, replication=replication)
        out.print(f"made {len(made)} topics; {len(all_topics()) + len(theirs) - len(made)} were there")
    if check:
        there = admin.existing()
        found = drift(there, prefix, partitions)
        kept = [name for name in all_topics() if prefix + name in there]
        found += [_forgets(prefix + name, name, why) for name, why in admin.forgetful(kept).items()]
        for line in found:
            out.print(line)
        if found:
            raise typer.Exit(1)
        out.print(f"all {len(all_topics())} topics are there with {partitions} partitions each")


def drift(existing: dict[str, int], prefix: str, partitions: int) -> list[str]:
    """Return in words how the topics on the broker differ from the table."""
    lines = []
    for name in all_topics():
        found = existing.get(prefix + name)
        if found is None:
            lines.append(f"{prefix + name} is missing: make it with --create")
        elif found != partitions:
            lines.append(f"{prefix + name} has {found} partitions instead of {partitions}: keys would change places")
    return lines


def _forgets(name: str, topic: str, why: str) -> str:
    return (
        f"{name} does not keep all its records ({why}), and read models are made anew from them: "
        f"kafka-configs.sh --alter --entity-type topics --entity-name {name} --add-config "
        f"{','.join(f'{key}={value}' for key, value in topic_config(topic).items())},retention.bytes=-1"
    )


def _table() -> Table:
    table = Table(title=f"Topics, {PARTITIONS} partitions each; event types without microcred.", title_justify="left")
    for column in ("topic", "events"):
        table.add_column(column, no_wrap=True)
    for column in ("key", "published by", "heard by"):
        table.add_column(column, overflow="fold")
    for topic in TOPICS:
        kinds = "\n".join(event.TYPE.removeprefix("microcred.") for event in topic.events)
        name = topic.name + "\n(compacted)" * topic.compacted
        table.add_row(name, kinds, topic.key, "\n".join(topic.publishers), "\n".join(topic.heard_by))
    for service in SERVICES:
        table.add_row(dead_letters_of(service), "as it came", "as it came", service, "")
    return table
