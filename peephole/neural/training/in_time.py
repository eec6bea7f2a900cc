"""Whether a drawn network can be cut in time, as truncated backpropagation does. No torch: it is told before anything runs."""

from __future__ import annotations

from peephole.core.errors import SettingError
from peephole.neural.network import NetworkGraph

# These work at each step alone, or carry a state from step to step: such a network can be cut anywhere in time.
_IN_TIME = {
    "embedding",
    "dense",
    "layer_normalisation",
    "dropout",
    "activation",
    "simple_rnn",
    "lstm",
    "gru",
    "last_step",
}


def check_in_time(graph: NetworkGraph) -> None:
    """Raise SettingError where a network's sequences cannot be cut."""
    if len(graph.inputs) != 1 or graph.shapes[graph.inputs[0]].form != "sequence":
        raise not_in_time("it needs one input, a sequence")
    if graph.layers[graph.output].kind == "label_sequence_output":
        raise not_in_time("the loss of label sequences needs the whole sequence at once")
    for layer, block in graph.layers.items():
        inputs = [graph.shapes[i].form for i in block.inputs]
        if "sequence" in inputs and block.kind not in _IN_TIME and layer != graph.output:
            raise not_in_time(f'"{layer}" mixes the steps, so that the sequence cannot be cut')
        if block.settings.get("both_ways"):
            raise not_in_time(f'"{layer}" reads sequences backwards too, so that no state can be carried on')


def not_in_time(why: str) -> SettingError:
    """What is said of a network that cannot be cut."""
    what = f"Train: truncate does not go with this network: {why}."
    return SettingError(what, remedy="Set truncate to 0.", setting="truncate")
