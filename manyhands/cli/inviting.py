"""``manyhands admin people``, ``invite``, ``add``, ``remove``, ``disable`` and ``enable``."""

from collections import defaultdict
from dataclasses import asdict
from typing import Annotated

import msgspec
import typer

from manyhands import words
from manyhands.admin.pool import Invitation, Person, Pool
from manyhands.cli import context, showing
from manyhands.cli.saying import say
from manyhands.errors import NotNow

SOON = "For who is signed in it counts within an hour."

Who = Annotated[str, typer.Argument(metavar="PERSON", help="A name, or a mail address.")]
Groups = Annotated[list[str], typer.Argument(help="Names of groups.")]


def people(
    ctx: typer.Context,
    group: Annotated[str, typer.Option(help="Only who is in this group.")] = "",
    json: context.Json = False,
) -> None:
    """List people and their groups."""
    pool = Pool(ctx.obj)
    if group:
        pool.group(group)
    joined: defaultdict[str, list[str]] = defaultdict(list)
    for each in pool.groups():
        for member in pool.members(each.name):
            joined[member].append(each.name)
    found = [each for each in pool.people() if not group or group in joined[each.name]]
    if json:
        for person in found:
            _print_json("person", person, groups=joined[person.name])
        return
    table = showing.columns("name", "mail", "state", "groups")
    for person in found:
        texts = (person.name, person.mail, person.state, ", ".join(joined[person.name]))
        table.add_row(*(words.harmless(text) for text in texts))
    if found:
        showing.put_rows(showing.console(), lambda _: table)
    else:
        say("There is nobody yet. Next: «manyhands admin invite MAIL».", err=True)


def invite(
    ctx: typer.Context,
    mail: Annotated[str, typer.Argument(help="Whom to invite.")],
    group: Annotated[list[str] | None, typer.Option(help="A group to be in; repeatable.")] = None,
    name: Annotated[str, typer.Option(help="To sign in with; else what is before the @.")] = "",
    no_mail: Annotated[
        bool, typer.Option("--no-mail", help="Print the temporary password instead.")
    ] = False,
    json: context.Json = False,
) -> None:
    """Invite somebody by mail; once more sends it again.

    The mail names a temporary password, with which they sign in and choose their own.
    """
    pool = Pool(ctx.obj)
    for each in group or []:
        pool.group(each)
    invited = pool.invite(mail, name, by_mail=not no_mail)
    if invited.outcome == "disabled":
        raise NotNow(_disabled(invited.person))
    for each in group or []:
        pool.join(invited.person, each)
    if json:
        facts = {"outcome": invited.outcome, "temporary_password": invited.password}
        _print_json("invitation", invited.person, **facts, groups=group or [])
        return
    say(_told(invited))
    for each in group or []:
        say(_joined(invited.person, each))


def add(ctx: typer.Context, person: Who, groups: Groups) -> None:
    """Add somebody to groups."""
    pool, found = _found(ctx, person)
    for group in groups:
        pool.join(found, group)
        say(_joined(found, group))


def remove(ctx: typer.Context, person: Who, groups: Groups) -> None:
    """Take somebody out of groups.

    What they uploaded stays. They are still its owner, and see it again once they are back.
    """
    pool, found = _found(ctx, person)
    for group in groups:
        pool.leave(found, group)
        say(f"«{words.harmless(found.name)}» is not in «{words.harmless(group)}». {SOON}")


def disable(ctx: typer.Context, person: Who) -> None:
    """Let somebody in no more. Their files stay."""
    pool, found = _found(ctx, person)
    pool.disable(found)
    say(
        f"«{words.harmless(found.name)}» cannot sign in any more; what is signed in ends within an "
        f"hour. «manyhands admin enable {words.harmless(found.name)}» undoes it."
    )


def enable(ctx: typer.Context, person: Who) -> None:
    """Let somebody in again."""
    pool, found = _found(ctx, person)
    pool.enable(found)
    say(f"«{words.harmless(found.name)}» can sign in.")


def _found(ctx: typer.Context, person: str) -> tuple[Pool, Person]:
    pool = Pool(ctx.obj)
    return pool, pool.person(person)


def _joined(person: Person, group: str) -> str:
    """An invited person has no token yet that names the groups of before."""
    said = f"«{words.harmless(person.name)}» is in «{words.harmless(group)}»."
    return said if person.state == "invited" else f"{said} {SOON}"


def _disabled(person: Person) -> str:
    name, mail = words.harmless(person.name), words.harmless(person.mail)
    first = f"First: «manyhands admin enable {name}»."
    return f"{mail} is disabled, and nothing was changed. {first}"


def _told(invited: Invitation) -> str:
    name, mail = words.harmless(invited.person.name), words.harmless(invited.person.mail)
    if invited.outcome == "active":
        return f"{mail} has signed in already, as «{name}»; no mail was sent."
    if invited.password:
        how = f"No mail was sent. The temporary password is {invited.password}"
        return f"{mail} may sign in as «{name}», and is asked for a password of their own. {how}"
    before = " The former invitation no longer counts." if invited.outcome == "again" else ""
    return f"An invitation for «{name}» is on its way to {mail}.{before}"


def _print_json(event: str, person: Person, **more: object) -> None:
    typer.echo(msgspec.json.encode({"event": event} | asdict(person) | more).decode())
