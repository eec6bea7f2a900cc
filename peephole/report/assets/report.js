// Brings the charts to life over their static pictures, in the page's own colours; opens the node that a link leads to.
(() => {
  "use strict";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const shown = [];

  const theme = () => {
    const css = getComputedStyle(document.documentElement);
    const of = (name) => css.getPropertyValue(name).trim();
    const text = of("--text"), muted = of("--muted"), line = of("--line"), strong = of("--line-strong"), card = of("--card");
    const axis = {
      axisLine: { lineStyle: { color: strong } },
      axisTick: { lineStyle: { color: strong } },
      axisLabel: { color: muted },
      nameTextStyle: { color: muted },
      splitLine: { lineStyle: { color: line } },
      splitArea: { show: false },
    };
    return {
      color: dark.matches
        ? ["#6f9bff", "#f0b23e", "#3cc99a", "#e59ac6", "#f08a4b", "#7cc7f2", "#b9a7ff", "#c9c06a"]
        : ["#2b62d9", "#dd8f00", "#00916a", "#c066a0", "#cc5a14", "#3a9bd6", "#7b61d1", "#8a8330"],
      backgroundColor: "transparent",
      textStyle: { fontFamily: of("--sans"), color: text },
      title: { textStyle: { color: text }, subtextStyle: { color: muted } },
      legend: { textStyle: { color: muted }, inactiveColor: strong, pageTextStyle: { color: muted } },
      tooltip: { backgroundColor: card, borderColor: strong, textStyle: { color: text, fontSize: 13 } },
      visualMap: { textStyle: { color: muted } },
      toolbox: { iconStyle: { borderColor: muted } },
      line: { symbol: "circle", symbolSize: 5 },
      categoryAxis: { ...axis, splitLine: { show: false } },
      valueAxis: axis, logAxis: axis, timeAxis: axis,
    };
  };

  const draw = (chart) => {
    chart.echart?.dispose();
    chart.echart = echarts.init(chart.place, theme(), { renderer: "svg" });
    const option = { animation: !still.matches, animationDuration: 300, ...chart.option };
    chart.echart.setOption(option);
  };

  for (const data of document.querySelectorAll('.chart script[type="application/json"]')) {
    const figure = data.closest(".chart");
    const chart = { place: figure.querySelector(".live"), option: JSON.parse(data.textContent) };
    figure.classList.add("is-live");
    try {
      draw(chart);
    } catch (error) {
      figure.classList.remove("is-live"); // the static picture stands
      console.error(error);
      continue;
    }
    new ResizeObserver(() => chart.echart.resize()).observe(chart.place);
    shown.push(chart);
  }
  dark.addEventListener("change", () => shown.forEach(draw));

  const open = () => {
    const node = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (node instanceof HTMLDetailsElement) node.open = true;
  };
  addEventListener("hashchange", open);
  open();
})();
