/* The page of mcasim compare: runs side by side, the first their base. */
"use strict";
(() => {
  const { data, PHASES, phaseColour, ink, el, joined, si, percent, count, name, listed, css, table, axis,
    logarithmic, section } = page;
  const c = data.comparison;
  /* In a table of many figures a plain number needs its unit. */
  const shown = (r, value) => (r.kind === "number" && value !== null
    ? joined(page.shown(r, value), r.unit) : page.shown(r, value));
  const base = (dir) => dir.replace(/\/+$/, "").split("/").pop() || dir;
  const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}\u2026` : text);
  const heads = c.runs.map((r, i) => `${i + 1} ${cut(base(r.dir), 40)}`);
  const short = heads.map((h) => cut(h, 20));
  const runs = c.runs.map((r, i) => ({ ...r, ...data.runs[i], place: i + 1, head: heads[i] }));
  /* a label that begins with blanks belongs to the one before */
  let above = "";
  const results = c.results.map((r, i) => {
    const { label, kind, digits, unit } = data.rows[i];
    above = label.startsWith(" ") ? above : label;
    return { ...r, kind, digits, unit, label: label.startsWith(" ")
      ? `${above.replace(/, total$/, "")}, ${label.trim()}` : label };
  });
  const result = (key) => results.find((r) => r.name === key);

  /* Test accuracies of so many images differ by so much by chance. */
  const isAccuracy = (r) => r.name.startsWith("accuracy.test");
  const tested = Math.min(...runs.map((run) => run.test_images));
  const noise = (() => {
    const known = result("accuracy.test_final").values.filter((v) => v !== null);
    return known.length && tested > 0
      ? page.chance(known.reduce((a, b) => a + b, 0) / known.length, tested) : 0;
  })();
  /* The best that can be told from the rest: values that print the same share it, and accuracies
   * within chance of each other have none. */
  results.forEach((r) => {
    if (!r.best.length) {
      return;
    }
    const top = r.values[r.best[0]];
    const others = r.values.filter((v) => v !== null && v !== top);
    if (isAccuracy(r) && others.some((v) => top - v <= noise)) {
      r.best = [];
      return;
    }
    const alike = r.values.map((v, i) => ({ v, i }))
      .filter(({ v }) => v !== null && shown(r, v) === shown(r, top)).map(({ i }) => i);
    r.best = alike.length < r.values.length ? alike : [];
  });

  const sign = (value) => (value > 0 ? "+" : value < 0 ? "\u2212" : "");
  const size =
    (r, difference) =>
      (r.kind === "fraction" ? joined((100 * Math.abs(difference)).toFixed(r.digits), "pt")
        : shown(r, Math.abs(difference)));
  const change =
    (r, difference) => (difference === null ? "" : `${sign(difference)}${size(r, difference)}`);
  /* What rounds to nothing has no sign. */
  function relative(fraction) {
    if (fraction === null) {
      return "";
    }
    const text = (100 * Math.abs(fraction)).toFixed(Math.abs(fraction) < 9.995 ? 1 : 0);
    return `${Number(text) === 0 ? "" : sign(fraction)}${joined(text, "%")}`;
  }

  /* A key may be broken behind its dots and underscores. */
  const broken = (key) => key.split(/(?<=[._])/)
    .flatMap((part, i) => (i ? [el("wbr"), part] : [part]));
  /* A few runs in words; of many the base and the best. */
  function told(r, text) {
    const places = runs.length <= 6 ? runs.map((_, i) => i)
      : [...new Set([0, ...r.best.slice(0, 3)])];
    return places.map((i) => `${heads[i]} ${text(i)}`).join(", ") + (places.length < runs.length
      ? "; all stand in the tables" : "");
  }

  const best = (is) => (is ? el("span", { class: "best" }, "best") : null);

  /* Wear of runs on as many images is compared by writes, of others by the time that cells last. */
  const sameImages = new Set(result("images").values).size === 1;
  const unjudged = sameImages ? "" : "Totals and writes have no best: the runs trained on " +
    "different numbers of images.";
  const WEAR = sameImages ? ["writes.max_per_device", "fewest", "writes on the worst cell"]
    : ["writes.lifetime_s", "longest", "lifetime at this use"];
  /* What decides between runs, and how a run that is best in it is praised. */
  const DECIDING = [["accuracy.test_final", "best", "test accuracy"],
    ["energy_j.per_image", "least"], ["latency_s.per_image", "least"],
    ["area_mm2.total", "least"], WEAR].map(([key, praise, label]) =>
    ({ r: { ...result(key), label: label || result(key).label }, praise }))
    .filter(({ r }) => r.values.some((v) => v !== null));
  const TIED = 4; /* more runs that share a best value are counted, not named */
  const called = (i) => `run ${i + 1} (${base(runs[i].dir)})`;

  /* "27.8 % below", "7.80 x", "1.50 pt above", "that of": a value against another. */
  function against(r, value, other) {
    if (shown(r, value) === shown(r, other)) {
      return "as much as";
    }
    const way = value > other ? "above" : "below";
    if (r.kind === "fraction" || other === 0) {
      return `${size(r, value - other)} ${way}`;
    }
    return value / other >= 2 ? `${joined((value / other).toPrecision(3), "\u00d7")} that of`
      : `${joined((100 * Math.abs(value / other - 1)).toFixed(1), "%")} ${way}`;
  }

  /* Where a run stands in a figure: against the base; the base against the next best, or the
   * best. */
  function standing(r, i) {
    const rival = i !== 0 ? 0 : r.values.map((v, k) => ({ v, k }))
      .filter(({ v, k }) => v !== null && !(r.best.includes(0) && r.best.includes(k)) && k !== 0)
      .sort((a, b) => (r.better === "higher" ? b.v - a.v : a.v - b.v)).map(({ k }) => k)[0];
    return rival === undefined || r.values[rival] === null ? shown(r, r.values[i])
      : `${shown(r, r.values[i])}, ${against(r, r.values[i], r.values[rival])} ` +
        `${rival === 0 ? "the base" : called(rival)}`;
  }

  /* What is busiest in each run: "digital unit, 62 %". */
  const bound = runs.map((run) => page.binding(run.busiest));
  const busy = (b) => (b.names ? `${b.names}, ${percent(b.use, 0)}` : "none");

  /* A run that is best in something: what it wins, what it pays, and what binds it. */
  function verdict(i, won) {
    const paid = DECIDING.filter(({ r }) => {
      const of = i === 0 && r.best.length ? r.values[r.best[0]] : r.values[0];
      const loss = (r.better === "higher" ? -1 : 1) * (r.values[i] - of);
      return r.values[i] !== null && of !== null && !r.best.includes(i)
        && loss > (isAccuracy(r) ? noise : 0.005 * Math.abs(of));
    });
    const [own, others] = [bound[i], bound[0]];
    return `${called(i).replace("run", "Run")} has the ` +
      `${won.map(({ r, praise }) => `${praise} ${r.label} (${standing(r, i)})`).join("; the ")}. ` +
      (paid.length ? `It pays: ${paid.map(({ r }) => `${r.label} ${standing(r, i)}`).join("; ")}.`
        : `Nothing that decides (${listed(DECIDING.map(({ r }) => r.label))}) is worse than in ` +
          `the ${i === 0 ? "others" : "base"}.`) +
      (i > 0 && own.names && others.names && own.names !== others.names
        ? ` Busiest: ${busy(own)}; in the base ${busy(others)}.` : "");
  }

  function verdicts() {
    const shared = DECIDING.filter(({ r }) => r.best.length > TIED);
    const single = DECIDING.filter((d) => d.r.best.length && !shared.includes(d));
    const level = DECIDING.filter(({ r }) => !r.best.length);
    return [...runs.flatMap((_, i) => {
      const won = single.filter(({ r }) => r.best.includes(i));
      return won.length ? [verdict(i, won)] : [];
    }), ...shared.map(({ r, praise }) => `${r.best.length} of ${runs.length} runs share the ` +
      `${praise} ${r.label}: ${shown(r, r.values[r.best[0]])}.`),
    ...(level.length ? [`No run is best in ${listed(level.map(({ r }) => r.label))}: a ` +
      "lead there is chance, or rounds to nothing."] : [])];
  }

  function head() {
    const keys = c.scenario.map((k) => k.key);
    const few = keys.length > 4 ? [...keys.slice(0, 3), `${keys.length - 3} more keys`] : keys;
    const what = keys.length ? `${listed(few)} ${keys.length > 1 ? "differ" : "differs"}`
      : "no scenario key differs";
    return el("header", {},
      el("h1", {}, `${runs.length} runs compared: ${what}.`),
      el("ul", { class: "verdict" },
        verdicts().map((words) => el("li", {}, words))),
      noise > 0 ? el("p", { class: "faint chance" }, `${count(tested)} test images: differences ` +
        `below about \u00b1${joined((100 * noise).toFixed(1), "pt")} are chance.`) : null,
      c.notices.length ? el("div", { class: "notices", role: "note" },
        el("strong", {}, "Not everything compares"),
        el("ul", {}, c.notices.map((n) => el("li", {}, n)))) : null,
      el("p", { class: "faint" },
        `Differences are from run 1, the base. Test accuracy is that after the last epoch.`));
  }

  function overview() {
    const figures = ["accuracy.test_final", "energy_j.per_image", "energy_j.total",
      "latency_s.per_image", "area_mm2.total", "writes.max_per_device"].map(result);
    const rows =
      runs.map((run, i) =>
        ({ ...run, scenario: run.name, data: run.dataset.name,
          ...Object.fromEntries(figures.map((r) => [r.name, r.values[i]])) }));
    return section("runs", "Runs", table("Runs and what decides between them", [
      { key: "head", name: "run", head: true, show: (v, r) => (r.place === 1 ? `${v} (base)` : v) },
      ...figures.map((r) =>
        ({ key: r.name, name: r.label, number: true,
          show: (v, row) => [shown(r, v), best(r.best.includes(row.place - 1))] })),
      { key: "scenario", name: "scenario", class: "value" },
      { key: "seed", name: "seed", number: true, show: String }, { key: "data", name: "data" },
      { key: "library", name: "library", class: "value" },
      { key: "version", name: "mcasim" }, { key: "dir", name: "directory", class: "value" }], rows,
    { class: "sides line" }), unjudged ? el("p", { class: "faint" }, unjudged) : null);
  }

  function scenario() {
    if (!c.scenario.length) {
      return section("scenario", "Scenario",
        el("p", {}, "No key of the resolved scenarios differs."));
    }
    const rows =
      c.scenario.map((k) =>
        ({ key: k.key, unit: k.unit,
          ...Object.fromEntries(k.values.map((v, i) => [`run${i}`, v])) }));
    return section("scenario", "Scenario", table("Keys that are not the same in all runs", [
      { key: "key", name: "key", head: true, show: broken }, { key: "unit", name: "unit" },
      ...heads.map((h, i) => ({ key: `run${i}`, name: h, class: "value" }))], rows,
    { class: "sides" }));
  }

  /* Rows of figures, with differences from the base. */
  function sides(caption, rows) {
    const columns = runs.flatMap((_, i) => [
      { group: heads[i], key: `value${i}`, name: "value", number: true, fixed: true, class: "first",
        show: (v, row) => (row.r ? [shown(row.r, v), best(row.r.best.includes(i))] : v || "none") },
      ...(i === 0 ? [] : [
        { group: heads[i], key: `change${i}`, name: "difference", number: true, fixed: true,
          show: (v, row) => (row.r ? change(row.r, v) : "") },
        { group: heads[i], key: `relative${i}`, name: "%", number: true,
          show: (v, row) => (row.r ? relative(v) : "") }])]);
    return table(caption,
      [{ key: "label", name: "figure", head: true, show: broken }, ...columns], rows,
      { class: "sides" });
  }

  const has = (r) => r.values.some((v) => v !== null);
  const row = (r) => ({ r, label: r.label,
    ...Object.fromEntries(
      runs.flatMap((_, i) => [[`value${i}`, r.values[i]], [`change${i}`, r.differences[i]],
        [`relative${i}`, r.fractions[i]]])) });

  function side() {
    const rows = results.slice(0, data.layer_row).filter(has).map(row);
    const after = results.slice(0, data.bottleneck_row).filter(has).length;
    rows.splice(after, 0,
      { r: null, label: "busiest resource",
        ...Object.fromEntries(bound.map((b, i) => [`value${i}`, busy(b)])) });
    const leftOut = results.filter((r) => !has(r)).length;
    return section("results", "Results",
      sides("Results, with differences from the base", rows),
      el("p", { class: "faint" },
        `The best of a row says so where more or less is better and not all are the same. ` +
        `${unjudged}${unjudged ? " " : ""}Shares ` +
        `differ in points (pt); % is the difference over the base's magnitude. ` +
        (leftOut ? `${leftOut} more rows, in which no run has a value, are left out.` : "")));
  }

  function layers() {
    const rows = results.slice(data.layer_row).filter(has).map(row);
    return section("layers", "Layers", rows.length ? sides("Figures by layer", rows)
      : el("p", {}, "The runs have different layers, or one alone."));
  }

  /* A run's line: colour, dashes and points tell it apart, each of 32 in its own way. */
  const points = ["circle", "rect", "triangle", "rectRot", "star", "cross", "crossRot",
    "rectRounded"];
  const dashes = [[], [8, 4], [2, 3], [10, 3, 2, 3], [14, 5]];
  const line =
    (i, length) => ({ label: short[i], borderColor: ink(i), backgroundColor: ink(i),
      pointStyle: points[i % 8], borderDash: dashes[(i + Math.floor(i / 8)) % 5],
      borderWidth: i === 0 ? 3 : 2, pointRadius: length > 60 ? 0 : 4, spanGaps: true,
      showLine: true });
  /* A piece of a line with its point, for the legend. */
  function sample(i) {
    const canvas = el("canvas", { width: 36, height: 12 });
    const context = canvas.getContext("2d");
    const look = line(i, 1);
    context.strokeStyle = context.fillStyle = look.borderColor;
    context.lineWidth = look.borderWidth;
    context.setLineDash(look.borderDash);
    context.beginPath();
    context.moveTo(0, 6);
    context.lineTo(36, 6);
    context.stroke();
    context.setLineDash([]);
    Chart.helpers.drawPoint(context, { pointStyle: look.pointStyle, radius: 4, borderWidth: 1 }, 18,
      6);
    return canvas;
  }
  const legend =
    { position: "bottom", labels: { usePointStyle: true, pointStyleWidth: 36, padding: 8,
      generateLabels: (of) => Chart.defaults.plugins.legend.labels.generateLabels(of)
        .map((item) => ({ ...item, pointStyle: sample(item.datasetIndex) })) } };

  /* As high as its lines need. */
  function chart(title, summary, make, rem) {
    const figure = page.chart(title, summary, make);
    figure.querySelector(".frame").style.height = `${rem}rem`;
    return figure;
  }

  function accuracy() {
    const measured = runs.map((run) => run.epochs.filter((e) => e.test_accuracy !== null));
    if (!measured.some((m) => m.length)) {
      return section("accuracy", "Accuracy", el("p", {}, "No run was tested."));
    }
    const last =
      told(result("accuracy.test_final"),
        (i) => (measured[i].length ? percent(measured[i][measured[i].length - 1].test_accuracy)
          : "none"));
    const rem = 20 + 0.6 * runs.length;
    const all = measured.flat();
    const lines =
      (x, y) => measured.map((m, i) =>
        ({ ...line(i, m.length), data: m.map((e) => ({ x: x(e), y: y(e) })) }));
    const by = () =>
      ({ type: "line", data: { datasets: lines((e) => e.epoch, (e) => 100 * e.test_accuracy) },
        options: { plugins: { legend },
          scales: { x: axis("epoch", { type: "linear", ticks: { precision: 0 },
            ...page.roomy(all.map((e) => e.epoch), 0) }),
          y: axis("test accuracy, %", page.roomy(all.map((e) => 100 * e.test_accuracy), 0,
            100)) } } });
    const spent =
      () => ({ type: "line",
        data: { datasets: lines((e) => e.energy_j * 1e3,
          (e) => (e.test_accuracy < 1 ? 100 * (1 - e.test_accuracy) : null)) },
        options: { plugins: { legend },
          scales: { x: logarithmic("energy so far, mJ"), y: page.errorAxis("test error, %",
            all.map((e) => 100 * (1 - e.test_accuracy))) } } });
    const rows = runs.flatMap((run) => run.epochs.map((e) => ({ run: run.head, ...e })));
    return section("accuracy", "Accuracy",
      el("div", { class: "charts" },
        chart("Test accuracy by epoch", `After the last epoch: ${last}.`, by, rem),
        chart("What accuracy costs",
          "Test error against the energy of training so far, an epoch a point: lower and further " +
          "left is better.", spent, rem)),
      el("details", {}, el("summary", {}, "Epochs as a table"), table("Epochs", [
        { key: "run", name: "run", head: true }, { key: "epoch", name: "epoch", number: true },
        { key: "images", name: "images", number: true, show: count },
        { key: "test_accuracy", name: "test accuracy", number: true,
          show: (v) => (v === null ? "" : percent(v)) },
        { key: "energy_j", name: "energy so far", number: true, show: (v) => si(v, "J") },
        { key: "time_s", name: "time so far", number: true, show: (v) => si(v, "s") }], rows,
      { class: "sides" })));
  }

  /* The unit in which the largest of all has one to three digits before the point. */
  function scale(values, unit) {
    const text = si(Math.max(...values.filter((v) => v !== null), 0), unit);
    const prefix = text.split("\u00a0")[1];
    const exponent = { m: -3, "\u00b5": -6, n: -9, p: -12, f: -15, k: 3,
      M: 6 }[prefix.slice(0, prefix.length - unit.length)] || 0;
    return { unit: prefix, by: 10 ** -exponent };
  }

  const images = result("images").values;
  const each = (value, i) => (images[i] ? value / images[i] : 0);
  const bars = () => 9 + 2 * runs.length;
  const rowsOf = { ticks: { autoSkip: false } };

  /* Stacks of a run's phases, of an image. */
  function stacked(parts, unit, title) {
    const keys = PHASES.filter((p) => parts.some((of) => of[p] > 0));
    const unitOf = scale(parts.map((p, i) => each(Object.values(p).reduce((a, b) => a + b, 0), i)),
      unit);
    return () => ({ type: "bar",
      data: { labels: short, datasets: keys.map((key) => ({ label: name(key),
        data: parts.map((p, i) => unitOf.by * each(p[key] || 0, i)),
        backgroundColor: phaseColour(key), borderColor: css("--back"), borderWidth: 1 })) },
      options: { indexAxis: "y", scales: { x: axis(`${title}, ${unitOf.unit}`, { stacked: true }),
        y: { stacked: true, ...rowsOf } },
      plugins: { legend: { position: "bottom", labels: { boxWidth: 12 } } } } });
  }

  /* The largest components, a bar a run; of many runs the base and the best. */
  const FEW = 6;
  function components(parts, value) {
    const places = runs.length <= FEW ? runs.map((_, i) => i)
      : [...new Set([0, ...value.best])].slice(0, FEW);
    const most = (key) => Math.max(...places.map((i) => each(parts[i][key] || 0, i)));
    const keys = [...new Set(parts.flatMap((p) => Object.keys(p)))].filter((key) => most(key) > 0)
      .sort((a, b) => most(b) - most(a)).slice(0, 8);
    const unitOf = scale(keys.map(most), "J");
    return { rem: 8 + keys.length * (0.6 + 0.8 * places.length), make: () => ({ type: "bar",
      data: { labels: keys.map(name), datasets: places.map((i) => ({ label: short[i],
        data: keys.map((key) => unitOf.by * each(parts[i][key] || 0, i)),
        backgroundColor: ink(i) })) },
      options: { indexAxis: "y",
        scales: { x: axis(`energy per image, ${unitOf.unit}`), y: rowsOf },
        plugins: { legend: { position: "bottom", labels: { boxWidth: 12 } } } } }) };
  }

  /* Points with the range of each, where it has one. */
  function intervals(value, low, high) {
    const { unit, by } = scale(value.values, value.unit);
    const at = (values, i) => (values[i] === null ? null : by * values[i]);
    const range =
      runs.map((_, i) => (low.values[i] === null || high.values[i] === null ? null
        : [at(low.values, i), at(high.values, i)]));
    return () => ({ type: "bar",
      data: { labels: short, datasets: [
        { label: "range", data: range, backgroundColor: css("--faint"), barThickness: 6,
          pointStyle: "rect" },
        { type: "scatter", label: "estimate", order: -1,
          data: runs.map((_, i) => ({ x: at(value.values, i), y: short[i] })),
          backgroundColor: css("--text"), borderColor: css("--back"), pointStyle: "rectRot",
          pointRadius: 6 }] },
      options: { indexAxis: "y",
        plugins: { legend: { position: "bottom", labels: { usePointStyle: true } } },
        scales: { x: axis(`${value.label}, ${unit}`, { beginAtZero: true }), y: rowsOf } } });
  }

  function energy() {
    const value = result("energy_j.per_image"), low = result("energy_j.low_per_image"),
      high = result("energy_j.high_per_image");
    const parts =
      runs.map((run) => Object.fromEntries(Object.entries(run.by_component)
        .map(([key, v]) => [key, v.total])));
    const keys = [...new Set(parts.flatMap((p) => Object.keys(p)))]
      .filter((key) => parts.some((p) => p[key] > 0));
    const rows =
      keys.map((key) =>
        ({ key, label: name(key),
          ...Object.fromEntries(
            parts.flatMap((p, i) => [[`run${i}`, p[key] === undefined ? null : p[key]],
              [`share${i}`, p[key] / value.values[i] / images[i]]])) }))
        .sort((a, b) => b.run0 - a.run0);
    const own = components(parts, value);
    const words =
      told(value, (i) =>
        si(value.values[i], "J") + (low.values[i] === null ? ""
          : ` (${si(low.values[i], "J")} to ${si(high.values[i], "J")})`));
    return section("energy", "Energy",
      el("div", { class: "charts" },
        chart("Energy per image by phase",
          `In all: ${told(value, (i) => si(value.values[i], "J"))}.`,
          stacked(runs.map((run) => run.by_phase), "J", "energy per image"), bars() + 2),
        chart("Energy per image by component", runs.length <= FEW ? "The largest components."
          : "The largest components, of the base and the best.", own.make, own.rem),
        chart("Energy per image with its range",
          `${words}. Ranges hold errors that runs under one component library share: ranges that ` +
          `overlap do not mean that the runs cannot be told ` +
          `apart.`, intervals(value, low, high), bars())),
      table("Energy of training by component", [{ key: "label", name: "component", head: true },
        ...heads.flatMap((h, i) =>
          [{ group: h, key: `run${i}`, name: "energy", number: true, class: "first",
            show: (v) => si(v, "J") },
          { group: h, key: `share${i}`, name: "share", number: true,
            show: (v) => percent(Number.isFinite(v) ? v : null, 1) }])], rows, { class: "sides" }));
  }

  function time() {
    const value = result("latency_s.per_image");
    const bottleneck = (i) => si(value.values[i], "s") +
      (bound[i].names ? `, busiest ${busy(bound[i])}` : "");
    return section("time", "Time",
      chart("Latency per image by phase",
        `${told(value, bottleneck)}. Times follow from the scenario's timing and have no range.`,
        stacked(runs.map((run) => run.critical_path), "s", "latency per image"), bars()));
  }

  function about() {
    return section("about", "About this page",
      el("p", { class: "faint" },
        "Numbers come from summary.json, scenario.yaml and epochs.csv of the runs' directories. " +
        "Charts by Chart.js, \u00a9 Chart.js Contributors, MIT licence (its notice stands in " +
        "this file)."));
  }

  page.show(head(),
    [overview(), scenario(), side(), layers(), accuracy(), energy(), time(), about()]);
})();
