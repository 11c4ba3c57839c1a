/* Charts of the KPI page, drawn from the JSON the server put into the page; each has its table as text. */
(() => {
  "use strict";
  const source = (id) => JSON.parse(document.getElementById(id)?.textContent || "null");
  const plain = { animation: false, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily } };
  const options = {
    funnel: (steps) => ({ ...plain, grid: { left: 8, right: 56, top: 8, bottom: 8, containLabel: true }, xAxis: { type: "value", show: false },
      yAxis: { type: "category", inverse: true, data: steps.map((step) => step.name), axisTick: { show: false }, axisLine: { show: false } },
      series: [{ type: "bar", data: steps.map((step) => step.value), itemStyle: { color: "#1a5fb4" }, label: { show: true, position: "right", formatter: ({ value }) => value.toLocaleString("en-US") } }] }),
    trend: (trend) => ({ ...plain, tooltip: { trigger: "axis", renderMode: "richText" }, legend: { top: 0 }, grid: { left: 8, right: 8, top: 40, bottom: 8, containLabel: true },
      xAxis: { type: "category", data: trend.days }, yAxis: [{ type: "value" }, { type: "value", min: 0, max: 100, splitLine: { show: false }, axisLabel: { formatter: "{value} %" } }],
      series: [
        { name: trend.labels.dials, type: "bar", data: trend.dials, itemStyle: { color: "#a9c6ea" } },
        { name: trend.labels.completed, type: "bar", data: trend.completed, itemStyle: { color: "#1a5fb4" } },
        { name: trend.labels.connect_rate, type: "line", yAxisIndex: 1, data: trend.connect_rate, symbol: "circle", itemStyle: { color: "#8a5300" } },
        { name: trend.labels.completed_rate, type: "line", yAxisIndex: 1, data: trend.completed_rate, symbol: "diamond", itemStyle: { color: "#146c2e" } },
      ] }),
  };
  const charts = [...document.querySelectorAll("[data-chart]")].map((box) => {
    const chart = window.echarts.init(box, null, { renderer: "svg" });
    chart.setOption(options[box.dataset.chart](source(box.dataset.source)));
    return chart;
  });
  window.addEventListener("resize", () => charts.forEach((chart) => chart.resize()));

  document.querySelectorAll("[data-table-of]").forEach((box) => {
    const trend = source(box.dataset.tableOf);
    const keys = Object.keys(trend.labels);
    const table = document.createElement("table");
    table.className = "table table-sm";
    const line = (cells, tag) => {
      const row = document.createElement("tr");
      cells.forEach((text, index) => {
        const cell = document.createElement(index === 0 || tag === "th" ? "th" : "td");
        if (cell.tagName === "TH") cell.scope = tag === "th" ? "col" : "row";
        cell.textContent = text ?? "—";
        row.append(cell);
      });
      return row;
    };
    table.append(document.createElement("thead"), document.createElement("tbody"));
    table.tHead.append(line(["", ...keys.map((key) => trend.labels[key])], "th"));
    trend.days.forEach((day, index) => table.tBodies[0].append(line([day, ...keys.map((key) => trend[key][index])], "td")));
    box.append(table);
  });
})();
