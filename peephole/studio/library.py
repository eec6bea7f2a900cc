"""The node library as the browser sees it."""

from __future__ import annotations

import json
from functools import cache
from importlib import metadata

from peephole.core.families import family_title, in_order
from peephole.core.node import NodeSpec
from peephole.core.types import port_types
from peephole.data import at_hand, list_data_sets
from peephole.engine.catalog import catalog
from peephole.report import icons
from peephole.report.colours import wire_colours
from peephole.studio.wire.library import Catalog, Family, InputPort, NodeType, OutputPort, PortKind
from peephole.studio.wire.start import DataSetEntry


@cache
def library() -> Catalog:
    """Port types, families, and every node."""
    specs = list(catalog().specs.values())
    families = in_order({spec.family for spec in specs})
    place = {name: i for i, name in enumerate(families)}
    return Catalog(
        port_types=[_port_kind(name) for name in port_types()],
        families=[Family(name=f, title=family_title(f), drawing=icons.drawing(f)) for f in families],
        nodes=[_node(spec) for spec in sorted(specs, key=lambda s: (place[s.family], s.title))],
        broken=catalog().broken,
    )


def data_sets() -> list[DataSetEntry]:
    """The named data sets."""
    return [
        DataSetEntry(
            name=one.name,
            title=one.title,
            description=one.description,
            licence=one.licence,
            source=one.url or (f"the package {one.package.name}" if one.package else ""),
            rows=None,
            cached=at_hand(one.name),
        )
        for one in list_data_sets()
    ]


def _port_kind(name: str) -> PortKind:
    kind = port_types()[name]
    on_light, on_dark = wire_colours(kind.colour)
    return PortKind(
        name=kind.name, colour=kind.colour, on_light=on_light, on_dark=on_dark, shape=kind.shape, doc=kind.doc
    )


def _node(spec: NodeSpec) -> NodeType:
    return NodeType(
        type=spec.type,
        title=spec.title,
        family=spec.family,
        icon=spec.icon,
        drawing=icons.drawing(spec.icon, spec.family),
        version=spec.version,
        summary=spec.summary,
        doc=spec.doc,
        inputs=[
            InputPort(name=p.name, type=p.type.name, doc=p.doc, optional=p.optional, many=p.many) for p in spec.inputs
        ],
        outputs=[OutputPort(name=p.name, type=p.type.name, doc=p.doc) for p in spec.outputs],
        settings_schema=json.loads(json.dumps(spec.schema)),
        defaults=spec.defaults,
        setting_docs=dict(spec.setting_docs),
        runs=spec.runs,
        data_dependent=spec.data_dependent,
        effect=spec.effect,
        has_code=spec.code,
        lasts=spec.lasts,
        missing=[name for name in spec.needs if not _installed(name)],
        also=list(spec.also),
    )


def _installed(distribution: str) -> bool:
    try:
        metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return False
    return True
