"""The findings of a section as a tree of files, each with its mark."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rich.cells import cell_len, set_cell_size
from rich.style import Style
from rich.text import Text
from textual.binding import Binding
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from modal_transforms.model import Finding
from modal_wizard.display import visible
from modal_wizard.session import Status
from modal_wizard.widgets.fitting import shortened
from modal_wizard.widgets.marks import DECISIONS, State, group_state

Node = Finding | str
StatusOf = Callable[[Finding], Status]


class FindingTree(Tree[Node]):
    """Files and their findings; the cursor is on the finding that is asked about."""

    COMPONENT_CLASSES = {"pending", "some", "accepted", "edited", "skipped", "dim"}

    BINDINGS = [
        Binding(
            "j", "cursor_down", "move", show=False, key_display="j/k ↓/↑", tooltip="Go to the next or previous finding"
        ),
        Binding("k", "cursor_up", "Up", show=False),
        Binding("space", "toggle_node", "Fold file", show=False),
    ]

    show_root = False
    guide_depth = 2
    auto_expand = True

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("findings", id=id)
        self._status: StatusOf = lambda _finding: Status.PENDING
        self._leaves: dict[str, TreeNode[Node]] = {}

    @property
    def here(self) -> Finding | None:
        """The finding under the cursor; the first one of a file when that is under it."""
        node = self.cursor_node
        if node is not None and isinstance(node.data, str):
            node = node.children[0] if node.children else node
        found = node.data if node is not None else None
        return found if isinstance(found, Finding) and found.id in self._leaves else None

    @property
    def order(self) -> list[Finding]:
        """The findings from top to bottom."""
        return [leaf.data for leaf in self._leaves.values() if isinstance(leaf.data, Finding)]

    def action_cursor_down(self) -> None:
        """Go to the next finding; a file's own line is passed over unless the file is folded."""
        super().action_cursor_down()
        if self._on_open_file:
            super().action_cursor_down()

    def action_cursor_up(self) -> None:
        """Go to the finding before."""
        super().action_cursor_up()
        if self._on_open_file and self.cursor_line > 0:
            super().action_cursor_up()
        elif self._on_open_file:
            super().action_cursor_down()

    def action_toggle_node(self) -> None:
        """Fold or unfold the file of the cursor."""
        node = self.cursor_node
        if node is not None and isinstance(node.data, Finding) and node.parent is not None:
            self.move_cursor(node.parent)
        super().action_toggle_node()

    @property
    def _on_open_file(self) -> bool:
        node = self.cursor_node
        return node is not None and isinstance(node.data, str) and node.is_expanded

    def fill(self, findings: Sequence[Finding], status: StatusOf) -> None:
        """Show findings with their marks, keeping the cursor where it is when its finding still stands."""
        self._status = status
        if [finding.id for finding in findings] == list(self._leaves):
            for finding in findings:
                self._leaves[finding.id].data = finding
            self._relabel()
            return
        here = self.here
        self.clear()
        self._leaves = {}
        for path, group in _by_file(findings):
            node = self.root.add(Text(path), data=path, expand=True)
            for finding in group:
                self._leaves[finding.id] = node.add_leaf(Text(""), data=finding)
        self._relabel()
        first = findings[0] if findings else None
        self.go(here if here and here.id in self._leaves else first)

    def go(self, finding: Finding | None) -> None:
        """Move the cursor to a finding."""
        leaf = self._leaves.get(finding.id) if finding else None
        if leaf is not None:
            if leaf.parent is not None:
                leaf.parent.expand()
            _ = self.last_line  # asking for it lays the tree out, without which a new leaf has no line
            self.move_cursor(leaf)
            self.scroll_to_node(leaf, animate=False)

    def _relabel(self) -> None:
        for node in self.root.children:
            findings = [leaf.data for leaf in node.children if isinstance(leaf.data, Finding)]
            state = group_state(self._status(finding) for finding in findings)
            node.set_label(Text(f"{visible(str(node.data), '␉')}  {state.mark}", no_wrap=True))
            for leaf in node.children:
                if isinstance(leaf.data, Finding):
                    leaf.set_label(Text(_name(leaf.data)))

    def render_label(self, node: TreeNode[Node], base_style: Style, style: Style) -> Text:
        """Draw a file or a finding with its mark."""
        if isinstance(node.data, Finding):
            return self._finding_label(node.data, style)
        findings = [leaf.data for leaf in node.children if isinstance(leaf.data, Finding)]
        state = group_state(self._status(finding) for finding in findings)
        fold = "▾" if node.is_expanded else "▸"
        path = shortened(visible(str(node.data), "␉"), self.content_size.width - 4)
        return Text.assemble((f"{fold} ", style), (path, style), (f" {state.mark}", self._look(state)))

    def _finding_label(self, finding: Finding, style: Style) -> Text:
        state = DECISIONS[self._status(finding)]
        name = _name(finding)
        room = max(8, self.content_size.width - 5)
        name = name if cell_len(name) <= room else set_cell_size(name, room - 1) + "…"
        return Text.assemble((f"{state.mark} ", style + self._look(state)), (name, style), (" " * room, style))[
            : room + 2
        ]

    def on_resize(self) -> None:
        """Shorten the labels to the new width."""
        self._relabel()

    def _look(self, state: State) -> Style:
        return self.get_component_rich_style(state.style, partial=True)


def _name(finding: Finding) -> str:
    first = finding.site.text.strip().split("\n")[0]
    return f"{finding.site.label} {visible(first, ' ')}"


def _by_file(findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    files: dict[str, list[Finding]] = {}
    for finding in findings:
        files.setdefault(finding.site.path, []).append(finding)
    return sorted(files.items())
