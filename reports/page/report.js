/* report.html: one run. */
"use strict";
(() => {
  const { data, ink, phaseColour, el, si, percent, count, name, css, table, chart, axis,
    logarithmic, section } = page;
  const s = data.summary;
  const explained = explain;
  const range = (low, high, unit) => (low === null ? "" : `${si(low, unit)} to ${si(high, unit)}`);

  const isTest = s.epochs === 0; /* nothing was trained */
  const work = isTest ? "inference" : "training";

  /* A figure stands on one line: a long one is smaller. */
  function card(title, value, note) {
    const shown = el("div", { class: "value" }, value);
    shown.classList.toggle("long", shown.textContent.length > 10);
    return el("div", { class: "card" }, el("div", { class: "name" }, title), shown,
      el("div", { class: "note" }, note || ""));
  }

  const { resourceName } = page;
  const bound = page.binding(s.latency_s?.busiest); /* of the busiest layers' units */
  const capital = (text) => `${text[0].toUpperCase()}${text.slice(1)}`;
  const { area } = drawing;
  const DESIGNS = { digital_fp32: "32-bit digital", digital_fp32_sparse: "32-bit, skips zeros",
    digital_mixed: "8-bit digital" };
  const designName = (key) => DESIGNS[key] || name(key);

  const works = (use) => (bound.keys.length > 1 ? `each works ${use} of the time`
    : `busy ${use} of the time`);
  /* "the order of the phases binds, since they wait for each other (busiest: digital unit, 62 %)" */
  const binds = () => (!bound.names ? "nothing binds"
    : bound.binds ? `the busiest, ${bound.names}, ` +
      `bind${bound.keys.length > 1 || /s$/.test(bound.names) ? "" : "s"}, ` +
      `${works(percent(bound.use, 0))}`
      : "the order of the phases binds, since they wait for each other (busiest: " +
        `${bound.names}, ${percent(bound.use, 0)} of the time)`);
  const nextBusy = () => (bound.next ? `; next: ${resourceName(bound.next[0])}, ` +
    `${percent(bound.next[1], 0)}` : "");
  const bindCard = () => {
    const use = () => explained(percent(bound.use, 0), `latency_s.busiest.${bound.keys[0]}`);
    const names = () => explained(bound.names, "latency_s.bottleneck");
    return !bound.names ? card("What binds", "nothing")
      : bound.binds ? card("What binds", names(), ["busy ", use(), " of the time", nextBusy()])
        : card("What binds", explained("order of phases", "latency_s.total"),
          ["busiest: ", names(), ", ", use(), nextBusy()]);
  };

  const did = () => `${percent(s.accuracy.test_final)} on ${s.dataset.name} in ` +
    (isTest ? `${si(s.energy_j.per_image, "J")} an image, one every ` +
      `${si(s.latency_s.per_image, "s")} in a row`
      : `${si(s.energy_j.total, "J")} (${range(s.energy_j.low, s.energy_j.high, "J")}) and ` +
        `${si(s.latency_s.total, "s")}`) + `; ${binds()}` +
    (isTest || s.writes.max_per_device === null ? "" : `; ${count(s.writes.max_per_device)} writes on the ` +
      "worst cell");

  /* Where the energy goes: the phases that take most, and what is spent without any work. */
  const goes = () => {
    const part = (joules) => joules / s.energy_j.total;
    const phases = Object.entries(s.energy_j.by_phase).filter(([, joules]) => part(joules) > 0.05)
      .sort((a, b) => b[1] - a[1]).slice(0, 3)
      .map(([phase, joules]) => `${name(phase)} ${percent(part(joules), 0)}`);
    return `Of the energy ${phases.join(", ")}; static, part of all phases, ${percent(part(s.energy_j.static), 0)}`;
  };

  /* Of the figures that the table of results puts on the page: those that stand at its top. */
  const KEY_FIGURES = [["power_w.average", "Average power", "dynamic and static"],
    ["throughput.images_per_s", "Throughput", "images a second"],
    [isTest ? "inference.tops_per_w" : "throughput.tops_per_w", "Efficiency",
      "2 operations for each MAC"],
    ["writes.lifetime_s", "Lifetime", "of such training, until the first cell sticks"]];

  /* What a manager asks first. */
  function cards() {
    const e = s.energy_j;
    const all = [
      card("Test accuracy", explained(percent(s.accuracy.test_final), "accuracy.test_final"),
        isTest ? `${count(s.images)} images` : `best ${percent(s.accuracy.test_best)} in epoch ` +
          `${s.accuracy.test_best_epoch}`),
      card("Energy per image", explained(si(e.per_image, "J"), "energy_j.per_image"),
        e.low === null ? "" : range(e.low / s.images, e.high / s.images, "J")),
      isTest && s.inference.latency_s !== null
        ? card("Latency of an image", explained(si(s.inference.latency_s, "s"),
          "inference.latency_s"), ["alone; in a row one every ",
          explained(si(s.latency_s.per_image, "s"), "latency_s.per_image")])
        : card("Latency per image", explained(si(s.latency_s.per_image, "s"),
          "latency_s.per_image"), isTest ? "in a row" : "of training, images overlap"),
      card("Area", explained(area(s.area_mm2.total), "area_mm2.total"),
        `${count(s.array.tiles)} tile${s.array.tiles === 1 ? "" : "s"}`),
      bindCard(),
      ...KEY_FIGURES.map(([key, label, note]) =>
        ({ ...data.rows.find((r) => r.key === key), label, note, value: at(s, key) }))
        .filter((r) => r.key && r.value !== null && r.value !== undefined)
        .map((r) => card(r.label, explained(withUnit(r, r.value), r.key), r.note)),
      card(`Energy of ${work}`, explained(si(e.total, "J"), "energy_j.total"),
        range(e.low, e.high, "J")),
      card(`Latency of ${work}`, explained(si(s.latency_s.total, "s"), "latency_s.total"),
        `${count(s.images)} images`)];
    const rows = Math.ceil(all.length / 7);
    return el("div", { class: "cards even", style: `--columns: ${Math.ceil(all.length / rows)}` },
      all);
  }

  /* The chip beside the digital designs that are as wide as one digital unit, an image each. */
  function designs() {
    const chip = { title: "the chip", key: "", joules: s.energy_j.per_image,
      seconds: s.latency_s.per_image, area: s.area_mm2.total, ratio: null };
    const rows = [chip, ...Object.entries(s.baselines).filter(([, b]) => b)
      .map(([key, b]) => ({ title: designName(key), key: `baselines.${key}.`,
        joules: b.energy_j_per_image, seconds: b.latency_s_per_image, area: b.area_mm2.total,
        ratio: b.total_energy_ratio, dynamic: b.energy_ratio }))];
    const most = Math.max(...rows.map((r) => r.joules || 0));
    const least = Math.min(...rows.map((r) => r.joules || Infinity));
    const of = (r, own, other) => (r.key ? `${r.key}${other}` : own);
    const times = (v) => (v === null ? "" : page.joined(Number(v.toPrecision(3)), "\u00d7"));
    return rows.length < 2 ? null : el("div", {}, table("Beside the digital designs, an image", [
      { key: "title", name: "design", head: true },
      { key: "joules", name: "energy", number: true, show: (v, r) => [
        explained(si(v, "J"), of(r, "energy_j.per_image", "energy_j_per_image")),
        el("span", { class: "length", style: `width: ${((100 * v) / most).toFixed(1)}%` })] },
      { key: "ratio", name: "of the chip's", number: true,
        show: (v, r) => (v === null ? "" : explained(times(v), `${r.key}total_energy_ratio`)) },
      { key: "seconds", name: "latency", number: true,
        show: (v, r) => explained(si(v, "s"),
          of(r, "latency_s.per_image", "latency_s_per_image")) },
      { key: "area", name: "area", number: true,
        show: (v, r) => explained(area(v), `${r.key}area_mm2.total`) }], rows,
    { mark: (r) => r.joules === least, markClass: "winner" }),
    el("p", { class: "faint" }, "Bold: the least energy. Designs have as many units as " +
      "a digital unit of the chip has lanes; dynamic energy alone, of the chip's: ",
    rows.slice(1).map((r, i) => [i ? ", " : "", `${r.title} `,
      r.dynamic === null ? "none" : explained(times(r.dynamic), `${r.key}energy_ratio`)]), "."));
  }

  const titles = (s.layers || []).map((l) => (l.kind ? `layer ${l.layer} (${l.kind} ${l.shape})`
    : "shared by all layers"));

  function blocks() {
    const all = s.area_mm2.total;
    return el("details", {}, el("summary", {}, "Blocks as a table"), table("Blocks of the chip", [
      { key: "layer", name: "layer" }, { key: "title", name: "block" },
      { key: "instances", name: "built", number: true, show: count },
      { key: "area_mm2", name: "area", number: true,
        show: area },
      { key: "share", name: "of the area", number: true, show: (v) => percent(v, 1) },
      { key: "energy", name: "energy, an image", number: true, show: (v) => si(v, "J") },
      { key: "part", name: "of the energy", number: true, show: (v) => percent(v, 1) },
      { key: "use", name: "busy", number: true, show: (v) => percent(v, 1) }],
    data.floor_plan.map((b) => ({ ...b, layer: titles[b.entry], title: drawing.blockName(b.block),
      share: b.area_mm2 / all, energy: b.energy_j / s.images,
      part: s.energy_j.total ? b.energy_j / s.energy_j.total : null }))));
  }

  /* What the run's figures advise, the likeliest cause first; runs of before have none. */
  function advice() {
    const list = s.advice || [];
    return list.length === 0 ? null : el("div", { class: "notices" },
      el("strong", {}, "Advice, the likeliest cause first"),
      el("ol", {}, list.map((a) => el("li", {}, page.tight(`${a.text}.`)))));
  }

  /* What a word on the first screen is. */
  const chiText = () => (data.floor_plan.some((b) => b.block === "chi_bit")
    ? " Chi is memory that collects weight changes until they make a pulse." : "");

  function head() {
    /* who wins, and what has to be said beside it: parted by a semicolon outside brackets */
    const [verdict, ...beside] = page.tight(s.verdict.text || did()).split(/; (?![^(]*\))/);
    return el("header", {},
      el("h1", { class: "verdict" }, `${capital(verdict)}.`),
      el("p", { class: "lead" }, beside.length ? `${capital(beside.join("; "))}. ` : "",
        s.verdict.text ? `${capital(did())}. ` : "", s.energy_j.total && !isTest ? `${goes()}. ` : "",
        el("span", { class: "faint" }, `Scenario ${s.scenario.name}, seed ${s.seed}, ` +
        (isTest ? `tested on ${count(s.images)} images.`
          : `${count(s.epochs)} epoch${s.epochs === 1 ? "" : "s"} of ` +
          `${count(s.images / s.epochs)} images.`) + chiText())),
      advice(),
      cards(),
      el("div", { class: "two" },
        data.floor_plan.length ? el("div", {}, drawing.chip(data.floor_plan, titles, s.images))
          : null, designs()),
      data.floor_plan.length ? blocks() : null);
  }

  function milestones() {
    const rows = Object.entries(s.milestones)
      .map(([key, m]) =>
        ({ key, accuracy: Number(key), images: m && m.images, energy_j: m && m.energy_j,
          time_s: m && m.time_s }));
    if (rows.length && rows.every((r) => r.images === null)) {
      return el("p", { class: "faint milestones" }, "No milestone was reached: the test accuracy " +
        `stayed below ${percent(Math.min(...rows.map((r) => r.accuracy)), 0)}.`);
    }
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
      .map((a) => ({ x: a.age_s, y: 100 * a[key] })), borderColor: ink(0),
    backgroundColor: ink(0), showLine: true, borderDash: dash, pointRadius: dash.length ? 0 : 3 });
    const make = () => ({ type: "line",
      data: { datasets: [line("accuracy", "mean", []), line("low", "95 % interval, low", [3, 3]),
        line("high", "95 % interval, high", [3, 3])] },
      options: { plugins: { legend: { labels: page.lines } },
        scales: { x: shown.length > 1 ? logarithmic("age, s") : axis("age, s", { type: "linear",
          min: 0, ...page.roomy(shown.map((a) => a.age_s), 0) }),
        y: axis("test accuracy, %", page.roomy(shown.flatMap((a) => ["accuracy", "low", "high"]
          .map((key) => (a[key] === null ? null : 100 * a[key]))), 0, 100)) } } });
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
            borderColor: ink(i), backgroundColor: ink(i),
            pointStyle: ["circle", "rect", "triangle"][i], pointRadius: data.epochs.length > 60 ? 0
              : 3, borderDash: [[], [6, 3], [2, 2]][i], spanGaps: true })) },
      options: { plugins: { legend: { labels: page.lines } },
        scales: { x: axis("epoch", { offset: data.epochs.length === 1 }),
          y: axis("accuracy, %", page.roomy(data.epochs.flatMap((e) => seen.map(([key]) =>
            (e[key] === null ? null : 100 * e[key]))), 0, 100)) } } });
    const spent = () => ({ type: "line",
      data: { datasets:
        [{ label: "test accuracy", data: data.epochs.filter((e) => e.test_accuracy !== null)
          .map((e) => ({ x: 1e3 * e.energy_j, y: 100 * (1 - e.test_accuracy) })),
        borderColor: ink(0), backgroundColor: ink(0), showLine: true }] },
      options: { plugins: { legend: { display: false } },
        scales: { x: axis("energy so far, mJ", { type: "linear", min: 0,
          ...page.roomy(data.epochs.map((e) => 1e3 * e.energy_j), 0) }),
        y: page.errorAxis("test error, %", data.epochs.filter((e) => e.test_accuracy !== null)
          .map((e) => 100 * (1 - e.test_accuracy))) } } });
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
      milestones(), ages(), classes());
  }

  /* Bars of phases: value(number of the bar, phase). */
  function stack(labels, value, title) {
    const shown = [...training].filter((p) => labels.some((_, n) => value(n, p) > 0));
    return () => ({ type: "bar",
      data: { labels, datasets: shown.map((phase) => ({ label: name(phase),
        data: labels.map((_, n) => value(n, phase)), backgroundColor: phaseColour(phase) })) },
      options: { indexAxis: "y", scales: { x: axis(title, { stacked: true }),
        y: { stacked: true, ticks: { autoSkip: false } } },
      plugins: { legend: { position: "bottom", labels: { boxWidth: 12 } } } } });
  }

  const training = new Set(isTest ? ["forward"] : page.PHASES.filter((p) =>
    s.energy_j && s.energy_j.by_phase && p in s.energy_j.by_phase));

  function energy() {
    const rows = data.energy.filter((r) => training.has(r.phase));
    const totals = Object.entries(s.energy_j.by_component).filter(([, c]) => c.total > 0)
      .sort((a, b) => b[1].total - a[1].total);
    const few = totals.slice(0, 12).map(([key]) => key);
    const labels = [...few.map(name), ...(totals.length > few.length ? ["all others"] : [])];
    const stacked = stack(labels, (n, phase) => rows.filter((r) => r.phase === phase &&
      (n < few.length ? r.component === few[n] : !few.includes(r.component)))
      .reduce((sum, r) => sum + 1e9 * r.joules / s.images, 0), "energy, nJ an image");
    const intervals = () => ({ type: "bar",
      data: { labels: totals.map(([key]) => name(key)), datasets: [
        { label: "range", data: totals.map(([, c]) => [1e3 * c.low, 1e3 * c.high]),
          backgroundColor: css("--faint"), barThickness: 6 },
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
        chart("Energy of an image by component and phase",
          `${[...training].map((p) => `${name(p)} ${si(s.energy_j.by_phase[p] / s.images, "J")}`)
            .join(", ")} an image.`, stacked, { tall: true }),
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
    const path = page.PHASES.filter((p) => s.latency_s.critical_path[p] > 0)
      .map((p) => [p, s.latency_s.critical_path[p]]);
    const busy = Object.entries(s.latency_s.busiest).sort((a, b) => b[1] - a[1]);
    const bars = (labels, entries, factor, title, colours) => () => ({ type: "bar",
      data: { labels, datasets: [{ data: entries.map(([, v]) => factor * v),
        backgroundColor: entries.map(([key]) => colours(key)) }] },
      options: { indexAxis: "y", plugins: { legend: { display: false } },
        scales: { x: axis(title) } } });
    const line = data.timeline && data.timeline.operations.length
      ? drawing.timeline(data.timeline, data.scenario.find((r) =>
        r.key === "refresh.every_images").value) : null;
    return section("time", "Time",
      el("p", {}, "An image takes ",
        explained(si(s.latency_s.per_image, "s"), "latency_s.per_image"), `, all of ${work} `,
        explained(si(s.latency_s.total, "s"), "latency_s.total"),
        `. ${capital(binds())}; the share of each phase tells what a faster part would leave.`),
      line ? line.figure : null,
      el("div", { class: "charts" },
        chart("What the time goes to",
          `Share of each phase in the critical path: ` +
          `${path.map(([p, v]) => `${name(p)} ${percent(v / s.latency_s.total, 1)}`).join(", ")}.`,
          bars(path.map(([p]) => name(p)), path, 1e9 / s.images, "ns an image", phaseColour)),
        chart("How busy each resource is",
          `${busy.map(([r, v]) => `${resourceName(r)} ${percent(v, 1)}`).join(", ")} of ` +
          "the time, units of the busiest layer.",
          bars(busy.map(([r]) => resourceName(r) + (!bound.keys.includes(r) ? ""
            : bound.binds ? " (binds)" : " (busiest)")), busy, 100,
          "busy, % of the time", (r) => css(bound.keys.includes(r) ? "--text" : "--faint")))),
      table("Resources",
        [{ key: "resource", name: "resource", show: resourceName },
          { key: "use", name: "busiest layer's units", number: true,
            show: (v, r) => explained(percent(v, 2), `latency_s.busiest.${r.resource}`) },
          { key: "mean", name: "on average", number: true,
            show: (v, r) => explained(percent(v, 2), `latency_s.utilisation.${r.resource}`) },
          { key: "most", name: "would let through, images a second", number: true,
            show: (v, r) => (v ? explained(si(v, ""),
              `roofline.${r.resource}.images_per_s`) : "") }],
        busy.map(([resource, v]) => ({ resource, use: v,
          mean: s.latency_s.utilisation[resource],
          most: s.roofline?.[resource]?.images_per_s }))),
      line ? operations(data.timeline, line) : null);
  }

  function operations(t, { all, first, end, busy }) {
    return el("details", {}, el("summary", {}, "Operations of this image as a table"),
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
      all.map((o) => ({ ...o, unit: t.tracks[o.track].name, start_ps: o.start_ps - first,
        end_ps: o.end_ps - first }))));
  }

  /* What is at a key of summary.json; null where there is nothing on the way. */
  const at = (object, key) => key.split(".").reduce((o, part) => (o ? o[part] : null), object);

  const withUnit = (r, v) => (r.kind === "number" && r.unit
    ? page.joined(page.shown(r, v), r.unit) : page.shown(r, v));
  /* Beside figures of an image, one of all of them says so. */
  const layerColumns = data.layer_columns.map((c) => (c.key === "energy_j.static"
    ? { ...c, label: `${c.label}, all of ${work}` } : c));
  const figureText = (c, v) => (c.key === "latency_s.bottleneck" ? (v ? resourceName(v) : "nothing")
    : c.kind === "text" ? v : page.shown(c, v));

  /* Figures by layer, of what belongs to none of them, and of the whole chip. */
  function layers() {
    const own = s.layers.map((l) =>
      ({ ...l, prefix: `layers.${l.kind ? l.layer : "shared"}.`,
        title: l.kind ? `${l.layer} ${l.kind} ${l.shape}` : "shared" }));
    const bars = stack(own.map((l) => l.title), (i, phase) =>
      (1e9 / s.images) * (own[i].energy_j.by_phase[phase] || 0), "nJ an image");
    const words = (kind, unit, value) => `${own
      .map((l) => `${l.title}: ${page.shown({ kind, unit }, value(l))}`).join("; ")}.`;
    const rows = [...own, { ...s, prefix: "", title: "all" }].map((l) =>
      ({ title: l.title, prefix: l.prefix, ...l.latency_s.busy,
        ...Object.fromEntries(layerColumns.map((c) => [c.key, at(l, c.key)])) }));
    const column = (c) => ({ key: c.key, name: c.label, number: c.kind !== "text",
      show: (v, r) => (v === null || v === undefined ? ""
        : explained(figureText(c, v), r.prefix + c.key)) });
    const head = { key: "title", name: "layer", head: true };
    const ofDevices = (c) => /^(writes|health)/.test(c.key);
    const units = Object.keys(s.latency_s.busy).filter((r) => s.latency_s.busy[r] > 0);
    const whole = { ...s, prefix: "", title: "all" };
    const beside = [...own.map((l, i) => ({ ...l, i })), whole].map((l) => {
      const row = { title: l.title, chip: l.energy_j.per_image,
        chip_key: `${l.prefix}energy_j.per_image` };
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
      key: `${key}_${what}`, name: designName(key), number: true,
      group: what === "j" ? "energy" : "time",
      show: (v, row) => explained(si(v, what === "j" ? "J" : "s"),
        `${row[`${key}_prefix`]}${what === "j" ? "energy_j" : "latency_s"}.per_image`) })))];
    return section("layers", "Layers",
      el("p", {}, "What is built for a layer and what acts for it is its own; " +
        (s.layers.at(-1).area_mm2.by_component.dpu_lane > 0 ? "the digital unit, " : "") +
        "the buffers and the image port are built for all of them. Rows add up to the last one."),
      chart("Energy of an image by layer and phase",
        words("si", "J", (l) => l.energy_j.per_image), bars),
      layerView(),
      table("Matrices, energy and area by layer",
        [head, ...layerColumns.filter((c) => !ofDevices(c)).map(column)], rows,
        { class: "sides many" }),
      table("Writes by layer, and how long units work for it, those side by side each by itself",
        [head, ...layerColumns.filter(ofDevices).map(column),
          ...units.map((r) => ({ key: r, name: name(r), number: true, group: "busy",
            show: (v, row) => explained(si(v, "s"), `${row.prefix}latency_s.busy.${r}`) }))],
        rows, { class: "sides many" }),
      table("An image by layer on the chip and in the digital designs as wide as one digital unit",
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
        borderColor: ink(i), backgroundColor: ink(i),
        pointRadius: h.bins.filter((n) => n > 0).length === 1 ? 5 : 0, borderDash: i ? []
          : [5, 3], stepped: "middle" });
    return chart(title, `Mean ${mean(before)} before training, ${mean(after)} after, in ${unit}.`,
      () => ({ type: "line",
        data: { datasets: [line("before training", before, 0), line("after training", after, 3)] },
        options: { plugins: { legend: { labels: page.lines } },
          scales: { x: axis(unit, { type: "linear" }), y: logarithmic("% of all") } } }));
  }

  function wearCharts(layer, index) {
    const bins = layer.wear.devices_by_log2_of_pulses;
    const last = bins.reduce((a, n, i) => (n ? i : a), 0);
    const labels =
      bins.slice(0, last + 1)
        .map((_, i) => (i < 2 ? String(i) : `${2 ** (i - 1)}\u2013${2 ** i - 1}`));
    const devices = bins.reduce((a, b) => a + b, 0);
    return [chart(`Pulses per device of layer ${index}`,
      `${percent(bins[0] / devices, 1)} of ${count(devices)} devices had no pulse; those that ` +
      `programmed the first weights count.`,
      () => ({ type: "bar",
        data: { labels,
          datasets: [{ data: bins.slice(0, last + 1), backgroundColor: ink(0) }] },
        options: { plugins: { legend: { display: false } },
          scales: { x: axis("pulses"), y: logarithmic("devices") } } })),
    drawing.wear(layer, `layer ${index}`)];
  }

  /* One layer at a time: its figures, its devices before and after, its wear, its converters. */
  function layerView() {
    const layers = (data.chip && data.chip.layers) || [];
    const place = el("div", { class: "layer" });
    const fill = (chosen) => {
      const l = s.layers[chosen];
      const prefix = `layers.${l.kind ? l.layer : "shared"}.`;
      const part = layerColumns.filter((c) => at(l, c.key) !== null &&
        at(l, c.key) !== undefined);
      const of = l.kind ? layers[l.layer] : null;
      place.replaceChildren(el("div", { class: "cards" }, part.map((c) =>
        card(capital(c.label), explained(figureText(c, at(l, c.key)), prefix + c.key)))),
      of ? el("div", { class: "charts" }, deviceCharts(of, l.layer),
        reads().filter((r) => r.layer === l.layer).map(converterChart)) : "");
    };
    fill(0);
    return el("div", {}, el("h3", {}, "A layer by itself"),
      el("div", { class: "tools" }, page.select("layer:",
        titles.map((title, i) => [String(i), title]), "0", (chosen) => {
          fill(Number(chosen));
          page.drawAll();
        })), place);
  }

  function deviceCharts(layer, index) {
    const any = (h) => h.bins.some((n) => n > 0);
    return [any(layer.after.conductance_us) ? histogram(`Conductances of layer ${index}`,
      "\u00b5S", layer.before.conductance_us, layer.after.conductance_us) : null,
    histogram(`Weights of layer ${index} (G+ \u2212 G\u2212)`, "\u00b5S", layer.before.weight_us,
      layer.after.weight_us),
    any(layer.after.chi_epsilons) ? histogram(`Chi of layer ${index}`, "epsilon",
      layer.before.chi_epsilons, layer.after.chi_epsilons) : null,
    layer.wear ? wearCharts(layer, index) : null];
  }

  function devices() {
    const tiles = ((data.chip && data.chip.layers) || []).flatMap((layer, i) =>
      (layer.wear ? layer.wear.tiles.map((t) => ({ layer: i, ...t })) : []));
    return section("devices", "Devices",
      el("p", {}, data.chip ? "Distributions, wear maps and converters of a layer stand above, " +
        "under the layer that is chosen there."
        : "The run's directory has no chip.json: distributions and wear are not known."),
      table("Power, operations, pulses and health", [{ key: "label", name: "figure" },
        { key: "value", name: "value", number: true,
          show: (v, r) => (v === null ? "none" : explained(withUnit(r, v), r.key)) }], health()),
      tiles.length ? table("Wear by tile: pulses of a device since the beginning", [
        { key: "layer", name: "layer", number: true },
        { key: "number", name: "tile", number: true },
        { key: "row0", name: "first row", number: true },
        { key: "rows", name: "rows", number: true },
        { key: "col0", name: "first column", number: true },
        { key: "cols", name: "columns", number: true },
        { key: "most", name: "worst", number: true, show: count },
        { key: "mean", name: "mean", number: true, show: (v) => Number(v.toPrecision(4)) }],
      tiles) : null);
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
        .map((d) => ({ name: `layer ${i}, ${d}`, layer: i, ...layer.converters[d] }))) : []);

  /* One kind of read may clip a lot and hide among many conversions that do not. */
  function worstReads() {
    const worst =
      reads().reduce((a, b) => (a && a.at_ends / a.conversions >= b.at_ends / b.conversions ? a
        : b), null);
    return worst
      ? [{ label: `codes at the ends of the range, worst reads (${worst.name}; last images)`,
        value: worst.at_ends / worst.conversions, kind: "fraction", digits: 3 }] : [];
  }

  function converterChart(r) {
    const share = (code) => code / 2 ** (data.chip.adc_bits - 1);
    return chart(`Conversions of ${r.name}`,
      `From ${percent(share(r.least), 0)} to ${percent(share(r.largest), 0)} of full scale; ` +
      `${percent(r.at_ends / r.conversions, 3)} at the ends.`,
      () => ({ type: "bar",
        data: { labels:
        r.bins.map((_, b) => Number((((2 * b + 1) / r.bins.length - 1) * 100).toFixed(1))),
        datasets: [{ data: r.bins.map((n) => (n > 0 ? (100 * n) / r.conversions : null)),
          backgroundColor: css("--faint"), categoryPercentage: 1, barPercentage: 1 }] },
        options: { plugins: { legend: { display: false } },
          scales: { x: axis("% of full scale"), y: logarithmic("% of conversions") } } }));
  }

  /* Codes of the last training images, as parts of the converters' range. */
  function converters() {
    const all = reads();
    if (!all.length) {
      return section("converters", "Converters",
        el("p", {}, "Converters are ideal, or their codes were not noted."));
    }
    const half = 2 ** (data.chip.adc_bits - 1);
    return section("converters", "Converters",
      el("p", {}, `Codes of ${data.chip.adc_bits} bits in the last training images, as parts of ` +
        `the full scale (adc.forward_range, adc.backward_range). Codes at the ends are clipped ` +
        `or about to be; a range that is hardly used wastes bits. The view of a layer has their ` +
        `distribution.`),
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

  function areas() {
    const parts = Object.entries(s.area_mm2.by_component)
      .map(([component, v]) => ({ component, value: typeof v === "number" ? v : v.total }))
      .filter((p) => p.value > 0).sort((a, b) => b.value - a.value);
    return section("area", "Area",
      table("Area by component", [{ key: "component", name: "component",
        show: drawing.blockName },
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
      el("p", {}, `${s.tool.name} ${s.tool.version}, ${s.tool.commit}. Scenario hash ` +
        `${s.scenario.hash}, data hash ${s.dataset.hash}; ${s.dataset.name} has ` +
        `${count(s.dataset.train)} images for training and ${count(s.dataset.test)} for testing. `
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
    ["converters", "Converters", converters], ["area", "Area", areas],
    ["scenario", "Scenario", scenario], ["about", "About this run", about]];
  page.show(page.guarded("summary", "Summary", head), parts.map((part) => page.guarded(...part)));
})();
