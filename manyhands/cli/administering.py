"""``manyhands admin``: a command of commands, for whoever runs the service.

They speak to AWS itself, with the operator's own credentials: the service has no administrators of
its own, so nobody who takes over an account of it can become one. Which stack is meant is said
once, before the command, and found by its outputs.
"""

from typing import Annotated

import msgspec
import typer
from rich.table import Table

from manyhands import words
from manyhands.admin.aws import Aws, Where
from manyhands.admin.pool import Pool
from manyhands.admin.room import Room, total
from manyhands.cli import asking, context, inviting, rationing, showing
from manyhands.cli.saying import say

app = typer.Typer(name="admin", rich_markup_mode=None, no_args_is_help=True, add_completion=False)

GroupName = Annotated[str, typer.Argument(help="The group's name.")]


@app.callback()
def of_stack(
    ctx: typer.Context,
    stage: Annotated[str, typer.Option(help="Which stack: manyhands-STAGE.")] = "prod",
    stack: Annotated[str, typer.Option(help="Its name, where it has another.")] = "",
    region: Annotated[str, typer.Option(help="Else AWS_REGION, or the AWS profile's.")] = "",
    pool: Annotated[str, typer.Option(help="The id of its pool, where no stack says it.")] = "",
    table: Annotated[str, typer.Option(help="The name of its table, likewise.")] = "",
) -> None:
    """Groups, people and limits: for operators.

    With AWS credentials as for every AWS tool (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL), and
    boto3 beside this command: «pip install boto3», or «pipx inject manyhands boto3».
    """
    ctx.obj = Aws(Where(stack or f"manyhands-{stage}", region, pool, table))


def groups(ctx: typer.Context, json: context.Json = False) -> None:
    """List the groups."""
    pool = Pool(ctx.obj)
    rows = [(group, len(pool.members(group.name))) for group in pool.groups()]
    if json:
        for group, people in rows:
            found = {"name": group.name, "description": group.description, "people": people}
            typer.echo(msgspec.json.encode({"event": "group"} | found).decode())
        return
    table = showing.columns("group", "people", "description", right={"people"})
    for group, people in rows:
        table.add_row(words.harmless(group.name), str(people), words.harmless(group.description))
    _print(table, "There are no groups yet. Next: «manyhands admin create-group NAME».")


def create_group(
    ctx: typer.Context,
    group: GroupName,
    description: Annotated[str, typer.Option(help="For whoever reads the list.")] = "",
) -> None:
    """Create a group."""
    is_new = Pool(ctx.obj).create_group(group, description)
    how = "made" if is_new else "there already; nothing was changed"
    there = f"The group «{words.harmless(group)}» is {how}."
    say(f"{there} Next: «manyhands admin invite MAIL --group {words.harmless(group)}».")


def remove_group(
    ctx: typer.Context,
    group: GroupName,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove a group, with its members' places and its limits. Its files stay.

    They stay in the storage, and nobody sees them until there is a group of this name again. What
    is under way expires by itself.
    """
    pool, room, name = Pool(ctx.obj), Room(ctx.obj), words.harmless(group)
    pool.group(group)
    used = total(room.usage(group).values())
    kept = (
        f"Its {used.stored_files} stored files ({words.size(used.stored_bytes)}) stay, and nobody "
        "sees them until there is a group of this name again. "
        if used.stored_files
        else ""
    )
    asking.sure(f"Remove the group «{name}»? {kept}", "Nothing was changed.", yes=yes)
    room.forget_limits(group)  # first: a later group of this name must not find them
    pool.remove_group(group)
    say(f"The group «{name}» is removed. {kept}{inviting.SOON}")


def _print(table: Table, if_empty: str) -> None:
    if table.row_count:
        showing.put_rows(showing.console(), lambda _: table)
    else:
        say(if_empty, err=True)


app.command("groups")(groups)
app.command("create-group")(create_group)
app.command("remove-group", epilog="Exit code 1: you were asked, and did not say yes.")(
    remove_group
)
app.command("people")(inviting.people)
app.command("invite")(inviting.invite)
app.command("add")(inviting.add)
app.command("remove")(inviting.remove)
app.command("disable")(inviting.disable)
app.command("enable")(inviting.enable)
app.command("limits")(rationing.limits)
app.command("usage")(rationing.usage)
