"""Each route's share alone: the vector-Jacobian product of the one node it leads to, written from the equations."""

import torch

from peephole.neural import unfold


def node(kind, variant, name, P, at):
    """The value of a variable at t from the variables it is computed from; `at(variable, offset)` gives those."""
    if kind == "rnn":
        activation = {"tanh": torch.tanh, "relu": torch.relu, "logistic": torch.sigmoid}[variant]
        return activation(at("a", 0)) if name == "h" else at("x", 0) @ P["U"].T + at("h", -1) @ P["W"].T + P["b"]
    if kind == "gru":
        return gru_node(name, P, at)
    return lstm_node(variant, name, P, at)


def gru_node(name, P, at):
    if name in ("r", "u"):
        return torch.sigmoid(at(f"{name}_bar", 0))
    if name in ("r_bar", "u_bar"):
        gate = name[0]
        return at("x", 0) @ P[f"W_{gate}"].T + at("h", -1) @ P[f"R_{gate}"].T + P[f"b_{gate}"]
    if name == "m":
        return at("h", -1) @ P["R_n"].T + P["b_n_prime"]
    if name == "n_bar":
        return at("x", 0) @ P["W_n"].T + P["b_n"] + at("r", 0) * at("m", 0)
    return torch.tanh(at("n_bar", 0)) if name == "n" else (1 - at("u", 0)) * at("n", 0) + at("u", 0) * at("h", -1)


def lstm_node(variant, name, P, at):
    if name.endswith("_bar"):
        block = {"z": "z", "i": "in", "f": "for", "o": "out"}[name[0]]
        bar = at("x", 0) @ P[f"W_{block}"].T + at("y", -1) @ P[f"R_{block}"].T + P[f"b_{block}"]
        if block != "z" and variant != "NP":
            bar = bar + P[f"p_{block}"] * at("c", 0 if block == "out" else -1)
        if block != "z" and variant == "FGR":
            bar = bar + sum(at(gate, -1) @ P[f"R_{gate}{name[0]}"].T for gate in "ifo")
        return bar
    if name == "z":
        return at("z_bar", 0) if variant == "NIAF" else torch.tanh(at("z_bar", 0))
    if name == "f" and variant == "CIFG":
        return 1 - at("i", 0)
    if name in ("i", "f", "o"):
        return torch.sigmoid(at(f"{name}_bar", 0))
    if name == "c":
        new = at("z", 0) if variant == "NIG" else at("z", 0) * at("i", 0)
        return new + (at("c", -1) if variant == "NFG" else at("c", -1) * at("f", 0))
    out = at("c", 0) if variant == "NOAF" else torch.tanh(at("c", 0))
    return out if variant == "NOG" else at("o", 0) * out


def shifted(over_time, start, offset):
    """Over time, one step earlier for offset -1."""
    return over_time if offset == 0 else torch.cat([start.unsqueeze(0), over_time[:-1]])


def test_each_share_is_its_node_s_vector_jacobian_product(kind, variant, problem):
    example = problem(kind, variant, T=6, B=2)
    trace = unfold(example.module, example.x, example.loss, hx=example.hx)
    P = trace.parameters()
    start = {name: trace.initial(name) for name in trace.spec.states}
    for variable in trace.variables:
        shares = trace.routes(variable)
        for route in trace.spec.routes_of(variable, top=True):
            if route.source is None:
                continue
            leaf = trace.value(variable).clone().requires_grad_()

            def at(name, offset, leaf=leaf, route=route, variable=variable):
                crossed = name == variable and offset == -route.source.offset
                return shifted(leaf if crossed else trace.value(name), start.get(name), offset)

            target = route.source.variable
            output = node(kind, variant, target, P, at)
            torch.testing.assert_close(output.detach(), trace.value(target), rtol=1e-12, atol=1e-12)
            share = torch.autograd.grad(output, leaf, trace.error(target))[0]
            torch.testing.assert_close(shares[route.id], share, rtol=1e-12, atol=1e-12)
