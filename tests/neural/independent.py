"""The cells once more, written from the equations alone: a Python loop over single sequences, gradients by torch's autograd.

Shares no code with the package. `tap` may add to a variable as it is computed: a zero tap's gradient is that variable's δ.
"""

import torch


def _no_tap(name, t, value):
    return value


def lstm(variant, P, x, y, c, g=None, tap=_no_tap):
    """P: parameters by the paper's names.  x (T, I); y, c (H); g: (i, f, o) for FGR.  Returns y (T, H), c(T), (i, f, o)(T)."""
    zero = torch.zeros_like(y)
    i = f = o = zero
    if g is not None:
        i, f, o = g
    outputs = []
    for t in range(x.shape[0]):
        last = {"i": i, "f": f, "o": o}

        def bar(block, name, cell, last=last, t=t, y=y):
            total = P["W_" + block] @ x[t] + P["R_" + block] @ y
            if "b_" + block in P:
                total = total + P["b_" + block]
            if variant != "NP" and block != "z":
                total = total + P["p_" + block] * cell
            if variant == "FGR" and block != "z":
                for a in "ifo":
                    total = total + P["R_" + a + name[0]] @ last[a]
            return tap(name, t, total)

        z_bar = bar("z", "z_bar", None)
        z = tap("z", t, z_bar if variant == "NIAF" else torch.tanh(z_bar))
        i = torch.ones_like(c) if variant == "NIG" else tap("i", t, torch.sigmoid(bar("in", "i_bar", c)))
        if variant == "NFG":
            f = torch.ones_like(c)
        elif variant == "CIFG":
            f = tap("f", t, 1 - i)
        else:
            f = tap("f", t, torch.sigmoid(bar("for", "f_bar", c)))
        c = tap("c", t, z * i + c * f)
        o = torch.ones_like(c) if variant == "NOG" else tap("o", t, torch.sigmoid(bar("out", "o_bar", c)))
        y = tap("y", t, o * (c if variant == "NOAF" else torch.tanh(c)))
        outputs.append(y)
    return torch.stack(outputs), c, (i, f, o)


def rnn(nonlinearity, P, x, h, tap=_no_tap):
    """x (T, I), h (H). Returns h (T, H)."""
    outputs = []
    for t in range(x.shape[0]):
        a = P["W"] @ h + P["U"] @ x[t]
        a = tap("a", t, a + P["b"] if "b" in P else a)
        if nonlinearity == "tanh":
            h = (a.exp() - (-a).exp()) / (a.exp() + (-a).exp())
        elif nonlinearity == "relu":
            h = torch.where(a > 0, a, 0.0)  # its slope at 0 is 0, as in torch.nn.RNN; that of clamp is 1
        else:
            h = 1 / (1 + (-a).exp())
        h = tap("h", t, h)
        outputs.append(h)
    return torch.stack(outputs)


def gru(P, x, h, tap=_no_tap):
    """x (T, I), h (H). Returns h (T, H)."""
    b = {name: P.get("b_" + name, 0) for name in ("r", "u", "n", "n_prime")}
    outputs = []
    for t in range(x.shape[0]):
        r = tap("r", t, torch.sigmoid(tap("r_bar", t, P["W_r"] @ x[t] + P["R_r"] @ h + b["r"])))
        u = tap("u", t, torch.sigmoid(tap("u_bar", t, P["W_u"] @ x[t] + P["R_u"] @ h + b["u"])))
        m = tap("m", t, P["R_n"] @ h + b["n_prime"])
        n = tap("n", t, torch.tanh(tap("n_bar", t, P["W_n"] @ x[t] + b["n"] + r * m)))
        h = tap("h", t, (1 - u) * n + u * h)
        outputs.append(h)
    return torch.stack(outputs)


def cell(kind, variant, P, x, state, tap=_no_tap):
    """Any cell over one sequence. state: list of (·) tensors, output first. Returns outputs and the list of final states."""
    if kind == "lstm":
        gates = state[2].chunk(3) if variant == "FGR" else None
        y, c, g = lstm(variant, P, x, state[0], state[1], gates, tap)
        return y, [y[-1], c, torch.cat(g)] if variant == "FGR" else [y[-1], c]
    h = rnn(variant, P, x, state[0], tap) if kind == "rnn" else gru(P, x, state[0], tap)
    return h, [h[-1]]


def layer(module, x, state):
    """A whole recurrent layer on one sequence. x (T, I); state: list of (L*D, ·). Returns y (T, D*H) and final states."""
    finals = []
    for k in range(module.num_layers):
        sides = []
        for direction in ("forward", "reverse")[: 1 + module.bidirectional]:
            start = [s[len(finals)] for s in state]
            reads = x.flip(0) if direction == "reverse" else x
            y, last = cell(module.spec.kind, module.spec.variant, module.views(k, direction), reads, start)
            sides.append(y.flip(0) if direction == "reverse" else y)
            finals.append(last)
        x = torch.cat(sides, dim=-1)
    return x, [torch.stack(of_one) for of_one in zip(*finals, strict=True)]
