"""The kinds of layers as data, without torch. `peephole.neural.parts` has, by the same names, how they compute."""

from __future__ import annotations

from peephole.core.errors import SettingError, listing, nearest
from peephole.neural.kinds.convolution import CONVOLUTION
from peephole.neural.kinds.dense import DENSE
from peephole.neural.kinds.inputs import INPUTS
from peephole.neural.kinds.kind import REQUIRED, Kind
from peephole.neural.kinds.merging import MERGING
from peephole.neural.kinds.outputs import OUTPUTS
from peephole.neural.kinds.recurrent import RECURRENT
from peephole.neural.kinds.steps import STEPS

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (*INPUTS, *DENSE, *CONVOLUTION, *RECURRENT, *STEPS, *MERGING, *OUTPUTS)
}

__all__ = ["KINDS", "REQUIRED", "Kind", "kind_of"]


def kind_of(name: str) -> Kind:
    """The kind of that name. Raises SettingError with the nearest one."""
    if name not in KINDS:
        raise SettingError(
            f'There is no kind of layer "{name}".',
            remedy=f"{nearest(name, KINDS)} Kinds: {listing(KINDS, 40)}.".strip(),
        )
    return KINDS[name]
