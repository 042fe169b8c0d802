/* report.html: one run. */
"use strict";
(() => {
  const { data, palette, el, si, percent, count, name, css, table, chart, axis, logarithmic, colour,
    section } = page;
  const s = data.summary;
  const explained = (text, key) => page.figure(text, key, data.explanations);
  const range = (low, high, unit) => (low === null ? "" : `${si(low, unit)} to ${si(high, unit)}`);

  const isTest = s.epochs === 0; /* nothing was trained */
  const work = isTest ? "inference" : "training";

  function card(title, value, note) {
    return el("div", { class: "card" }, el("div", { class: "name" }, title),
      el("div", { class: "value" }, value), el("div", { class: "note" }, note || ""));
  }

  const busiest =
    () => `bottleneck ${s.latency_s.bottleneck}, busy ` +
      `${percent(s.latency_s.busiest[s.latency_s.bottleneck], 0)} of the time`;

  /* What the run's figures advise, the likeliest cause first; runs of before have none. */
  function advice() {
    const list = s.advice || [];
    return list.length === 0 ? null : el("div", { class: "notices" },
      el("strong", {}, "Advice, the likeliest cause first"),
      el("ol", {}, list.map((a) => el("li", {}, `${a.text}.`))));
  }

  function head() {
    const e = s.energy_j;
    const verdict =
      (isTest ? `${percent(s.accuracy.test_final)} on ${s.dataset.name} in ` +
        `${si(e.per_image, "J")} and ${si(s.latency_s.per_image, "s")} an image, `
        : `${percent(s.accuracy.test_final)} on ${s.dataset.name} in ${si(e.total, "J")} ` +
        `(${range(e.low, e.high, "J")}) and ${si(s.latency_s.total, "s")}, `) +
      busiest() + (s.writes.max_per_device === null ? ""
        : `, ${count(s.writes.max_per_device)} writes on the worst cell`);
    const ratios = Object.entries(s.baselines)
      .filter(([, b]) => b && b.total_energy_ratio !== null);
    const times = (v) => (v === null ? "none" : `${Number(v.toPrecision(3))} \u00d7`);
    const words = s.verdict.text ? `${s.verdict.text[0].toUpperCase()}${s.verdict.text.slice(1)}.`
      : "";
    return el("header", {},
      el("h1", {}, `${verdict}.`),
      words ? el("p", { class: "verdict" }, words) : null,
      advice(),
      el("p", { class: "faint" },
        `Scenario ${s.scenario.name}, seed ${s.seed}, ` +
        (isTest ? `tested on ${count(s.images)} images of `
          : `${count(s.epochs)} epoch${s.epochs === 1 ? "" : "s"} of ` +
          `${count(s.images / s.epochs)} images of `) +
        `${s.dataset.name}, which has ${count(s.dataset.train)} for training and ` +
        `${count(s.dataset.test)} for testing. ${s.tool.name} ${s.tool.version}, ` +
        `${s.tool.commit}.`),
      el("div", { class: "cards" },
        card("Test accuracy", explained(percent(s.accuracy.test_final), "accuracy.test_final"),
          isTest ? "" : `best ${percent(s.accuracy.test_best)} in epoch ` +
            `${s.accuracy.test_best_epoch}`),
        card(`Energy of ${work}`, explained(si(e.total, "J"), "energy_j.total"),
          range(e.low, e.high, "J")),
        card("Energy per image", explained(si(e.per_image, "J"), "energy_j.per_image"),
          `${percent(e.dynamic / e.total, 0)} dynamic`),
        card(`Latency of ${work}`, explained(si(s.latency_s.total, "s"), "latency_s.total"),
          busiest()),
        card("Latency per image", explained(si(s.latency_s.per_image, "s"), "latency_s.per_image"),
          ""),
        card("Area", explained(`${Number(s.area_mm2.total.toPrecision(3))} mm\u00b2`,
          "area_mm2.total"), ""),
        card("Worst cell", s.writes.max_per_device === null ? "none"
          : explained(count(s.writes.max_per_device), "writes.max_per_device"),
        "pulses since the beginning"),
        ratios.map(([key, b]) => card(`${name(key)} instead`,
          explained(times(b.total_energy_ratio), `baselines.${key}.total_energy_ratio`),
          el("span", {},
            `total energy, to the chip's (${si(b.energy_j_per_image, "J")} an image); dynamic ` +
            `energy alone `, explained(times(b.energy_ratio), `baselines.${key}.energy_ratio`))))),
      isTest ? null : milestones());
  }

  function milestones() {
    const rows = Object.entries(s.milestones)
      .map(([key, m]) =>
        ({ key, accuracy: Number(key), images: m && m.images, energy_j: m && m.energy_j,
          time_s: m && m.time_s }));
    return table("Milestones: first epoch end at which the test accuracy was reached", [
      { key: "accuracy", name: "test accuracy", number: true, show: (v) => percent(v, 0) },
      { key: "images", name: "images", number: true,
        show: (v) => (v === null ? "not reached" : count(v)) },
      { key: "energy_j", name: "energy", number: true,
        show: (v, row) =>
          (v === null ? "" : explained(si(v, "J"), `milestones.${row.key}.energy_j`)) },
      { key: "time_s", name: "time", number: true,
        show: (v, row) =>
          (v === null ? "" : explained(si(v, "s"), `milestones.${row.key}.time_s`)) }], rows);
  }

  /* Of the last test, a row a class; what few were taken for is pale. */
  function classes() {
    const rows = data.classes.filter((c) => c.images > 0).map((c) =>
      ({ ...c, ...Object.fromEntries(c.taken_for.map((n, k) => [`taken_for_${k}`, n])) }));
    const share = (v) => (v === null ? "" : percent(v));
    const confused = data.classes.length > 16 ? [] : data.classes.map((c) =>
      ({ key: `taken_for_${c.class}`, name: `as ${c.class}`, number: true,
        show: (v, row) => el("span", { class: v === 0 ? "faint" : null,
          style: `opacity: ${0.4 + 0.6 * (row.images ? v / row.images : 0)}` }, count(v)) }));
    return el("details", isTest ? { open: "" } : {}, el("summary", {}, "Classes of the last test"),
      table("Classes: images of each, and what they were taken for", [
        { key: "class", name: "class", number: true },
        { key: "images", name: "images", number: true, show: (v) => count(v) },
        { key: "recall", name: "recall", number: true, show: share },
        { key: "precision", name: "precision", number: true, show: share },
        ...confused], rows));
  }

  /* Tests of the finished chip some time later; an age of 0 has no place on a logarithmic axis. */
  function ages() {
    const shown = data.ages.filter((a) => a.age_s > 0);
    const line = (key, label, dash) => ({ label, data: shown.filter((a) => a[key] !== null)
      .map((a) => ({ x: a.age_s, y: 100 * a[key] })), borderColor: palette[0],
    backgroundColor: palette[0], showLine: true, borderDash: dash, pointRadius: dash.length ? 0 : 3 });
    const make = () => ({ type: "line",
      data: { datasets: [line("accuracy", "mean", []), line("low", "95 % interval, low", [3, 3]),
        line("high", "95 % interval, high", [3, 3])] },
      options: { scales: { x: logarithmic("age, s"), y: axis("test accuracy, %") } } });
    const last = data.ages[data.ages.length - 1];
    return data.ages.length === 0 ? null : [
      shown.length === 0 ? null : el("div", { class: "charts" }, chart("Accuracy at ages",
        `Mean of ${count(last.seeds)} test${last.seeds === 1 ? "" : "s"} at each age after the ` +
        `run; at ${last.name}: ${percent(last.accuracy)}.`, make)),
      table("Ages: accuracy of the finished chip some time later", [
        { key: "name", name: "age" },
        { key: "accuracy", name: "accuracy", number: true, show: (v, row) =>
          explained(percent(v), `ageing.${data.ages.indexOf(row) + 1}.accuracy`) },
        ...["low", "high"].map((key) => ({ key, name: `95 % interval, ${key}`, number: true,
          show: (v) => (v === null ? "" : percent(v)) }))], data.ages)];
  }

  function accuracy() {
    if (isTest) {
      return section("accuracy", "Accuracy", ages(), classes());
    }
    const series = [["test_accuracy", "test"], ["validation_accuracy", "validation"],
      ["train_accuracy", "training"]];
    const seen = series.filter(([key]) => data.epochs.some((e) => e[key] !== null));
    const last = data.epochs[data.epochs.length - 1];
    const make = () => ({ type: "line",
      data: { labels: data.epochs.map((e) => e.epoch),
        datasets: seen.map(([key, label], i) =>
          ({ label, data: data.epochs.map((e) => (e[key] === null ? null : 100 * e[key])),
            borderColor: palette[i], backgroundColor: palette[i],
            pointStyle: ["circle", "rect", "triangle"][i], pointRadius: data.epochs.length > 60 ? 0
              : 3, borderDash: [[], [6, 3], [2, 2]][i], spanGaps: true })) },
      options: { scales: { x: axis("epoch"), y: axis("accuracy, %") } } });
    const spent = () => ({ type: "line",
      data: { datasets:
        [{ label: "test accuracy", data: data.epochs.filter((e) => e.test_accuracy !== null)
          .map((e) => ({ x: 1e3 * e.energy_j, y: 100 * (1 - e.test_accuracy) })),
        borderColor: palette[0], backgroundColor: palette[0], showLine: true }] },
      options: { plugins: { legend: { display: false } },
        scales: { x: axis("energy so far, mJ", { type: "linear" }),
          y: logarithmic("test error, %") } } });
    return section("accuracy", "Accuracy",
      el("div", { class: "charts" },
        chart("Accuracy by epoch",
          `After the last epoch: ` +
          `${seen.map(([key, label]) => `${label} ${percent(last[key])}`).join(", ")}.`, make),
        chart("What accuracy costs",
          `Test error against energy spent, an epoch a point; the last: ` +
          `${percent(last.test_accuracy === null ? null : 1 - last.test_accuracy)} at ` +
          `${si(last.energy_j, "J")}.`, spent)),
      el("details", {}, el("summary", {}, "Epochs as a table"), table("Epochs", [
        { key: "epoch", name: "epoch", number: true },
        ...data.epoch_columns.map((c) => ({ key: c.key, name: c.label, number: true,
          show: (v) => (v === null ? "" : page.shown({ digits: c.kind === "number" ? 4 : 2, ...c },
            v)) }))],
      data.epochs)),
      ages(), classes());
  }

  /* Bars of parts: value(number of the bar, which parts) is what those are; `shown` are told apart.
   * */
  function stack(labels, shown, value, title) {
    const stacks = [...shown.map((key) => [name(key), (c) => c === key]),
      ["others", (c) => !shown.includes(c)]];
    return () => ({ type: "bar",
      data: { labels,
        datasets: stacks.map(([label, keep], i) =>
          ({ label, data: labels.map((_, n) => value(n, keep)), backgroundColor: palette[i] })) },
      options: { indexAxis: "y",
        scales: { x: axis(title, { stacked: true }), y: { stacked: true } },
        plugins: { legend: { position: "bottom", labels: { boxWidth: 12 } } } } });
  }

  const training = new Set(isTest ? ["forward"]
    : Object.keys((s.energy_j && s.energy_j.by_phase) || {}));

  function energy() {
    const rows = data.energy.filter((r) => training.has(r.phase));
    const phases = [...training];
    const totals = Object.entries(s.energy_j.by_component).filter(([, c]) => c.total > 0)
      .sort((a, b) => b[1].total - a[1].total);
    const shown = totals.slice(0, 9).map(([key]) => key);
    const at = (phase, keep) => rows.filter((r) => r.phase === phase && keep(r.component))
      .reduce((sum, r) => sum + r.joules, 0);
    const stacked =
      stack(phases.map(name), shown, (i, keep) => 1e3 * at(phases[i], keep), "energy, mJ");
    const intervals = () => ({ type: "bar",
      data: { labels: totals.map(([key]) => name(key)), datasets: [
        { label: "range", data: totals.map(([, c]) => [1e3 * c.low, 1e3 * c.high]),
          backgroundColor: palette[5], barThickness: 6 },
        { type: "scatter", label: "estimate", order: -1,
          data: totals.map(([key, c]) => ({ x: 1e3 * c.total, y: name(key) })),
          backgroundColor: css("--text"), pointStyle: "rectRot", pointRadius: 5 }] },
      options: { indexAxis: "y",
        scales: { x: logarithmic("energy, mJ"), y: { ticks: { autoSkip: false } } } } });
    const largest = totals[0];
    return section("energy", "Energy",
      el("p", {}, `The ${work} alone; programming the first weights took `,
        explained(si(s.energy_other_j.init, "J"), "energy_other_j.init"),
        isTest ? null : [" and testing ",
          explained(si(s.energy_other_j.test, "J"), "energy_other_j.test")],
        " beside it. Any underlined figure opens what it is made of: counts, constants and their " +
        "sources."),
      el("div", { class: "charts" },
        chart("Energy by phase and component",
          `${[...training].map((p) => `${name(p)} ${si(s.energy_j.by_phase[p], "J")}`)
            .join(", ")}.`, stacked, { tall: true }),
        chart("Energy by component with its range",
          `Largest: ${name(largest[0])}, ${si(largest[1].total, "J")} ` +
          `(${range(largest[1].low, largest[1].high, "J")}). Bars are the ranges that the ` +
          `library's uncertainties give.`, intervals, { tall: true })),
      table("Energy by component", [
        { key: "component", name: "component", show: name },
        { key: "total", name: "energy", number: true,
          show: (v, r) => explained(si(v, "J"), `energy_j.by_component.${r.component}`) },
        { key: "share", name: "share", number: true, show: (v) => percent(v, 1) },
        { key: "low", name: "low", number: true,
          show: (v, r) => explained(si(v, "J"), `energy_j.by_component.${r.component}.low`) },
        { key: "high", name: "high", number: true,
          show: (v, r) => explained(si(v, "J"), `energy_j.by_component.${r.component}.high`) }],
      totals.map(([component, c]) =>
        ({ component, total: c.total, share: c.total / s.energy_j.total, low: c.low,
          high: c.high }))),
      el("details", {}, el("summary", {}, "Every operation, with the sources of its constants"),
        table("Energy by phase and component", [
          { key: "phase", name: "phase" }, { key: "component", name: "component", show: name },
          { key: "count", name: "operations", number: true,
            show: (v) => (v === null ? "static" : count(v)) },
          { key: "joules_each", name: "each", number: true,
            show: (v, r) => si(v, r.count === null ? "W" : "J") },
          { key: "joules", name: "energy", number: true, show: (v) => si(v, "J") },
          { key: "source", name: "source of the constant", class: "source" }], data.energy)));
  }

  function time() {
    const path = Object.entries(s.latency_s.critical_path).filter(([, v]) => v > 0);
    const use = Object.entries(s.latency_s.utilisation).sort((a, b) => b[1] - a[1]);
    const bars = (entries, factor, title) => () => ({ type: "bar",
      data: { labels: entries.map(([key]) => name(key)),
        datasets: [{ data: entries.map(([, v]) => factor * v),
          backgroundColor: entries.map(([key]) => (key === s.latency_s.bottleneck ? palette[3]
            : palette[0])) }] },
      options: { indexAxis: "y", plugins: { legend: { display: false } },
        scales: { x: axis(title) } } });
    return section("time", "Time",
      el("p", {}, "An image takes ",
        explained(si(s.latency_s.per_image, "s"), "latency_s.per_image"), `, all of ${work} `,
        explained(si(s.latency_s.total, "s"), "latency_s.total"),
        `. The bottleneck is the resource that is busy longest, ${s.latency_s.bottleneck} with ` +
        `${percent(s.latency_s.busiest[s.latency_s.bottleneck], 1)} of the time; the phases ` +
        `tell what a faster one would leave.`),
      el("div", { class: "charts" },
        chart("What the time goes to",
          `Share of each phase in the critical path: ` +
          `${path.map(([p, v]) => `${name(p)} ${percent(v / s.latency_s.total, 1)}`).join(", ")}.`,
          bars(path, 1e9 / s.images, "ns an image")),
        chart("How busy each resource is",
          `${use.map(([r, v]) => `${name(r)} ${percent(v, 1)}`).join(", ")} of the time.`,
          bars(use, 100, "busy, % of the time"))),
      data.timeline && data.timeline.operations.length ? gantt(data.timeline) : null,
      table("Resources",
        [{ key: "resource", name: "resource", show: name },
          { key: "use", name: "busy", number: true,
            show: (v, r) => explained(percent(v, 2), `latency_s.utilisation.${r.resource}`) }],
        use.map(([resource, v]) => ({ resource, use: v }))));
  }

  /* Rows are units, bars operations, colours phases; drawn here, since Chart.js has no such chart.
   * */
  function gantt(t) {
    const start = t.operations.reduce((a, o) => Math.min(a, o.start_ps), Infinity);
    /* an image is loaded while others are worked on: its own time begins with its first read */
    const isLoad = (o) => t.tracks[o.track].resource === "image_port";
    const work = t.operations.filter((o) => !isLoad(o));
    const first = work.reduce((a, o) => Math.min(a, o.start_ps), Infinity);
    const end = t.operations.reduce((a, o) => Math.max(a, o.end_ps), 0);
    const left = 210, width = 780, row = 20, top = 6, bottom = 26;
    const phases = [...new Set(t.operations.map((o) => o.phase))];
    const x = (ps) => left + (width * (ps - start)) / (end - start);
    const svg = (tag, attributes, ...children) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
      Object.entries(attributes).forEach(([k, v]) => element.setAttribute(k, v));
      element.append(...children);
      return element;
    };
    const height = top + row * t.tracks.length + bottom;
    const step = 10 ** Math.floor(Math.log10((end - start) / 4));
    const tick = [1, 2, 5, 10].map((m) => m * step).find((m) => (end - start) / m <= 8);
    const lines = [];
    for (let ps = -tick * Math.floor((first - start) / tick); ps <= end - first; ps += tick) {
      lines.push(svg("line", { x1: x(first + ps), x2: x(first + ps), y1: top, y2: height - bottom,
        stroke: "var(--line)" }),
      svg("text", { x: x(first + ps), y: height - 8, "text-anchor": "middle", fill: "var(--text)",
        "font-size": 12 }, ps < 0 ? `\u2212${si(-ps / 1e12, "s")}` : si(ps / 1e12, "s")));
    }
    const names =
      t.tracks.map((track, i) => svg("text",
        { x: left - 8, y: top + row * i + 14, "text-anchor": "end", fill: "var(--text)",
          "font-size": 12 }, track.name));
    const bars =
      t.operations.map((o) =>
        svg("rect", { x: x(o.start_ps), y: top + row * o.track + 3,
          width: Math.max(x(o.end_ps) - x(o.start_ps), 0.75), height: row - 6,
          fill: palette[phases.indexOf(o.phase)] },
        svg("title", {},
          `${o.name}, ${name(o.phase)}, ${si((o.end_ps - o.start_ps) / 1e12, "s")} ` +
          (o.start_ps < first ? `${si((first - o.start_ps) / 1e12, "s")} before the first read`
            : `from ${si((o.start_ps - first) / 1e12, "s")} on`))));
    const busy =
      t.tracks.map((track, i) =>
        ({ track: track.name, busy: t.operations.filter((o) => o.track === i)
          .reduce((sum, o) => sum + o.busy_ps, 0),
        operations: t.operations.filter((o) => o.track === i).length,
        loads: t.operations.some((o) => o.track === i && isLoad(o)) }));
    const most = busy.filter((b) => !b.loads).reduce((a, b) => (b.busy > a.busy ? b : a));
    const words =
      `Image ${count(t.image)}: ${count(t.operations.length)} operations, ` +
      `${si((end - first) / 1e12, "s")} from its first read to its last operation; ${most.track} ` +
      `is busy longest, ${percent(most.busy / (end - first), 0)} of it.` +
      (t.operations_left_out ? ` ${count(t.operations_left_out)} more operations are left out.`
        : "") +
      (start < first ? " It is loaded before, while the chip works on the images before it." : "")
        + " Pulses overlap with the next image, and refreshes come every refresh.every_images " +
          "images.";
    return el("div", {},
      el("figure", {}, el("h3", {}, "Timeline of one image"),
        el("ul", { class: "legend" },
          phases.map((p, i) => el("li", {}, el("span", { style: `background: ${palette[i]}` }),
            name(p)))),
        el("div", { class: "scroll", tabindex: "0", role: "region",
          "aria-label": "Timeline of one image" },
        svg("svg", { viewBox: `0 0 ${left + width + 30} ${height}`, class: "gantt", role: "img",
          "aria-label": words }, ...lines, ...names, ...bars)),
        el("figcaption", {}, words)),
      el("details", {}, el("summary", {}, "Operations of this image as a table"),
        table("Busy time by unit in this image",
          [{ key: "track", name: "unit" },
            { key: "operations", name: "operations", number: true, show: count },
            { key: "busy", name: "busy", number: true, show: (v) => si(v / 1e12, "s") },
            { key: "share", name: "of the image", number: true,
              show: (v) => (v === null ? "loads before" : percent(v, 1)) }],
          busy.map((b) => ({ ...b, share: b.loads ? null : b.busy / (end - first) }))),
        table("Operations", [{ key: "unit", name: "unit" }, { key: "name", name: "operation" },
          { key: "phase", name: "phase" },
          { key: "start_ps", name: "starts, ps", number: true, show: count },
          { key: "end_ps", name: "ends, ps", number: true, show: count },
          { key: "busy_ps", name: "busy, ps", number: true, show: count }],
        t.operations.map((o) =>
          ({ ...o, unit: t.tracks[o.track].name, start_ps: o.start_ps - first,
            end_ps: o.end_ps - first })))));
  }

  /* What is at a key of summary.json; null where there is nothing on the way. */
  const at = (object, key) => key.split(".").reduce((o, part) => (o ? o[part] : null), object);

  /* Figures by layer, of what belongs to none of them, and of the whole chip. */
  function layers() {
    const own = s.layers.map((l) =>
      ({ ...l, prefix: `layers.${l.kind ? l.layer : "shared"}.`,
        title: l.kind ? `${l.layer} ${l.kind} ${l.shape}` : "shared" }));
    const size = (v) => (typeof v === "number" ? v : v.total);
    const bars = (what, factor, title) => {
      const parts = (l) => Object.entries(l[what].by_component || {});
      const shown = parts(s).sort((a, b) => size(b[1]) - size(a[1])).slice(0, 9).map(([c]) => c);
      return stack(own.map((l) => l.title), shown, (i, keep) => parts(own[i])
        .filter(([c]) => keep(c)).reduce((sum, [, v]) => sum + factor * size(v), 0), title);
    };
    const words = (kind, unit, value) => `${own
      .map((l) => `${l.title}: ${page.shown({ kind, unit }, value(l))}`).join("; ")}.`;
    const rows = [...own, { ...s, prefix: "", title: "all" }].map((l) =>
      ({ title: l.title, prefix: l.prefix, ...l.latency_s.busy,
        ...Object.fromEntries(data.layer_columns.map((c) => [c.key, at(l, c.key)])) }));
    const column = (c) => ({ key: c.key, name: c.label, number: c.kind !== "text",
      show: (v, r) => (v === null || v === undefined ? ""
        : explained(c.kind === "text" ? v : page.shown(c, v), r.prefix + c.key)) });
    const head = { key: "title", name: "layer", head: true };
    const ofDevices = (c) => /^(writes|health)/.test(c.key);
    const units = Object.keys(s.latency_s.busy).filter((r) => s.latency_s.busy[r] > 0);
    const beside = [...own.map((l, i) => ({ ...l, i })), { ...s, prefix: "", title: "all" }].map((l) => {
      const row = { title: l.title, chip: l.energy_j.per_image, chip_key: `${l.prefix}energy_j.per_image` };
      for (const [key, b] of Object.entries(s.baselines)) {
        const part = l.i === undefined ? b : b.layers[l.i];
        row[`${key}_j`] = part.energy_j.per_image;
        row[`${key}_s`] = part.latency_s.per_image;
        row[`${key}_prefix`] = `baselines.${key}.${l.prefix}`;
      }
      return row;
    });
    const besideColumns = [{ key: "chip", name: "chip", number: true, group: "energy",
      show: (v, row) => explained(si(v, "J"), row.chip_key) },
    ...["j", "s"].flatMap((what) => Object.keys(s.baselines).map((key) => ({
      key: `${key}_${what}`, name: name(key), number: true, group: what === "j" ? "energy" : "time",
      show: (v, row) => explained(si(v, what === "j" ? "J" : "s"),
        `${row[`${key}_prefix`]}${what === "j" ? "energy_j" : "latency_s"}.per_image`) })))];
    return section("layers", "Layers",
      el("p", {}, "What is built for a layer and what acts for it is its own; the digital unit, " +
        "the buffers and the image port are built for all of them. Rows add up to the last one."),
      el("div", { class: "charts" },
        chart("Energy of an image by layer",
          words("si", "J", (l) => l.energy_j.per_image),
          bars("energy_j", 1e9 / s.images, "nJ an image"), { tall: true }),
        chart("Area by layer", words("area", "mm2", (l) => l.area_mm2.total),
          bars("area_mm2", 1, "mm\u00b2"), { tall: true })),
      table("Matrices, energy and area by layer",
        [head, ...data.layer_columns.filter((c) => !ofDevices(c)).map(column)], rows,
        { class: "sides many" }),
      table("Writes by layer, and how long units work for it, those side by side each by itself",
        [head, ...data.layer_columns.filter(ofDevices).map(column),
          ...units.map((r) => ({ key: r, name: name(r), number: true, group: "busy",
            show: (v, row) => explained(si(v, "s"), `${row.prefix}latency_s.busy.${r}`) }))],
        rows, { class: "sides many" }),
      table("An image by layer on the chip and in the digital designs as wide as its digital unit",
        [head, ...besideColumns], beside, { class: "sides many" }));
  }

  /* Bins as lines before and after, as shares of all. */
  function histogram(title, unit, before, after) {
    const total = (h) => h.bins.reduce((a, b) => a + b, 0);
    const mean = (h) => (h.mean === null ? "not defined" : Number(h.mean.toPrecision(3)));
    const width = (after.high - after.low) / after.bins.length;
    const line =
      (label, h, i) =>
        ({ label, data:
        h.bins.map((n, b) =>
          ({ x: h.low + (b + 0.5) * width, y: n > 0 ? (100 * n) / total(h) : null })),
        borderColor: palette[i], backgroundColor: palette[i],
        pointRadius: h.bins.filter((n) => n > 0).length === 1 ? 5 : 0, borderDash: i ? []
          : [5, 3], stepped: "middle" });
    return chart(title, `Mean ${mean(before)} before training, ${mean(after)} after, in ${unit}.`,
      () => ({ type: "line",
        data: { datasets: [line("before training", before, 0), line("after training", after, 3)] },
        options: { scales: { x: axis(unit, { type: "linear" }), y: logarithmic("% of all") } } }));
  }

  function wearMap(layer, index) {
    const map = layer.wear.map;
    const rows = map.most.length, cols = map.most[0].length;
    const most = map.most.flat().reduce((a, b) => Math.max(a, b), 0);
    const canvas =
      el("canvas",
        { width: cols, height: rows, role: "img",
          "aria-label":
          `Wear of layer ${index}: most pulses on a device of each block, ` +
          `${count(most)} at most` });
    const context = canvas.getContext("2d");
    const image = context.createImageData(cols, rows);
    map.most.flat()
      .forEach((n, i) =>
        image.data.set([...colour(most ? Math.log1p(n) / Math.log1p(most) : 0), 255], 4 * i));
    context.putImageData(image, 0, 0);
    canvas.style.aspectRatio = `${Math.max(cols / rows, 0.5)}`;
    return el("figure", {}, el("h3", {}, `Wear of layer ${index}`),
      el("div", { class: "frame map" }, canvas),
      el("figcaption", {},
        `Inputs from top to bottom, outputs from left to right; a block is ${map.block_rows} ` +
        `\u00d7 ${map.block_cols} pairs, its colour the most pulses of a device in it, from 0 ` +
        `(dark) to ${count(most)} (light), logarithmic; the last row is that of the bias.`));
  }

  function wearCharts(layer, index) {
    const bins = layer.wear.devices_by_log2_of_pulses;
    const last = bins.reduce((a, n, i) => (n ? i : a), 0);
    const labels =
      bins.slice(0, last + 1)
        .map((_, i) => (i < 2 ? String(i) : `${2 ** (i - 1)}\u2013${2 ** i - 1}`));
    const devices = bins.reduce((a, b) => a + b, 0);
    return [chart(`Pulses per device of layer ${index}`,
      `${percent(bins[0] / devices, 1)} of ${count(devices)} devices had no pulse.`,
      () => ({ type: "bar",
        data: { labels,
          datasets: [{ data: bins.slice(0, last + 1), backgroundColor: palette[0] }] },
        options: { plugins: { legend: { display: false } },
          scales: { x: axis("pulses"), y: logarithmic("devices") } } })),
    wearMap(layer, index)];
  }

  function devices() {
    if (!data.chip) {
      return section("devices", "Devices",
        el("p", {}, "The run's directory has no chip.json: distributions and wear are not known."));
    }
    const layers = data.chip.layers;
    const any = (h) => h.bins.some((n) => n > 0);
    const tiles =
      layers.flatMap((layer, i) => (layer.wear ? layer.wear.tiles.map((t) => ({ layer: i, ...t }))
        : []));
    return section("devices", "Devices",
      layers.map((layer, i) => el("div", { class: "charts" },
        any(layer.after.conductance_us) ? histogram(`Conductances of layer ${i}`, "\u00b5S",
          layer.before.conductance_us, layer.after.conductance_us) : null,
        histogram(`Weights of layer ${i} (G+ \u2212 G\u2212)`, "\u00b5S", layer.before.weight_us,
          layer.after.weight_us),
        any(layer.after.chi_epsilons) ? histogram(`Chi of layer ${i}`, "epsilon",
          layer.before.chi_epsilons, layer.after.chi_epsilons) : null,
        layer.wear ? wearCharts(layer, i) : null)),
      tiles.length ? table("Wear by tile: pulses of a device since the beginning", [
        { key: "layer", name: "layer", number: true },
        { key: "number", name: "tile", number: true },
        { key: "row0", name: "first row", number: true },
        { key: "rows", name: "rows", number: true },
        { key: "col0", name: "first column", number: true },
        { key: "cols", name: "columns", number: true },
        { key: "most", name: "worst", number: true, show: count },
        { key: "mean", name: "mean", number: true, show: (v) => Number(v.toPrecision(4)) }],
      tiles) : null,
      table("Pulses and health", [{ key: "label", name: "figure" },
        { key: "value", name: "value", number: true,
          show: (v, r) => (v === null ? "none" : explained(page.shown(r, v), r.key)) }], health()));
  }

  /* Shares are small here: three digits. */
  function health() {
    return data.rows.flatMap((r) => [{ ...r, digits: 3, value: at(s, r.key) },
      ...(r.key === "health.adc_clip_fraction" ? worstReads() : [])]);
  }

  const reads =
    () => (data.chip
      ? data.chip.layers.flatMap((layer, i) => ["forward", "backward"]
        .filter((d) => layer.converters && layer.converters[d])
        .map((d) => ({ name: `layer ${i}, ${d}`, ...layer.converters[d] }))) : []);

  /* One kind of read may clip a lot and hide among many conversions that do not. */
  function worstReads() {
    const worst =
      reads().reduce((a, b) => (a && a.at_ends / a.conversions >= b.at_ends / b.conversions ? a
        : b), null);
    return worst
      ? [{ label: `codes at the ends of the range, worst reads (${worst.name}; last images)`,
        value: worst.at_ends / worst.conversions, kind: "fraction", digits: 3 }] : [];
  }

  /* Codes of the last training images, as parts of the converters' range. */
  function converters() {
    const all = reads();
    if (!all.length) {
      return section("converters", "Converters",
        el("p", {}, "Converters are ideal, or their codes were not noted."));
    }
    const half = 2 ** (data.chip.adc_bits - 1);
    const share = (code) => code / half;
    return section("converters", "Converters",
      el("p", {}, `Codes of ${data.chip.adc_bits} bits in the last training images, as parts of ` +
        `the full scale (adc.forward_range, adc.backward_range). Codes at the ends are clipped ` +
        `or about to be; a range that is hardly used wastes bits.`),
      el("div", { class: "charts" },
        all.map((r) => chart(`Conversions of ${r.name}`,
          `From ${percent(share(r.least), 0)} to ${percent(share(r.largest), 0)} of full scale; ` +
          `${percent(r.at_ends / r.conversions, 3)} at the ends.`,
          () => ({ type: "bar",
            data: { labels:
            r.bins.map((_, b) => Number((((2 * b + 1) / r.bins.length - 1) * 100).toFixed(1))),
            datasets: [{ data: r.bins.map((n) => (n > 0 ? (100 * n) / r.conversions : null)),
              backgroundColor: palette[2], categoryPercentage: 1, barPercentage: 1 }] },
            options: { plugins: { legend: { display: false } },
              scales: { x: axis("% of full scale"), y: logarithmic("% of conversions") } } })))),
      table("Use of converters",
        [{ key: "name", name: "reads" },
          { key: "conversions", name: "conversions", number: true, show: count },
          { key: "least", name: "least code", number: true },
          { key: "largest", name: "largest code", number: true },
          { key: "used", name: "range used", number: true, show: (v) => percent(v, 1) },
          { key: "ends", name: "at the ends", number: true, show: (v) => percent(v, 3) }],
        all.map((r) =>
          ({ ...r, used: (r.largest - r.least + 1) / (2 * half),
            ends: r.at_ends / r.conversions }))));
  }

  function area() {
    const parts = Object.entries(s.area_mm2.by_component)
      .map(([component, v]) => ({ component, value: typeof v === "number" ? v : v.total }))
      .filter((p) => p.value > 0).sort((a, b) => b.value - a.value);
    return section("area", "Area",
      table("Area by component", [{ key: "component", name: "component", show: name },
        { key: "value", name: "mm\u00b2", number: true,
          show: (v, r) => explained(String(Number(v.toPrecision(3))),
            `area_mm2.by_component.${r.component}`) },
        { key: "share", name: "share", number: true, show: (v) => percent(v, 1) }],
      parts.map((p) => ({ ...p, share: p.value / s.area_mm2.total }))));
  }

  function scenario() {
    const rows =
      data.scenario.map((r) => ({ ...r, changed: r.value === r.default ? "" : "changed" }));
    const changed = rows.filter((r) => r.changed);
    const columns = [{ key: "key", name: "key" }, { key: "value", name: "value" },
      { key: "unit", name: "unit" }, { key: "default", name: "default" },
      { key: "changed", name: "changed" }, { key: "meaning", name: "meaning", class: "source" }];
    return section("scenario", "Scenario",
      el("p", {}, changed.length
        ? `${changed.length} of ${rows.length} keys differ from their defaults; they are marked.`
        : "Every key has its default."),
      changed.length ? table("Keys that differ from their defaults",
        columns.filter((c) => c.key !== "changed"), changed) : null,
      el("details", {}, el("summary", {}, `All ${rows.length} keys`),
        table("Resolved scenario", columns, rows, { mark: (r) => r.changed })));
  }

  function about() {
    const r = s.runtime;
    return section("about", "About this run",
      el("p", {}, `Scenario hash ${s.scenario.hash}, data hash ${s.dataset.hash}. `
        + (r.wall_s ? `Simulated in ${si(r.wall_s, "s")}: ` +
          `${count(Math.round(r.train_images_per_s))} training images a second, ` +
          `${si(r.peak_rss_bytes, "B")} of memory.` : "")),
      el("p", { class: "faint" },
        "Charts by Chart.js, \u00a9 Chart.js Contributors, MIT licence (its notice stands in " +
        "this file). Numbers come from summary.json, ledger.json, scenario.yaml, chip.json and " +
        "timeline.json of the run's directory."));
  }

  const parts = [["accuracy", "Accuracy", accuracy], ["energy", "Energy", energy],
    ["time", "Time", time], ["layers", "Layers", layers], ["devices", "Devices", devices],
    ["converters", "Converters", converters], ["area", "Area", area],
    ["scenario", "Scenario", scenario], ["about", "About this run", about]];
  page.show(page.guarded("summary", "Summary", head), parts.map((part) => page.guarded(...part)));
})();
