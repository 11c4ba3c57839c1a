/* Charts of the KPI page, drawn from the JSON the server put into the page; each has its table as text. */
(() => {
  "use strict";
  const source = (id) => JSON.parse(document.getElementById(id).textContent);
  const plain = { animation: false, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily } };
  const text = { color: "#37424d", fontSize: 13 };
  const options = {
    funnel: (steps) => ({
      ...plain,
      grid: { left: 4, right: 64, top: 4, bottom: 4, containLabel: true },
      xAxis: { type: "value", show: false },
      yAxis: { type: "category", inverse: true, data: steps.map((step) => step.name), axisTick: { show: false }, axisLine: { show: false }, axisLabel: { ...text, width: 150, overflow: "truncate" } },
      series: [{ type: "bar", data: steps.map((step) => step.value), itemStyle: { color: "#1a5fb4" }, label: { ...text, show: true, position: "right", formatter: ({ value }) => value.toLocaleString("en-US") } }],
    }),
    trend: (trend) => ({
      ...plain,
      tooltip: { trigger: "axis", renderMode: "richText" },
      legend: { top: 0, textStyle: text },
      grid: { left: 4, right: 4, top: 60, bottom: 4, containLabel: true },
      xAxis: { type: "category", data: trend.days.map((day) => day.slice(5)), axisLabel: text },
      yAxis: [
        { type: "value", axisLabel: text },
        { type: "value", min: 0, max: 100, splitLine: { show: false }, axisLabel: { ...text, formatter: "{value} %" } },
      ],
      series: [
        { name: trend.labels.dials, type: "bar", data: trend.dials, itemStyle: { color: "#a9c6ea" } },
        { name: trend.labels.completed, type: "bar", data: trend.completed, itemStyle: { color: "#1a5fb4" } },
        { name: trend.labels.connect_rate, type: "line", yAxisIndex: 1, data: trend.connect_rate, symbol: "circle", itemStyle: { color: "#8a5300" } },
        { name: trend.labels.completed_rate, type: "line", yAxisIndex: 1, data: trend.completed_rate, symbol: "diamond", itemStyle: { color: "#146c2e" } },
      ],
    }),
  };
  const charts = [...document.querySelectorAll("[data-chart]")].map((box) => {
    const chart = window.echarts.init(box, null, { renderer: "svg" });
    chart.setOption(options[box.dataset.chart](source(box.dataset.source)));
    return chart;
  });
  window.addEventListener("resize", () => charts.forEach((chart) => chart.resize()));
})();
