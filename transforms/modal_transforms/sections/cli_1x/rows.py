"""What ``modal`` called otherwise, or had and has no more: compared with the commands of the real SDKs by a test."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence

from msgspec import Struct

from modal_transforms.core.command_line import Word


class Rewording(enum.Enum):
    """What is done with a command that a row is about."""

    DROP = "the option is deleted"
    DROP_VALUE = "the option is deleted, with its value"
    RENAME = "the option gets its new name"
    PLAIN = "the value stands alone, without its option"
    HOIST = "the option goes right behind modal"
    ADD = "an option is added"
    CALL = "the command gets its new name"
    EXPLAIN = "a person has to decide"


class CommandRow(Struct, frozen=True, kw_only=True):
    """A command, or an option of one, and what is written today."""

    rule: str
    path: tuple[str, ...]
    """The words behind ``modal``; the last may be followed by more."""
    options: tuple[str, ...] = ()
    """The spellings of the option that it is about; empty for the command itself."""
    way: Rewording
    new: str = ""
    """The option or the words that are written; words take the place of ``path``."""
    since: str = ""
    gone: str = ""
    needs: str = ""
    message: str
    effect: str = "None: it does the same."
    advice: str = ""
    shown: bool = True
    """Whether it is also of use where the command is only shown to people."""
    followed: tuple[str, ...] = ()
    """The words one of which must follow where it is only shown: running text has others."""


def _gone(name: str, advice: str, followed: str = "") -> CommandRow:
    return CommandRow(
        rule="gone",
        path=(name,),
        way=Rewording.EXPLAIN,
        gone="1.6.0",
        message=f"modal {name} went in 1.6.0",
        advice=advice,
        shown=bool(followed),
        followed=tuple(followed.split()),
    )


def _not_said(path: str, options: str, gone: str, way: Rewording = Rewording.DROP) -> CommandRow:
    option = options.split()[0]
    return CommandRow(
        rule="option-gone",
        path=tuple(path.split()),
        options=tuple(options.split()),
        way=way,
        gone=gone,
        message=f"modal {path} has no {option} since {gone}",
        effect="None: it says what is so without it.",
    )


def _named(command: str, options: str) -> CommandRow:
    return CommandRow(
        rule="app-name",
        path=("app", command),
        options=tuple(options.split()),
        way=Rewording.PLAIN,
        gone="1.0.0",
        needs="0.64.46",
        message=f"modal app {command} takes the name of the app without --name",
    )


def _confirmed(path: str, gone: str, needs: str) -> CommandRow:
    return CommandRow(
        rule="confirmed",
        path=tuple(path.split()),
        options=("--no-confirm",),
        way=Rewording.RENAME,
        new="--yes",
        gone=gone,
        needs=needs,
        message=f"modal {path} --no-confirm is --yes now",
    )


def _asks(path: str) -> CommandRow:
    return CommandRow(
        rule="asks",
        path=tuple(path.split()),
        options=("--yes", "-y"),
        way=Rewording.ADD,
        new="--yes",
        gone="1.4.2",
        needs="1.4.2",
        message=f"modal {path} asks before it stops anything, and gives up where nobody can answer",
        effect="Stops without a question, as it did before 1.4.2. Leave it out where a person starts the command.",
        shown=False,
    )


_OF_1_4 = (
    *("--since", "--until", "--tail", "-n", "--search", "--function", "--function-call", "--container", "--source"),
    *("-s", "--timestamps"),
)
"""What logs has been told since it ends by itself: who says one of them knows that."""


def _follows(path: str) -> CommandRow:
    return CommandRow(
        rule="follows",
        path=tuple(path.split()),
        options=("--follow", "-f", *_OF_1_4),
        way=Rewording.ADD,
        new="--follow",
        since="1.4.0",
        needs="1.4.0",
        message=f"modal {path} prints what there is and ends, since 1.4.0",
        effect="Goes on printing until the app ends, as it did before 1.4.0.",
        shown=False,
    )


def _profile(path: str) -> CommandRow:
    return CommandRow(
        rule="profile",
        path=tuple(path.split()),
        options=("--profile",),
        way=Rewording.HOIST,
        new="--profile",
        gone="1.5.5",
        needs="1.5.5",
        message=f"--profile goes before {path}: modal --profile NAME {path}",
    )


_LISTS = "app list|app history|container list|dict list|dict items|environment list|nfs list|profile list|queue list"
_LISTS += "|secret list|volume list|volume ls"
_LAUNCH = (
    "Keep a program of your own that starts Jupyter or VS Code in a Function behind modal.forward, or open a shell "
    "with modal shell."
)
_CLUSTER = "Write modal container list, and modal container exec ID bash."

ROWS: tuple[CommandRow, ...] = (
    _gone("launch", _LAUNCH, "jupyter vscode machine marimo"),
    _gone("cluster", _CLUSTER, "list shell"),
    _gone("bootstrap", "Write the program yourself, or start from one of Modal's examples."),
    *(_not_said(path, "--no-json", "1.4.3") for path in _LISTS.split("|")),
    _not_said("volume get", "--no-force", "1.4.3"),
    _not_said("nfs get", "--no-force", "1.4.3"),
    _not_said("deploy", "--no-stream-logs", "1.4.3"),
    _not_said("environment delete", "--confirm", "1.2.0"),
    _not_said("volume delete", "--confirm", "0.64.235"),
    _not_said("deploy", "--skip-confirm --no-skip-confirm --no-public", "0.62.236"),
    _not_said("nfs create", "--cloud", "0.56.4687", Rewording.DROP_VALUE),
    _not_said("volume create", "--cloud", "0.51.3174", Rewording.DROP_VALUE),
    _not_said("volume delete", "--no-yes", "0.62.151"),
    _not_said("image names history", "--env -e", "1.5.4", Rewording.DROP_VALUE),
    *(_not_said(f"token {command}", "--no-no-verify", "0.57.59") for command in ("new", "set")),
    *(
        CommandRow(
            rule="profile",
            path=("token", command),
            options=("--env",),
            way=Rewording.EXPLAIN,
            gone="0.49.2475",
            message=f"modal token {command} has no --env: what was an environment of the settings is a profile",
            advice=f"Write modal --profile NAME token {command}.",
        )
        for command in ("new", "set")
    ),
    *(
        CommandRow(
            rule="option-gone",
            path=("container", "exec"),
            options=(old,),
            way=Rewording.RENAME,
            new=new,
            gone="0.56.4964",
            message=f"modal container exec {old} is {new} now",
        )
        for old, new in (("--tty", "--pty"), ("--no-tty", "--no-pty"))
    ),
    CommandRow(
        rule="public",
        path=("deploy",),
        options=("--public",),
        way=Rewording.EXPLAIN,
        gone="0.62.236",
        message="modal deploy --public went: no app is open to other workspaces any more",
        advice="Delete the option; who is to call the functions gets a web endpoint.",
    ),
    _named("logs", "--name"),
    _named("stop", "--name -n"),
    _named("history", "--name -n"),
    _confirmed("environment delete", "1.2.0", "1.2.0"),
    _confirmed("volume delete", "0.64.235", "0.62.109"),
    _asks("app stop"),
    _asks("container stop"),
    _follows("app logs"),
    _follows("container logs"),
    _profile("setup"),
    _profile("token new"),
    _profile("token set"),
    *(
        CommandRow(
            rule="members",
            path=("environment", "members", command),
            way=Rewording.CALL,
            new=f"environment roles {command}",
            since="1.5.3",
            needs="1.5.3",
            message=f"modal environment members {command} warns; roles takes its place",
        )
        for command in ("list", "update")
    ),
    CommandRow(
        rule="members",
        path=("environment", "members", "remove"),
        way=Rewording.EXPLAIN,
        since="1.5.3",
        message="modal environment members remove warns; a member is given no access instead",
        advice="Write modal environment roles update ENVIRONMENT MEMBER --role no-access.",
    ),
    *(
        CommandRow(
            rule="moved",
            path=("app", command),
            way=Rewording.CALL,
            new=command,
            gone="0.49.2475",
            message=f"modal app {command} is modal {command} now",
        )
        for command in ("deploy", "run", "shell")
    ),
    *(
        CommandRow(
            rule="moved",
            path=("env", command),
            way=Rewording.CALL,
            new=f"profile {command}",
            gone="0.49.2475",
            message=f"modal env {command} is modal profile {command} now",
        )
        for command in ("list", "current", "activate")
    ),
    *(
        CommandRow(
            rule="moved",
            path=("vol", command),
            way=Rewording.CALL,
            new=f"volume {command}",
            gone="0.51.3174",
            message=f"modal vol {command} is modal volume {command} now",
        )
        for command in ("list", "ls")
    ),
    CommandRow(
        rule="keys",
        path=(),
        options=("--json",),
        way=Rewording.EXPLAIN,
        gone="1.5.0",
        message="the keys of --json are written otherwise since 1.5.0: app_id, not App ID",
        advice="Read the keys in lower case, with _ for blanks, where modal 1.5.0 or newer is installed.",
        shown=False,
    ),
)

PRINTED_JSON = frozenset(
    {
        *("app history", "app list", "billing report", "changelog", "cluster list", "container list", "dict items"),
        *("dict list", "environment list", "environment members list", "nfs list", "profile list", "queue list"),
        *("secret list", "volume list", "volume ls"),
    }
)
"""The commands whose ``--json`` is older than 1.5.0, so that programs may read the keys of that time."""


def rows_of(words: Sequence[Word], at: int) -> Iterator[CommandRow]:
    """Yield the rows about a command whose words behind ``modal`` begin at an index, without those about options."""
    said = [word.text if word.known else None for word in words[at : at + 3]]
    for row in ROWS:
        if list(row.path) == said[: len(row.path)]:
            yield row
