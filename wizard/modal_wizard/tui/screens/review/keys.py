"""The keys of the review, each with the action that it is for."""

from __future__ import annotations

from textual.binding import Binding

from modal_wizard.tui.widgets.bindings import bound

_EDITOR = "Open your editor at the line: on the file as it would be, or on the file itself if nothing can be applied"
KEYS = [
    bound("accept", "accept", "Take the change that is shown, and go to the next undecided one; y does it too"),
    bound("skip", "skip", "Leave this place as it is, and go to the next undecided one"),
    bound("skip-because", "skip_because", "Leave this place as it is, with a reason", show=False),
    bound("edit", "edit", "Write the new lines yourself; they are checked before they are taken", words="edit"),
    bound("editor", "edit_outside", _EDITOR, show=False),
    bound("by-hand", "done_by_hand", "You changed it yourself: look at the files again"),
    bound("clear", "forget", "Clear the decision: it is undecided again"),
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
    bound("next", "next", "Go to the next finding that is not decided yet"),
    bound("next", "next_elsewhere", "Show all, and go to the next undecided one", words="next undecided elsewhere"),
    bound("next", "next_broken", "Go on to the next section with something broken now", words="next broken now"),
    bound("next", "next_section", "Go on to the next section with something undecided", words="next section"),
    bound("safe", "accept_safe", "Accept every safe finding that is left in this section"),
    bound("many", "rest", "Accept or skip the rest of this rule, file or section; mute the rule"),
    bound("rest", "skip_rest", "Skip everything that is still undecided in this section", show=False),
    bound("search", "search", "Show the findings in which some words occur", show=False),
    bound("filter", "filter", "Show only what is broken now, undecided, of a kind, a rule or a file", show=False),
    bound("go-to", "find", "Go to a finding, a file or a section anywhere, by words or file:line", show=False),
    bound("side-by-side", "beside", "Show old and new in two columns, or below each other", show=False),
    bound("more-lines", "context(4)", "Show more or fewer lines around the change", show=False, display="+/-"),
    bound("fewer-lines", "context(-4)", "Show fewer lines around the change", show=False),
    bound("whole-file", "whole", "Show the whole file as it would be, or only some lines", show=False),
    bound("list", "put_away('tree')", "Put the list of findings away, or back", show=False),
    bound("reasons", "put_away('why')", "Put the reasons away, or back", show=False),
    bound("down", "move(1)", "", show=False),
    bound("up", "move(-1)", "", show=False),
    Binding("down", "move(1)", show=False),
    Binding("up", "move(-1)", show=False),
    bound("scroll-down", "scroll_diff(3)", "Scroll the diff, then the reasons", words="scroll", display="J/K"),
    bound("scroll-up", "scroll_diff(-3)", "Scroll back up", show=False),
    Binding("shift+down", "scroll_diff(3)", show=False),
    Binding("shift+up", "scroll_diff(-3)", show=False),
    bound("copy", "copy_diff", "Copy this change as a patch", show=False),
    bound("guide", "guide", "Open the section of Modal's guide, or copy its address", show=False),
    bound("preview", "preview", "Show everything accepted so far, file by file", show=False),
    bound("commit", "commit", "See exactly what would be committed"),
    bound("commit-all", "commit_all", "List every finished section, to be committed one after another", show=False),
    bound("overview", "overview", "Back to the sections"),
    Binding("escape", "overview", "back", show=False, tooltip="Back to the sections"),
    Binding("escape", "end_check", "end it", key_display="esc", tooltip="End what is checked; nothing is accepted"),
]
DECIDING = frozenset(
    "accept skip skip_because edit edit_outside done_by_hand forget accept_safe rest skip_rest commit commit_all "
    "overview next_section next_elsewhere next_broken".split()
)
"""What has to wait while many changes are checked."""
