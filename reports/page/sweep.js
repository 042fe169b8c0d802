/* sweep.html: many runs. */
"use strict";
(() => {
  const { data, ink, el, svg, cut, select, count, css, table, chart, section } = page;
  const factors = { "": 1, m: 1e3, "\u00b5": 1e6, n: 1e9 };
  /* Of a kind of figure: the unit of its axes, and what a value is multiplied by there. */
  const scales = { fraction: () => ["%", 100], si: (f) => [f.prefix + f.unit, factors[f.prefix]],
    area: () => ["mm\u00b2", 1], ratio: () => ["\u00d7", 1] };
  const METRICS = Object.fromEntries(data.figures.map((f) => {
    const [unit, factor] = scales[f.kind] ? scales[f.kind](f) : [f.unit.replace("mm2", "mm\u00b2"), 1];
    /* settings that differ little are told apart by four digits of the area */
    const show = (v) => (f.kind === "area" && v > 0 ? page.joined(v.toPrecision(4), "mm\u00b2")
      : page.shown(f, v));
    return [f.column, { ...f, name: f.label, unit, factor, show }];
  }));
  const OBJECTIVES =
    Object.fromEntries(data.figures.filter((f) => f.objective).map((f) => [f.objective, f.column]));
  const keys = data.keys.map((k) => k.name).filter((k) => k !== "seed");
  const text = (value) => (Array.isArray(value) ? `[${value.join(", ")}]` : String(value));
  /* As a person reads it: four digits, whole numbers whole. */
  const brief = (value) => (Array.isArray(value) ? `[${value.map(brief).join(", ")}]`
    : typeof value === "number" && !Number.isInteger(value) ? String(Number(value.toPrecision(4)))
      : String(value));
  const label = (s) => keys.map((k) => `${k} ${brief(s.values[k])}`).join(", ")
    || "the scenario as it is";
  const sampled =
    new Set(data.axes.filter((a) => ["random", "latin_hypercube"].includes(a.section))
      .flatMap((a) => a.keys));
  /* Whether values are better told apart on a logarithmic scale. */
  const isWide = (values) => {
    const low = values.reduce((a, b) => Math.min(a, b), Infinity),
      high = values.reduce((a, b) => Math.max(a, b), -Infinity);
    return low > 0 && high / low > 30;
  };
  /* More are neither told apart nor quick to draw: the best ones of the first figure. */
  const MANY = 1000;
  const settings = data.settings.filter((s) => s.done > 0);
  const metrics =
    Object.keys(METRICS)
      .filter((m) => settings.some((s) => s.metrics[m] && s.metrics[m].mean !== null));
  const mean = (s, m) => s.metrics[m].mean;
  const failed = data.points.filter((p) => p.status !== "done");

  /* Settings that none other beats in both, best of the first metric first. */
  function front(x, y) {
    const better = (a, b, m) => METRICS[m].sign * (mean(a, m) - mean(b, m));
    const known = settings.filter((s) => mean(s, x) !== null && mean(s, y) !== null);
    known.sort((a, b) => better(b, a, x) || better(b, a, y));
    let top = null; /* the best in y so far: who comes later is no better in x */
    return known.filter((s) => {
      if (top === null || better(s, top, y) > 0
        || (better(s, top, y) === 0 && better(s, top, x) === 0)) {
        top = s;
        return true;
      }
      return false;
    });
  }

  /* The settings that share the best value; of equals first the better one in the first figure in
   * which they differ. */
  function winners(metric) {
    const order =
      [metric, ...Object.values(OBJECTIVES).filter((m) => m !== metric && metrics.includes(m))];
    const gain =
      (a, b) => order.map((m) => (mean(a, m) === null || mean(b, m) === null ? 0
        : METRICS[m].sign * (mean(a, m) - mean(b, m)))).find((d) => d !== 0) || 0;
    const known = settings.filter((s) => mean(s, metric) !== null).sort((a, b) => gain(b, a));
    return known.filter((s) => mean(s, metric) === mean(known[0], metric));
  }

  /* Where a front bends: the setting furthest from the line between its ends, both figures as parts
   * of what the front spans; null of a front of less than three, or one that does not bend. */
  function knee(line, x, y) {
    const span = (m) => {
      const [a, b] = [mean(line[0], m), mean(line[line.length - 1], m)];
      return { of: (s) => (a === b ? 0 : (mean(s, m) - a) / (b - a)) };
    };
    if (line.length < 3) {
      return null;
    }
    const [along, across] = [span(x), span(y)];
    /* both run from 0 to 1 along the front; the better bend gives up little of the first figure */
    const bend = (s) => across.of(s) - along.of(s);
    const top = line.reduce((a, b) => (bend(b) > bend(a) ? b : a));
    return bend(top) > 0.02 ? top : null;
  }

  /* "85.80 %" or, with an interval of the mean, "85.80 % +- 0.42 %". */
  const withInterval = (s, m) => {
    const { low95, high95 } = s.metrics[m];
    return METRICS[m].show(mean(s, m)) + (low95 === null || low95 === high95 ? ""
      : ` \u00b1 ${METRICS[m].show((high95 - low95) / 2)}`);
  };

  /* What settings that tie have in common; keys that they differ in do not matter here. */
  function shared(tied) {
    const same = keys.filter((k) =>
      tied.every((s) => text(s.values[k]) === text(tied[0].values[k])));
    const free = keys.filter((k) => !same.includes(k));
    return (same.length ? same.map((k) => `${k} ${brief(tied[0].values[k])}`).join(", ")
      : "no value in common") + (free.length
      ? `; ${free.join(", ")} make${free.length > 1 ? "" : "s"} no difference between them` : "");
  }

  function told(tied) {
    return tied.length === 1 ? `setting ${tied[0].setting}: ${label(tied[0])}`
      : `${tied.length} settings tie (${tied.slice(0, 4).map((s) => s.setting).join(", ")}` +
        `${tied.length > 4 ? ", \u2026" : ""}): ${shared(tied)}`;
  }

  const seeds = Math.max(...settings.map((s) => s.done), 0);
  const accuracy = OBJECTIVES.accuracy;

  /* Images that the accuracies are of, the fewest of all points; 0 where that is not known. */
  const tested = data.points.filter((p) => p.status === "done").map((p) =>
    Math.min(p.test_images || 0, p.values["train.test_images"] || Infinity))
    .reduce((a, b) => Math.min(a, b), Infinity);

  /* What is chance between accuracies, and how many settings are that close to the best. */
  const noise = (top) => (top && Number.isFinite(tested) && tested > 0
    ? page.chance(mean(top, accuracy), tested) : 0);
  const rivals = (top) => settings.filter((s) => s !== top && mean(s, accuracy) !== null);
  const close = (top) => rivals(top)
    .filter((s) => mean(top, accuracy) - mean(s, accuracy) <= noise(top)).length;
  /* "4 of the other 47 settings cannot be told apart from it", "" where all can. */
  const alike = (top, whom) => (noise(top) > 0 && close(top) > 0
    ? `${count(close(top))} of the other ${count(rivals(top).length)} settings cannot be told ` +
      `apart from ${whom}` : "");
  const chanceText = (top) => (noise(top) === 0 ? "" : `${count(tested)} test images: differences ` +
    `in accuracy below about \u00b1${page.joined((100 * noise(top)).toFixed(1), "pt")} are chance` +
    (alike(top, "it") ? `, and ${alike(top, "the best")}.` : "."));

  /* "setting 19: 81.80 % at 35.5 nJ against 83.00 % at 75.2 nJ" */
  function bargain(top) {
    const cost = OBJECTIVES.energy;
    const bend = metrics.includes(cost) ? knee(front(accuracy, cost), accuracy, cost) : null;
    const at = (s) => `${METRICS[accuracy].show(mean(s, accuracy))} at ` +
      `${METRICS[cost].show(mean(s, cost))}`;
    const isChance = bend && mean(top, accuracy) - mean(bend, accuracy) <= noise(top);
    return bend && bend !== top ? ` Knee, setting ${bend.setting}: ${at(bend)} against ${at(top)}` +
      `${isChance ? ", as accurate within chance" : ""}.` : "";
  }

  /* The other figures of a setting that is best in one. */
  const beside = (s, metric) => Object.values(OBJECTIVES)
    .filter((m) => m !== metric && metrics.includes(m) && mean(s, m) !== null)
    .map((m) => `${METRICS[m].short} ${METRICS[m].show(mean(s, m))}`).join(", ");

  function head() {
    const tied = metrics.length ? winners(metrics[0]) : [];
    const crowd = (m, best) => (m === accuracy ? alike(best, "it") : "");
    const top = metrics.includes(accuracy) ? winners(accuracy)[0] : null;
    const cards = Object.entries(OBJECTIVES).filter(([, m]) => metrics.includes(m))
      .map(([objective, m]) => {
        const best = winners(m);
        return el("div", { class: "card" }, el("div", { class: "name" }, `Best ${objective}`),
          el("div", { class: "value" }, withInterval(best[0], m)),
          el("div", { class: "note" }, told(best)),
          crowd(m, best[0]) ? el("div", { class: "note alike" }, `${crowd(m, best[0])}.`) : null,
          el("div", { class: "note beside" }, (best.length > 1
            ? `setting ${best[0].setting}: ` : "") + beside(best[0], m)));
      });
    return el("header", {},
      el("h1", {}, `${count(data.settings.length)} settings of ${data.scenario}`
        + (tied.length ? `: ${METRICS[metrics[0]].short} up to ` +
          `${METRICS[metrics[0]].show(mean(tied[0], metrics[0]))}` +
          (crowd(metrics[0], tied[0]) ? `; ${crowd(metrics[0], tied[0])}.`
            : ` with ${tied.length === 1 ? label(tied[0]) : shared(tied)}.`) : "."),
      top ? bargain(top) : ""),
      chanceText(top) ? el("p", { class: "faint chance" }, chanceText(top)) : null,
      el("p", { class: "faint" },
        `${count(data.points.length)} points, ` +
        `${failed.length ? `${count(failed.length)} of them failed` : "all done"}; ` +
        `swept: ${data.axes.map((a) => a.keys.join(" with ")).join("; ")}. ` +
        `${seeds === 1 ? "One seed a setting" : "Figures of a setting are means over its seeds"}. ` +
        `${data.tool.name} ${data.tool.version}.`),
      el("div", { class: "cards wide" }, cards),
      data.notices && data.notices.length ? el("details", { class: "notices", role: "note",
        open: data.notices.length < 3 },
      el("summary", {}, `${count(data.notices.length)} notices of the points`), el("ul", {},
        data.notices.map((n) =>
          el("li", {}, `${n.text} (points of the plan: ${count(n.points)})`)),
        data.notices_left_out ? el("li", {}, `and ${count(data.notices_left_out)} more`) : null))
        : null,
      failed.length
        ? table("Points that failed",
          [{ key: "point", name: "point" }, { key: "seed", name: "seed", number: true },
            { key: "setting", name: "setting" }],
          failed.map((p) => ({ point: p.point, seed: p.seed, setting: label(p) }))) : null);
  }

  /* Two metrics against each other; means large, seeds small, the front as a line. */
  function frontier() {
    const pair = data.fronts[0] || { x: "accuracy", y: "energy" };
    const shown = { x: OBJECTIVES[pair.y], y: OBJECTIVES[pair.x], colour: keys[0] || "" };
    const place =
      (s) => ({ x: mean(s, shown.x) * METRICS[shown.x].factor,
        y: mean(s, shown.y) * METRICS[shown.y].factor, s });
    const shapes = ["circle", "rect", "triangle", "rectRot", "star", "cross", "crossRot", "dash"];
    const make = () => {
      const raw = settings.map((s) => (shown.colour ? s.values[shown.colour] : ""));
      const values =
        [...new Set((raw.every((v) => typeof v === "number") ? raw.sort((a, b) => a - b) : raw)
          .map(text))];
      /* so many values are a scale, not a list: shades of one colour */
      const isScale = values.length > 12;
      const shadeOf =
        (s) => page.shade(
          (0.88 * values.indexOf(text(s.values[shown.colour]))) / (values.length - 1));
      const known = settings.filter((s) => mean(s, shown.x) !== null && mean(s, shown.y) !== null);
      const named = (value) => brief(raw.find((v) => text(v) === value));
      const line = front(shown.y, shown.x);
      const bend = knee(line, shown.y, shown.x);
      return { type: "scatter", data: { datasets: [
        ...(isScale ? [{ label: `settings; lighter: more of ${shown.colour}`,
          data: known.map(place), backgroundColor: known.map(shadeOf),
          borderColor: known.map(shadeOf), pointRadius: 5, pointHoverRadius: 8 }]
          : values.map((value, i) =>
            ({ label: shown.colour ? `${shown.colour} ${named(value)}` : "settings",
              data: settings.filter((s) => !shown.colour || text(s.values[shown.colour]) === value)
                .map(place),
              backgroundColor: ink(i), borderColor: ink(i),
              pointStyle: shapes[i % shapes.length], pointRadius: 6, pointHoverRadius: 8 }))),
        { label: "Pareto front", data: line.map(place), showLine: true, stepped: "after",
          borderColor: css("--text"), borderWidth: 1.5, borderDash: [4, 3], pointStyle: "line",
          pointRadius: 0, backgroundColor: "transparent" },
        ...(bend ? [{ label: `knee: setting ${bend.setting}`, data: [place(bend)],
          pointStyle: "circle", pointRadius: 12, pointHoverRadius: 12, borderWidth: 2.5,
          borderColor: css("--text"), backgroundColor: "transparent" }] : []),
        ...(seeds > 1 ? [{ label: "single seeds",
          data: data.points.filter((p) => p.status === "done" && p.metrics[shown.x] !== null
            && p.metrics[shown.y] !== null)
            .map((p) => ({ x: p.metrics[shown.x] * METRICS[shown.x].factor,
              y: p.metrics[shown.y] * METRICS[shown.y].factor, s: p })),
          backgroundColor: css("--faint"), borderColor: css("--faint"), pointRadius: 2 }] : [])] },
      options: { scales:
        { x: { title: { display: true,
          text: `${METRICS[shown.x].name}, ${METRICS[shown.x].unit}` } },
        y: { title: { display: true,
          text: `${METRICS[shown.y].name}, ${METRICS[shown.y].unit}` } } },
      plugins: { legend: { position: "bottom", labels: { usePointStyle: true } },
        tooltip: { callbacks:
            { label: (item) =>
              `${item.raw.s.setting ? `setting ${item.raw.s.setting}: ` : ""}${label(item.raw.s)}`,
            afterLabel: (item) => (item.raw.s.seed !== undefined ? `seed ${item.raw.s.seed}`
              : [`${METRICS[shown.x].short} ${withInterval(item.raw.s, shown.x)}`,
                `${METRICS[shown.y].short} ${withInterval(item.raw.s, shown.y)}`]) } } } } };
    };
    const shownMean = (s, metric) => METRICS[metric].show(mean(s, metric));
    const bendWords = (line) => {
      const bend = knee(line, shown.y, shown.x);
      if (!bend) {
        return "The front has no knee.";
      }
      const [top] = line, { short } = METRICS[shown.y], other = METRICS[shown.x].short;
      return `Its knee, ringed: setting ${bend.setting} (${label(bend)}) with ` +
        `${shownMean(bend, shown.y)} ${short} at ${shownMean(bend, shown.x)} ${other}; the best ` +
        `${short}, setting ${top.setting}, has ${shownMean(top, shown.y)} at ` +
        `${shownMean(top, shown.x)}.`;
    };
    const words = () => {
      const line = front(shown.y, shown.x);
      return `On the front, ${METRICS[shown.y].sign > 0 ? "most" : "least"} ` +
        `${METRICS[shown.y].short} first: ` +
        `${line.slice(0, 6).map((s) => `setting ${s.setting} (${shownMean(s, shown.y)}, ` +
          `${shownMean(s, shown.x)})`).join("; ")}` +
        `${line.length > 6 ? `; ${line.length - 6} more` : ""}. ${bendWords(line)}` +
        (shown.y === accuracy ? ` ${chanceText(line[0])}` : "");
    };
    const picture = chart("Settings and their Pareto front", words, make, { tall: true });
    const options = metrics.map((m) => [m, METRICS[m].name]);
    const change = (which) => (value) => {
      shown[which] = value;
      picture.redraw();
      rows.replaceChildren(frontTable());
    };
    const frontTable = () => {
      const line = front(shown.y, shown.x);
      const bend = knee(line, shown.y, shown.x);
      return table("Settings on the front; the knee is marked", columns(true), line.map(row),
        { mark: (r) => bend && r.setting === bend.setting });
    };
    const rows = el("div", {}, frontTable());
    return section("frontier", "Frontier",
      el("div", { class: "tools" }, select("up:", options, shown.y, change("y")),
        select("across:", options, shown.x, change("x")),
        keys.length > 1
          ? select("colours:", keys.map((k) => [k, k]), shown.colour, change("colour")) : null),
      picture, rows);
  }

  /* Mean over all settings that share a key's value, with the least and the most of them. */
  function effects() {
    let metric = metrics[0];
    const factor = () => METRICS[metric].factor;
    const pictures = keys.map((key) => {
      const groups = () => {
        const by = new Map();
        settings.filter((s) => mean(s, metric) !== null).forEach((s) => {
          const value = text(s.values[key]);
          if (!by.has(value)) {
            by.set(value, []);
          }
          by.get(value).push(s);
        });
        const sorted = [...by.entries()];
        if (settings.every((s) => typeof s.values[key] === "number")) {
          sorted.sort((a, b) => Number(a[0]) - Number(b[0]));
        }
        return sorted.map(([, list]) =>
          ({ value: brief(list[0].values[key]), means: list.map((s) => mean(s, metric)) }));
      };
      /* values at chance places: points on a scale of numbers, no line through them */
      if (sampled.has(key)) {
        const known = () => settings.filter((s) => mean(s, metric) !== null);
        return chart(key,
          () => `${METRICS[metric].name} of ${known().length} settings over ${key}.`,
          () => ({ type: "scatter",
            data: { datasets:
              [{ data: known().map((s) => ({ x: s.values[key], y: mean(s, metric) * factor() })),
                backgroundColor: ink(0), borderColor: ink(0), pointRadius: 4 }] },
            options: { plugins: { legend: { display: false } },
              scales: { x: isWide(known().map((s) => s.values[key])) ? page.logarithmic(key)
                : { title: { display: true, text: key } },
              y: { title: { display: true,
                text: `${METRICS[metric].short}, ${METRICS[metric].unit}` }, grace: "5%" } } } }));
      }
      const average = (list) => list.reduce((a, b) => a + b, 0) / list.length;
      const words =
        (list) => `${METRICS[metric].name}: ` +
          list.slice(0, 8).map((g) => `${g.value}: ${METRICS[metric].show(average(g.means))}`)
            .join("; ") + (list.length > 8 ? "; \u2026." : ".");
      const least = (list) => list.reduce((a, b) => Math.min(a, b), Infinity);
      const most = (list) => list.reduce((a, b) => Math.max(a, b), -Infinity);
      return chart(key, () => words(groups()), () => {
        const list = groups();
        return { type: "bar", data: { labels: list.map((g) => g.value), datasets: [
          { type: "line", label: "mean", data: list.map((g) => average(g.means) * factor()),
            borderColor: ink(0), backgroundColor: ink(0), pointRadius: 4 },
          { label: "least to most",
            data: list.map((g) => [least(g.means) * factor(), most(g.means) * factor()]),
            backgroundColor: css("--faint"), barThickness: 8, minBarLength: 2 }] },
        options: { scales: { x: { title: { display: true, text: key } },
          y: { title: { display: true, text: `${METRICS[metric].short}, ${METRICS[metric].unit}` },
            beginAtZero: false, grace: "5%" } } } };
      });
    });
    return section("effects", "Main effects",
      el("p", {}, "Each key by itself: the mean over all settings that have a value, and the " +
        "range of those settings. Keys of one zip, list or sample change together: what one of " +
        "them seems to do may be the work of another."),
      el("div", { class: "tools" },
        select("figure:", metrics.map((m) => [m, METRICS[m].name]), metric, (value) => {
          metric = value;
          pictures.forEach((p) => p.redraw());
        })), el("div", { class: "charts" }, pictures));
  }

  /* A line a setting through its values and figures; drawn here, since Chart.js has no such chart.
   * */
  function parallel() {
    const columnsOf =
      [...keys.map((k) => ({ title: k, of: (s) => s.values[k], show: brief, isKey: true })),
        ...Object.values(OBJECTIVES).filter((m) => metrics.includes(m))
          .map((m) => ({ title: METRICS[m].short, of: (s) => mean(s, m), show: METRICS[m].show }))];
    const width = 1000, height = 360, top = 56, bottom = 30, side = 70;
    const gap = (width - 2 * side) / Math.max(columnsOf.length - 1, 1);
    /* heads stand in two rows, values in one; the outer ones reach to the edge and no further */
    const head = (title) => cut(title, 13, Math.min(2 * gap, 2 * side) - 12);
    const x = (i) => side + (i * (width - 2 * side)) / Math.max(columnsOf.length - 1, 1);
    const scales = columnsOf.map((c) => {
      const values = settings.map(c.of).filter((v) => v !== null);
      if (values.every((v) => typeof v === "number")) {
        const low = values.reduce((a, b) => Math.min(a, b), Infinity),
          high = values.reduce((a, b) => Math.max(a, b), -Infinity);
        const scale = isWide(values) ? Math.log : (v) => v;
        return { at: (v) => (high > low ? (scale(v) - scale(low)) / (scale(high) - scale(low))
          : 0.5), ticks: high > low ? [low, high] : [low] };
      }
      const all = [...new Set(values.map(text))];
      return { at: (v) => (all.length > 1 ? all.indexOf(text(v)) / (all.length - 1) : 0.5),
        ticks: all };
    });
    const y = (i, v) => height - bottom - scales[i].at(v) * (height - top - bottom);
    const first = metrics[0];
    const order = settings.slice().sort((a, b) => mean(a, first) - mean(b, first)).slice(-MANY);
    const picked =
      el("p", { role: "status" },
        "Point at a line, or step through the settings with the list, to see which it is.");
    const dark = matchMedia("(prefers-color-scheme: dark)");
    /* neither end of the colours may vanish in the page */
    const stroke =
      (rank) => page.shade((dark.matches ? 0.3 : 0)
        + ((dark.matches ? 0.7 : 0.88) * (order.length > 1 ? rank / (order.length - 1) : 0.5)));
    dark.addEventListener("change",
      () => lines.forEach((l, rank) => l.setAttribute("stroke", stroke(rank))));
    const lines =
      order.map((s, rank) => svg("polyline",
        { points: columnsOf.map((c, i) => (c.of(s) === null ? null : `${x(i)},${y(i, c.of(s))}`))
          .filter(Boolean).join(" "), fill: "none",
        stroke: stroke(rank), "stroke-width": 1.8, "data-setting": s.setting },
        svg("title", {}, `setting ${s.setting}: ${label(s)}`)));
    const pick = (setting) => {
      lines.forEach((l) => l.setAttribute("stroke-width", l.dataset.setting === String(setting) ? 5
        : 1.2));
      const s = settings.find((one) => String(one.setting) === String(setting));
      picked.textContent =
        s ? `Setting ${s.setting}: ${label(s)}; ` +
          `${metrics.map((m) => `${METRICS[m].short} ${METRICS[m].show(mean(s, m))}`).join(", ")}.`
          : "";
    };
    lines.forEach((l) => l.addEventListener("pointerenter", () => pick(l.dataset.setting)));
    const axes =
      columnsOf.flatMap((c, i) =>
        [svg("line", { x1: x(i), x2: x(i), y1: top, y2: height - bottom, stroke: "var(--line)" }),
          svg("text", { x: x(i), y: i % 2 ? 32 : 16, "text-anchor": "middle", fill: "var(--text)",
            "font-size": 13, "font-weight": c.isKey ? 400 : 700 }, head(c.title),
          head(c.title) === c.title ? "" : svg("title", {}, c.title)),
          ...scales[i].ticks.map((t) =>
            svg("text", { x: x(i),
              y: y(i, t) + (scales[i].at(t) > 0.99 ? -6 : scales[i].at(t) < 0.01 ? 15 : -4),
              "text-anchor": "middle", fill: "var(--text)", stroke: "var(--back)",
              "stroke-width": 3, "paint-order": "stroke", "font-size": 11 },
            cut(c.show(t), 11, Math.min(gap, 2 * side) - 8)))]);
    return section("parallel", "Parallel coordinates",
      el("p", {}, `A line a setting, from its values (left) to its figures (right); lighter ` +
        `lines have a higher ${METRICS[first].short}.` +
        (settings.length > MANY ? ` Only the ${count(MANY)} settings with the highest are drawn.`
          : "")),
      el("div", { class: "tools" },
        select("setting:",
          [["", "none"], ...order.slice().sort((a, b) => a.setting - b.setting)
            .map((s) => [String(s.setting), `${s.setting}: ${label(s)}`])], "", pick)),
      el("div", { class: "scroll", tabindex: "0", role: "region",
        "aria-label": "Parallel coordinates" },
      svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "parallel", role: "img",
        "aria-label":
          `Parallel coordinates of ${settings.length} settings over ` +
          columnsOf.map((c) => c.title).join(", ") }, ...lines, ...axes)), picked);
  }

  const row = (s) =>
    ({ setting: s.setting,
      ...Object.fromEntries(
        keys.map((k) => [k, Array.isArray(s.values[k]) ? text(s.values[k]) : s.values[k]])),
      done: s.done, failed: s.failed,
      ...Object.fromEntries(
        metrics.flatMap((m) => [[m, mean(s, m)], [`${m}_low95`, s.metrics[m].low95],
          [`${m}_high95`, s.metrics[m].high95]])) });
  const columns = (short) => [{ key: "setting", name: "setting", number: true },
    ...keys.map((k) =>
      ({ key: k, name: k, number: settings.every((s) => typeof s.values[k] === "number"),
        show: brief })),
    ...metrics.filter((m) => !short || Object.values(OBJECTIVES).includes(m))
      .map((m) => ({ key: m, name: METRICS[m].short, number: true,
        show: (v, r) =>
          (v === null ? "none"
            : METRICS[m].show(v) + (r[`${m}_low95`] === null || r[`${m}_low95`] === r[`${m}_high95`]
              ? "" : ` \u00b1 ${METRICS[m].show((r[`${m}_high95`] - r[`${m}_low95`]) / 2)}`)) })),
    ...(short ? [] : [{ key: "done", name: "seeds done", number: true },
      { key: "failed", name: "failed", number: true }])];

  function everything() {
    return section("settings", "All settings",
      el("p", {}, "Means over seeds, with half of the 95\u00a0% interval of the mean (Student\u2019s " +
        "t) where there is more than one seed and they differ. What lies within it of another " +
        "setting cannot be told apart from it. Energy, time, area, tiles and writes of each " +
        "layer are in layers.csv."),
      settings.length > MANY
        ? el("p", {},
          `The first ${count(MANY)} of ${count(settings.length)} settings; groups.csv has all.`)
        : null,
      table("Settings", columns(false), settings.slice(0, MANY).map(row)));
  }

  page.show(head(), settings.length && metrics.length
    ? [frontier(), effects(), parallel(), everything()] : []);
})();
