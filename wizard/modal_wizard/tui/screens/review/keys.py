"""The keys of the review, each with the action that it is for."""

from __future__ import annotations

from textual.binding import Binding

KEYS = [
    Binding(
        "a,y",
        "accept",
        "accept",
        key_display="a",
        tooltip="Take the change that is shown, and go to the next undecided one; y does it too",
    ),
    Binding("s", "skip", "skip", tooltip="Leave this place as it is, and go to the next undecided one"),
    Binding("e", "edit", "edit", tooltip="Write the new lines yourself; they are checked before they are taken"),
    Binding(
        "E",
        "edit_outside",
        "own editor",
        show=False,
        tooltip="Open your editor ($EDITOR) at the line: on the file after the change; on the file itself if by hand",
    ),
    Binding("h", "done_by_hand", "done by hand", tooltip="You changed it yourself: look at the files again"),
    Binding("x", "forget", "clear decision", tooltip="Make this finding undecided again"),
    *(
        Binding(str(n), f"choose({n})", f"choose {n}", show=False, tooltip=f"Show what choice {n} would do")
        for n in range(2, 10)
    ),
    *(
        Binding("1", f"choose(1, {n})", "choose", key_display=f"1-{n}", tooltip="Show what another choice would do")
        for n in range(2, 10)
    ),
    *(Binding(str(n), f"no_choice({n})", show=False) for n in range(1, 10)),
    Binding("enter,right", "go_into", "go into the choices", show=False, tooltip="Move over the choices by the arrows"),
    Binding("n", "next", "next undecided", tooltip="Go to the next finding that is not decided yet"),
    Binding("n", "next_elsewhere", "next undecided elsewhere", tooltip="Show all, and go to the next undecided one"),
    Binding("n", "next_broken", "next broken now", tooltip="Go on to the next section with something broken now"),
    Binding("n", "next_section", "next section", tooltip="Go on to the next section with something undecided"),
    Binding("A", "accept_safe", "all safe", tooltip="Accept every safe finding that is left in this section"),
    Binding("R", "rest", "rest…", tooltip="Accept or skip the rest of this rule, file or section; mute the rule"),
    Binding("slash", "search", "search", key_display="/", tooltip="Show the findings in which some words occur"),
    Binding(
        "F",
        "filter",
        "filter",
        tooltip="Show only what is broken now, undecided, of a kind, a rule or a file",
    ),
    Binding("g", "find", "go to", tooltip="Go to a finding, a file or a section anywhere, by words or file:line"),
    Binding("r", "skip_because", "skip, say why", show=False, tooltip="Leave this place as it is, with a reason"),
    Binding(
        "S",
        "skip_rest",
        "skip rest",
        show=False,
        tooltip="Skip everything that is still undecided in this section",
    ),
    Binding("d", "beside", "side by side", tooltip="Show old and new in two columns, or below each other"),
    Binding(
        "plus,equals_sign",
        "context(4)",
        "more lines",
        key_display="+/-",
        tooltip="Show more or fewer lines around the change",
    ),
    Binding("minus", "context(-4)", "fewer lines", show=False, tooltip="Show fewer lines around the change"),
    Binding("w", "whole", "whole file", tooltip="Show the whole file around the change, or only some lines"),
    Binding("t", "put_away('tree')", "hide list", show=False, tooltip="Put the list of findings away, or back"),
    Binding("i", "put_away('why')", "hide reasons", show=False, tooltip="Put the reasons away, or back"),
    Binding("j,down", "move(1)", "down", show=False),
    Binding("k,up", "move(-1)", "up", show=False),
    Binding("J,shift+down", "scroll_diff(3)", "scroll", show=False, key_display="J/K", tooltip="Scroll the diff"),
    Binding("K,shift+up", "scroll_diff(-3)", "scroll up", show=False, tooltip="Scroll the diff up"),
    Binding("Y", "copy_diff", "copy the diff", show=False, tooltip="Copy this change as a patch"),
    Binding("G", "guide", "guide", show=False, tooltip="Open the section of Modal's guide, or copy its address"),
    Binding("P", "preview", "preview all", show=False, tooltip="Show everything accepted so far, file by file"),
    Binding("c", "commit", "commit", tooltip="See exactly what would be committed"),
    Binding("o", "overview", "overview", tooltip="Back to the sections"),
    Binding("escape", "overview", "back", show=False, tooltip="Back to the sections"),
]
DECIDING = frozenset(
    "accept skip skip_because edit edit_outside done_by_hand forget accept_safe rest skip_rest commit overview "
    "next_section next_elsewhere next_broken".split()
)
"""What has to wait while many changes are checked."""
