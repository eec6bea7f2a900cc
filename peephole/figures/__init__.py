"""Figures: ECharts descriptions over Arrow data for the screen, and the same drawn by matplotlib for print.

How a Figure is put together, for whoever shows one: `option` is an ECharts option as plain JSON. Dataset 0 stands for
`data`; further datasets are filters of it. Series name columns through `encode`. Categories are text. `option["peephole"]`
holds what JSON cannot say to ECharts: `formats`, the kind of number in each column ("integer", "number", "percent").
"""
