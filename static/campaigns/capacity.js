/* Plan against actual, drawn from the JSON the server put into the page; its table is the text of it. */
(() => {
  "use strict";
  const box = document.querySelector(".course-chart");
  const course = JSON.parse(document.getElementById(box.dataset.source).textContent);
  const text = { color: "#37424d", fontSize: 13 };
  const line = (name, data, color, more) => ({ name, type: "line", data, showSymbol: false, itemStyle: { color }, lineStyle: { color, width: 2 }, ...more });
  const chart = window.echarts.init(box, null, { renderer: "svg" });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    tooltip: { trigger: "axis", renderMode: "richText" },
    legend: { top: 0, textStyle: text, data: [course.labels.planned, course.labels.done, course.labels.forecast] },
    grid: { left: 4, right: 24, top: 40, bottom: 4, containLabel: true },
    xAxis: { type: "category", data: course.days.map((day) => day.slice(5)), axisLabel: text },
    yAxis: { type: "value", axisLabel: text },
    series: [
      line(course.labels.planned, course.planned, "#6b7a89", {
        lineStyle: { color: "#6b7a89", width: 2, type: "dashed" },
        markLine: { silent: true, symbol: "none", data: [{ yAxis: course.wanted }], label: { formatter: `${course.labels.wanted} {c}`, position: "insideStartTop", color: "#37424d" }, lineStyle: { color: "#8a5300" } },
      }),
      line(course.labels.done, course.done, "#1a5fb4", { areaStyle: { color: "#a9c6ea", opacity: 0.4 } }),
      line(course.labels.forecast, course.forecast, "#146c2e", { lineStyle: { color: "#146c2e", width: 2, type: "dotted" } }),
    ],
  });
  window.addEventListener("resize", () => chart.resize());
})();
