"""A decision tree drawn, and its leaves as rules."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from peephole.core.node import node
from peephole.core.settings import Between
from peephole.core.types import Figure, Model, Table


class TreeView(NamedTuple):
    """What `tree_view` gives."""

    figure: Figure
    rules: Table


@node(
    family="views",
    icon="tree",
    says="{depth:level}",
    outside=True,
    needs=("scikit-learn", "matplotlib"),
    pack="mining",
    also=("Tree Viewer", "Decision Tree View", "Decision tree to rules"),
)
def tree_view(
    model: Model,
    *,
    depth: Annotated[int, Between(1, 12)] = 3,
    number: Annotated[int, Between(1)] = 1,
    title: str = "",
) -> TreeView:
    """Draw a decision tree: each box says what led to it, how many rows came there and what is predicted.

    The colour is that of the predicted class, the paler the less sure; for numbers, darker is higher.

    model: of Decision tree learner, or a forest of trees.
    depth: how many levels of questions are drawn; a box that goes on below says so.
    number: of a forest, which tree.
    title: of the figure; empty: made from the target.
    figure: the tree.
    rules: for each leaf of the whole tree all that leads to it, its rows and what it predicts, the largest first.
    """
    from peephole.nodes.views import _branches as work

    branches = work.read_tree(model, number)
    return TreeView(work.figure(branches, depth, title), work.rules(branches))
