/* What the pages share: elements, numbers, sortable tables, charts that follow the colour scheme.
 * */
"use strict";
const page = (() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const charts = [];

  /* An element; attributes that are functions are listeners. */
  function el(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (typeof value === "function") {
        element.addEventListener(name, value);
      } else if (value !== null && value !== undefined && value !== false) {
        element.setAttribute(name, value === true ? "" : value);
      }
    }
    for (const child of children.flat(Infinity)) {
      if (child !== null && child !== undefined) {
        element.append(child);
      }
    }
    return element;
  }

  /* The same of a picture. */
  function svg(tag, attributes, ...children) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    Object.entries(attributes).forEach(([k, v]) => element.setAttribute(k, v));
    element.append(...children.flat());
    return element;
  }

  const ruler = document.createElement("canvas").getContext("2d");
  /* Whether a text of `size` pixels, and bold or not, fits into a width. */
  function fits(text, size, width, weight = 400) {
    ruler.font = `${weight} ${size}px ${getComputedStyle(document.body).fontFamily}`;
    return ruler.measureText(text).width <= width;
  }
  /* The text, with its end cut off where it is too long. */
  function cut(text, size, width) {
    let short = text;
    while (short && !fits(short === text ? text : `${short}\u2026`, size, width)) {
      short = short.slice(0, -1);
    }
    return short === text ? text : `${short.trimEnd()}\u2026`;
  }

  /* What draw(width) gives, anew for each width of its place. */
  function drawing(draw) {
    const place = el("div", { class: "drawing" });
    let width = 0;
    place.redraw = () => place.replaceChildren(draw(width));
    new ResizeObserver(([entry]) => {
      const now = Math.floor(entry.contentRect.width);
      if (now > 0 && now !== width) {
        width = now;
        place.redraw();
      }
    }).observe(place);
    return place;
  }

  function select(title, options, chosen, changed) {
    const box = el("select", { change: () => changed(box.value) },
      options.map(([value, shown]) => el("option", { value, selected: value === chosen }, shown)));
    return el("label", { class: "choice" }, `${title} `, box);
  }

  const prefixes = [[1e18, "E"], [1e15, "P"], [1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"],
    [1, ""], [1e-3, "m"], [1e-6, "\u00b5"],
    [1e-9, "n"], [1e-12, "p"], [1e-15, "f"], [1e-18, "a"]];

  /* A number and its unit, which no line's end may part. */
  const joined = (number, unit) => (unit ? `${number}\u00a0${unit.replace("mm2", "mm\u00b2")}`
    : String(number));

  /* A text whose figures no line's end may part from their units. */
  const tight = (text) => text.replace(
    /([0-9]) (?=(?:%|pt|\u00d7|[EPTGMkm\u00b5npfa]?(?:J|s|W)|[m\u00b5]m\u00b2|TOPS)(?![a-z0-9]))/g, "$1\u00a0");

  /* Three digits and a prefix; "none" for null. */
  function si(value, unit) {
    if (value === null || value === undefined) {
      return "none";
    }
    if (value === 0) {
      return joined(0, unit);
    }
    const size = Math.abs(Number(value.toPrecision(3)));
    const [factor, prefix] = prefixes.find(([f]) => size >= f) || prefixes[prefixes.length - 1];
    return joined((value / factor).toPrecision(3), `${prefix}${unit}`);
  }

  const percent = (fraction, digits = 2) => (fraction === null || fraction === undefined ? "none"
    : joined((100 * fraction).toFixed(digits), "%"));
  const count =
    (value) => (value === null || value === undefined ? "none" : value.toLocaleString("en-US"));
  /* In the largest unit of which there is one at least. */
  function lifetime(seconds) {
    const units = [[31557600, "year"], [86400, "day"], [3600, "hour"], [60, "minute"]];
    const unit = units.find(([size]) => seconds >= size);
    if (!unit) {
      return si(seconds, "s");
    }
    const amount = Number((seconds / unit[0]).toPrecision(3));
    return joined(count(amount), `${unit[1]}${amount === 1 ? "" : "s"}`);
  }
  /* A value as its figure is read: {kind, digits, unit} as the table of results has them. */
  function shown(figure, value) {
    if (value === null || value === undefined) {
      return "none";
    }
    switch (figure.kind) {
      case "fraction": return percent(value, figure.digits);
      case "count": return count(Math.round(10 * value) / 10); /* means have one digit more */
      case "area": return value === 0 || Math.abs(value) >= 5e-4 ? joined(value.toFixed(3), "mm\u00b2")
        : joined(Number((1e6 * value).toPrecision(3)), "\u00b5m\u00b2");
      case "lifetime": return lifetime(value);
      case "ratio": return joined(Number(value.toPrecision(3)), "\u00d7");
      case "number": return String(Number(value.toPrecision(figure.digits || 3)));
      default: return si(value, figure.unit);
    }
  }
  /* Up to what difference two accuracies of so many test images are chance: two standard errors. */
  const chance = (accuracy, images) => 2 * Math.sqrt((2 * accuracy * (1 - accuracy)) / images);
  const name = (key) => key.replaceAll("_", " ");

  const listed =
    (words) => (words.length < 2 ? words.join("")
      : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`);
  const RESOURCES = { image_port: "image port", dac: "DACs", tile: "tiles", adc: "ADCs",
    dpu: "digital unit", chi: "chi memory", program: "programming drivers" };
  const resourceName = (r) => RESOURCES[r] || name(r);
  /* Of latency_s.busiest: the resources within a point of the busiest, its use, and whether they
   * bind. Who works less than four fifths of the time is waited for by nobody alone: then phases
   * wait for each other. */
  function binding(busiest) {
    const rows = Object.entries(busiest || {}).filter(([, use]) => use > 0)
      .sort((a, b) => b[1] - a[1]);
    const use = rows.length ? rows[0][1] : 0;
    const keys = Object.keys(busiest || {}).filter((key) => use > 0 && busiest[key] > use - 0.01);
    return { keys, use, binds: use >= 0.8, names: listed(keys.map(resourceName)),
      next: rows[keys.length] };
  }

  const css = (variable) => getComputedStyle(document.documentElement).getPropertyValue(variable)
    .trim();

  /* The palette is that of page.css: a colour a phase, in every chart of every page; the same
   * colours tell series apart. Asked for when a chart is drawn, since light and dark have their
   * own. */
  const PHASES = ["forward", "error", "backward", "update", "transfer", "refresh", "test", "init"];
  const phaseColour = (phase) => css(`--phase-${phase}`);
  const SERIES = ["forward", "backward", "update", "refresh", "transfer", "error", "test", "init"];
  const ink = (i) => phaseColour(SERIES[i % SERIES.length]);

  /* Room beside the least and most value, so that no point lies on the frame. */
  function roomy(values, low = -Infinity, high = Infinity) {
    const known = values.filter((v) => v !== null && Number.isFinite(v));
    const [least, most] = [Math.min(...known), Math.max(...known)];
    const room = 0.08 * (most - least) || 0.1 * Math.abs(most) || 1;
    return known.length ? { suggestedMin: Math.max(least - room, low),
      suggestedMax: Math.min(most + room, high) } : {};
  }
  const axis = (title, extra) => ({ title: { display: true, text: title }, ...extra });
  /* A logarithmic axis that names powers of ten, and between few of them also 2 and 5. */
  const logarithmic =
    (title) => axis(title,
      { type: "logarithmic", ticks: { autoSkip: false, maxRotation: 0, callback(value) {
        const power = Math.floor(Math.log10(value) + 1e-9);
        const digit = Math.round(value / 10 ** power);
        const decades = Math.log10(this.max / this.min);
        return digit === 1 ? (power >= -3 && power <= 3 ? String(Number(value.toPrecision(1)))
          : `1e${power}`) : decades < 3 && (digit === 2 || digit === 5)
          ? String(Number(value.toPrecision(1))) : "";
      } } });

  /* Values of several sizes on a logarithmic axis; one value alone, or 0, on a plain one. */
  const errorAxis = (title, values) => (new Set(values).size > 1 && values.every((v) => v > 0)
    ? logarithmic(title) : axis(title, { type: "linear", min: 0, ...roomy(values, 0, 100) }));
  /* Legends show lines as they are drawn. */
  const lines = { usePointStyle: true, pointStyleWidth: 34, generateLabels: (chart) =>
    Chart.defaults.plugins.legend.labels.generateLabels(chart).map((label) => {
      const of = chart.data.datasets[label.datasetIndex];
      return { ...label, pointStyle: "line", lineDash: of.borderDash || [], lineWidth: 2,
        strokeStyle: of.borderColor };
    }) };

  /* Rows as RFC 4180. */
  function csv(columns, rows) {
    const quote = (value) => {
      const text = value === null || value === undefined ? "" : String(value);
      return /[",\r\n]/.test(text) ? `"${text.replaceAll("\"", "\"\"")}"` : text;
    };
    return [columns.map((c) => quote(c.group ? `${c.group}: ${c.name}` : c.name)),
      ...rows.map((row) => columns.map((c) => quote(row[c.key])))].map((r) => r.join(","))
      .join("\n");
  }

  async function copy(text, status) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      /* pages of file: have no clipboard everywhere */
      const area = el("textarea", { style: "position: fixed; opacity: 0" });
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    status.textContent = "copied";
  }

  function cell(column, row) {
    const value = row[column.key];
    const shown = column.show ? column.show(value, row) : value;
    return el(column.head ? "th" : "td",
      { scope: column.head ? "row" : null,
        class: [column.number ? "number" : "", column.class || ""].join(" ").trim() || null },
      shown === null || shown === undefined ? "" : shown);
  }

  /* Neighbours with the same group, below its name. */
  function groups(columns) {
    const spans = [];
    for (const column of columns) {
      if (spans.length && spans[spans.length - 1].group === column.group) {
        ++spans[spans.length - 1].span;
      } else {
        spans.push({ group: column.group, span: 1 });
      }
    }
    return el("tr", {},
      spans.map((s) => (s.group ? el("th", { scope: "colgroup", colspan: s.span, class: "group" },
        s.group) : el("td", { colspan: s.span }))));
  }

  /* columns: {key, name, number, show(value, row), class, head: names the row,
   * group: name above several, fixed: not sorted by};
   * sorted by the values, not by what is shown. options: mark(row), with markClass
   * or "changed"; class. */
  function table(caption, columns, rows, options = {}) {
    const body = el("tbody");
    const order = rows.slice();
    const fill =
      () => body.replaceChildren(
        ...order.map((row) =>
          el("tr", { class: options.mark && options.mark(row) ? options.markClass || "changed"
            : null },
          columns.map((c) => cell(c, row)))));
    const heads = columns.map((column) => {
      const head = el("th", { scope: "col", class: column.number ? "number" : null },
        column.fixed ? column.name : el("button", { type: "button", click: () => {
          const up = head.getAttribute("aria-sort") === "descending" ? 1
            : head.getAttribute("aria-sort") === "ascending" ? -1 : column.number ? -1 : 1;
          heads.forEach((other) => other.removeAttribute("aria-sort"));
          head.setAttribute("aria-sort", up > 0 ? "ascending" : "descending");
          order.sort((a, b) => {
            const x = a[column.key], y = b[column.key];
            if (x === null || x === undefined || y === null || y === undefined) {
              /* none comes last */
              return (x === null || x === undefined) - (y === null || y === undefined);
            }
            return up * (typeof x === "number" && typeof y === "number" ? x - y
              : String(x).localeCompare(String(y)));
          });
          fill();
        } }, column.name));
      return head;
    });
    const status = el("span", { class: "faint", role: "status" });
    const isVast = columns.length > 16 && !/many/.test(options.class); /* no paper holds it */
    fill();
    return el("div", {},
      el("div", { class: "caption" }, caption),
      el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
        el("table", { class: [options.class, columns.length > 10 && "wide",
          isVast && "vast"].filter(Boolean).join(" ") || null, "aria-label": caption },
          el("thead", {}, columns.some((c) => c.group) ? groups(columns) : null,
            el("tr", {}, heads)), body)),
      isVast ? el("p", { class: "faint on-paper" }, `${count(columns.length)} columns do not fit ` +
        "on paper: the page copies them as CSV.") : null,
      el("div", { class: "tools" },
        el("button",
          { type: "button", class: "plain", click: () => copy(csv(columns, order), status) },
          "Copy as CSV"), status));
  }

  function theme() {
    Chart.defaults.color = css("--text");
    Chart.defaults.borderColor = css("--line");
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.animation = false;
    Chart.defaults.maintainAspectRatio = false;
  }

  function draw(entry) {
    const words = typeof entry.summary === "function" ? entry.summary() : entry.summary;
    theme();
    entry.caption.textContent = words;
    entry.canvas.setAttribute("aria-label", `${entry.title}. ${words}`);
    entry.chart = new Chart(entry.canvas, entry.make());
  }

  function redraw(entry) {
    if (entry.chart) {
      entry.chart.destroy();
    }
    draw(entry);
  }

  /* make() gives the chart's configuration, anew for each colour scheme and redraw();
   * `summary`, a text or what gives one, says in words what is seen. */
  function chart(title, summary, make, options = {}) {
    const canvas = el("canvas", { role: "img" });
    const caption = el("figcaption");
    const figure =
      el("figure", {}, el("h3", {}, title),
        el("div", { class: options.tall ? "frame tall" : "frame" }, canvas), caption);
    const entry = { title, summary, make, canvas, caption, chart: null };
    charts.push(entry);
    figure.redraw = () => redraw(entry);
    return figure;
  }

  /* Dark blue, green, yellow for 0 to 1: lightness grows, so that it reads in grey too. */
  const steps = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];
  function colour(fraction) {
    const place = Math.min(Math.max(fraction, 0), 1) * (steps.length - 1);
    const i = Math.min(Math.floor(place), steps.length - 2);
    return steps[i].map((v, k) => Math.round(v + (place - i) * (steps[i + 1][k] - v)));
  }
  const shade = (fraction) => `rgb(${colour(fraction).join(" ")})`;

  /* From 0 to `most`: what the colours of `shade` stand for. */
  function colourBar(low, high, title) {
    const stops = steps.map((_, i) => shade(i / (steps.length - 1))).join(", ");
    return el("div", { class: "bar" }, el("span", {}, low),
      el("span", { class: "ramp", style: `background: linear-gradient(90deg, ${stops})` }),
      el("span", {}, high), el("span", { class: "faint" }, title));
  }

  function section(id, title, ...content) {
    return el("section", { id, "aria-labelledby": `${id}-title` },
      el("h2", { id: `${id}-title` }, title), content);
  }

  /* What make() gives, or a line in its place: one figure that is not there takes no more than its
   * section. */
  function guarded(id, title, make) {
    try {
      return make();
    } catch (fault) {
      return section(id, title,
        el("p", { class: "damaged" },
          `This part cannot be shown: its data are damaged (${fault.message}).`));
    }
  }

  /* Draws the charts that came onto the page, and forgets those that left it. */
  function drawAll() {
    charts.splice(0, charts.length, ...charts.filter((entry) => {
      if (entry.chart && !entry.canvas.isConnected) {
        entry.chart.destroy();
        return false;
      }
      return true;
    }));
    charts.filter((entry) => !entry.chart && entry.canvas.isConnected).forEach((entry) => {
      try {
        draw(entry);
      } catch (fault) {
        entry.caption.textContent =
          `This chart cannot be drawn: its data are damaged (${fault.message}).`;
      }
    });
  }

  /* Puts the sections on the page, with a list of them, and draws their charts. */
  function show(head, sections) {
    const main = document.getElementById("page");
    const links =
      sections.map((s) => el("li", {},
        el("a", { href: `#${s.id}` }, s.querySelector("h2").textContent)));
    main.replaceChildren(head, el("nav", { "aria-label": "Sections" }, el("ul", {}, links)),
      ...sections);
    drawAll();
    const redrawAll = () => charts.filter((entry) => entry.chart).forEach(redraw);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);
    const print = (on) => () => {
      /* colours of paper, whatever the screen's */
      document.documentElement.classList.toggle("printing", on);
      redrawAll();
    };
    addEventListener("beforeprint", print(true));
    addEventListener("afterprint", print(false));
  }

  return { data, PHASES, phaseColour, ink, el, svg, fits, cut, drawing, select, joined, tight, si, percent, count,
    shown, chance, name, listed, resourceName, binding, css, table, chart, drawAll, axis, logarithmic, errorAxis, roomy, lines, colour, shade, colourBar, section,
    guarded, show };
})();
