"""A trained network as an ONNX file, for programs that know nothing of this one."""

from peephole.neural.onnx_network.export import export_network

__all__ = ["export_network"]
