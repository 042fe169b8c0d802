/* Pictures of a run that Chart.js has no chart for: the chip, the timeline of an image, wear. */
"use strict";
const drawing = (() => {
  const { el, svg, fits, cut, si, percent, count, shown, name, colour, shade } = page;

  /* What a block is called, and where there is little room. */
  const BLOCKS = { pcm_device: ["PCM devices", "PCM"], tile_control: ["tile control", "control"],
    dac: ["DACs"], adc: ["ADCs"], sample_hold: ["sample and holds", "S/H"],
    program_driver: ["programming drivers", "drivers"],
    dpu_lane: ["lanes of the digital unit", "lanes"], sigmoid_unit: ["sigmoid units", "sigmoid"],
    register_bit: ["registers"], chi_bit: ["chi memory", "chi"], buffer_bit: ["buffers"],
    softmax_unit: ["softmax units", "softmax"], pool_unit: ["pooling units", "pooling"],
    gather_unit: ["gathering units", "gather"], accumulator_bit: ["accumulators", "sums"],
    weight_bit: ["weight memory", "weights"], scan_map_bit: ["scan maps", "map"],
    comparator: ["comparators", "compare"], link_bit: ["stops of the interconnect", "stops"] };
  const wordings = (block) => BLOCKS[block] || [name(block)];
  const blockName = (block) => wordings(block)[0];

  /* Rectangles whose areas are to the items' sizes, none of them long and thin if it can be helped:
   * squarified treemap, Bruls, Huizing and van Wijk (2000). Each item gets x, y, w, h. */
  function treemap(items, x, y, w, h) {
    const left = items.filter((i) => i.size > 0).sort((a, b) => b.size - a.size);
    const scale = (w * h) / left.reduce((sum, i) => sum + i.size, 0);
    const worst = (row, side) => {
      const sum = scale * row.reduce((s, i) => s + i.size, 0);
      return Math.max(...row.map((i) => Math.max((side * side * i.size * scale) / (sum * sum),
        (sum * sum) / (side * side * i.size * scale))));
    };
    const placed = [];
    while (left.length) {
      const side = Math.min(w, h);
      const row = [left.shift()];
      while (left.length && worst([...row, left[0]], side) <= worst(row, side)) {
        row.push(left.shift());
      }
      const depth = (scale * row.reduce((s, i) => s + i.size, 0)) / side;
      let along = 0;
      for (const item of row) {
        const length = (scale * item.size) / depth;
        placed.push(w >= h ? { ...item, x, y: y + along, w: depth, h: length }
          : { ...item, x: x + along, y, w: length, h: depth });
        along += length;
      }
      [x, y, w, h] = w >= h ? [x + depth, y, w - depth, h] : [x, y + depth, w, h - depth];
    }
    return placed;
  }

  /* Lines of text in a rectangle, of each the first wording that fits, as many as there is room
   * for. */
  function label(r, lines, bright) {
    const size = r.w > 110 && r.h > 34 ? 13 : 11;
    return lines.map((ways, i) =>
      ways.find((text) => fits(text, size, r.w - 8, i === 0 ? 600 : 400)))
      .filter(Boolean).slice(0, Math.max(Math.floor((r.h - 3) / (size + 2)), 0))
      .map((text, i) => svg("text", { x: r.x + 4, y: r.y + 2 + (i + 1) * (size + 1),
        "font-size": size, "font-weight": i === 0 ? 600 : 400,
        fill: bright ? "#000000" : "#ffffff" }, text));
  }

  /* Three digits, in square micrometres where there are few. */
  const area = (v) => (v >= 0.001 ? page.joined(v < 999.5 ? v.toPrecision(3) : Math.round(v), "mm\u00b2")
    : shown({ kind: "area" }, v));

  const WAYS = [["energy", "energy"], ["use", "how busy they are"]];

  /* The blocks of each layer, and what all layers share, to scale of area. `titles` has a name for
   * each entry of the plan, `images` how many the energy is spread over. */
  function chip(plan, titles, images) {
    let way = "energy";
    const all = plan.reduce((sum, b) => sum + b.area_mm2, 0);
    const joules = plan.reduce((sum, b) => sum + b.energy_j, 0);
    const most = () => (way === "use" ? 1 : plan.reduce((a, b) => Math.max(a, b.energy_j), 0) || 1);
    /* energies lie decades apart: their colours go by the root */
    const part = (b) => (way === "use" ? b.use : Math.sqrt(b.energy_j / most()));
    const told = (b) => (way === "use" ? `busy ${percent(b.use, 0)}`
      : `${percent(joules ? b.energy_j / joules : 0, 1)} of energy`);
    const picture = (width) => {
      const height = Math.round(width < 500 ? width : Math.min(0.44 * width, 380));
      const groups = titles.map((title, entry) => ({ title, entry,
        size: plan.filter((b) => b.entry === entry).reduce((sum, b) => sum + b.area_mm2, 0) }));
      const drawn = treemap(groups, 1, 1, width - 2, height - 2).map((g) => {
        const blocks = treemap(plan.filter((b) => b.entry === g.entry)
          .map((b) => ({ ...b, size: b.area_mm2 })), g.x, g.y, g.w, g.h);
        return [blocks.map((b, i) => {
          const [red, green, blue] = colour(part(b));
          const lines = [...(i === 0 ? [[g.title, g.title.split(" (")[0]]] : []),
            wordings(b.block), [`${area(b.area_mm2)}, ${told(b)}`, area(b.area_mm2)]];
          return svg("g", { "data-entry": b.entry, "data-block": b.block },
            svg("rect", { x: b.x, y: b.y, width: b.w, height: b.h, fill: shade(part(b)),
              stroke: "var(--back)", "stroke-width": 1 },
            svg("title", {}, `${g.title}: ${blockName(b.block)}, ${count(b.instances)} built, ` +
              `${area(b.area_mm2)} (${percent(b.area_mm2 / all, 1)} of the ` +
              `area), ${si(b.energy_j / images, "J")} an image, busy ${percent(b.use, 1)}`)),
            label(b, lines, 0.3 * red + 0.59 * green + 0.11 * blue > 110));
        }), svg("rect", { x: g.x, y: g.y, width: g.w, height: g.h, fill: "none",
          stroke: "var(--text)", "stroke-width": 1.5, "pointer-events": "none" })];
      });
      bar.replaceChildren(page.colourBar(way === "use" ? "0\u00a0%" : "0\u00a0J", way === "use" ? "100\u00a0%"
        : si(most() / images, "J"), way === "use" ? "of the time that its units are busy"
        : `an image that is spent in the block; by its root, the middle is ${si(most() / images / 4, "J")}`));
      return svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "chip", role: "img",
        "aria-label": words }, drawn.flat(2));
    };
    const first = plan.slice().sort((a, b) => b.area_mm2 - a.area_mm2)[0];
    /* "ADCs of layer 0", "registers, shared by all layers" */
    const ofLayer = (b) => `${blockName(b.block)}${/^shared/.test(titles[b.entry]) ? ","
      : " of"} ${titles[b.entry]}`;
    const hot = plan.slice().sort((a, b) => b.energy_j - a.energy_j)[0];
    const words = first ? `${area(all)} in all. Largest: ` +
      `${ofLayer(first)}, ` +
      `${percent(first.area_mm2 / all, 0)} of the area. Most energy: ` +
      `${ofLayer(hot)}, ` +
      `${percent(joules ? hot.energy_j / joules : 0, 0)}.` : "Nothing is built.";
    const bar = el("div");
    const place = page.drawing(picture);
    const choice = el("fieldset", { class: "switch" }, el("legend", {}, "coloured by"),
      WAYS.map(([key, text]) => el("label", { class: "choice" },
        el("input", { type: "radio", name: "chip-colour", value: key, checked: key === way,
          change: () => {
            way = key;
            place.redraw();
          } }), text)));
    return el("figure", { class: "chip-figure" }, el("h3", {}, "The chip, blocks to scale of area"),
      choice, place, bar, el("figcaption", {}, `${words} Outlines are layers; what has no room ` +
        "for a label is told by pointing at it, and in the table of blocks."));
  }

  /* Operations of a timeline: [track, name, phase, start, end, busy]. */
  const operations = (t) => t.operations.map(([track, what, phase, start, end, busy]) =>
    ({ track, name: t.names[what], phase: t.names[phase], start_ps: start, end_ps: end,
      busy_ps: busy }));

  /* An image is loaded while others are worked on: its own time begins with its first read. */
  const isLoad = (t, o) => t.tracks[o.track].resource === "image_port";

  /* Bars of a row that cannot be told apart are one; `held` is how long its operations take. */
  function bars(row, x) {
    const merged = [];
    for (const o of row.slice().sort((a, b) => a.start_ps - b.start_ps)) {
      const last = merged[merged.length - 1];
      if (last && last.phase === o.phase && x(o.start_ps) - x(last.end_ps) < 0.5) {
        last.held += Math.max(o.end_ps - Math.max(o.start_ps, last.end_ps), 0);
        last.end_ps = Math.max(last.end_ps, o.end_ps);
        last.count += 1;
      } else {
        merged.push({ ...o, count: 1, held: o.end_ps - o.start_ps });
      }
    }
    return merged;
  }

  /* Rows are units, bars operations, colours phases. Rows without a bar are folded. */
  function timeline(t, every) {
    const all = operations(t);
    const work = all.filter((o) => !isLoad(t, o));
    const first = work.reduce((a, o) => Math.min(a, o.start_ps), Infinity);
    const end = work.reduce((a, o) => Math.max(a, o.end_ps), 0);
    const seen = all.filter((o) => o.end_ps > first && o.start_ps < end)
      .map((o) => ({ ...o, start_ps: Math.max(o.start_ps, first),
        end_ps: Math.min(o.end_ps, end) }));
    const rows = t.tracks.map((track, i) => ({ ...track, of: seen.filter((o) => o.track === i) }));
    const awake = rows.filter((r) => r.of.length);
    const idle = rows.filter((r) => !r.of.length);
    const phases = page.PHASES.filter((p) => seen.some((o) => o.phase === p));
    const busy = t.tracks.map((track, i) => ({ track: track.name,
      busy: all.filter((o) => o.track === i).reduce((sum, o) => sum + o.busy_ps, 0),
      operations: all.filter((o) => o.track === i).length,
      loads: all.some((o) => o.track === i && isLoad(t, o)) }));
    const most = busy.filter((b) => !b.loads).reduce((a, b) => (b.busy > a.busy ? b : a));
    const loaded = all.filter((o) => isLoad(t, o) && o.end_ps <= first)
      .reduce((a, o) => Math.max(a, first - o.end_ps), 0);
    const words = `Image ${count(t.image)}: ${count(all.length)} operations, ` +
      `${si((end - first) / 1e12, "s")} from its first read to its last operation; busiest: ` +
      `${most.track}, ${percent(most.busy / (end - first), 0)} of it.` +
      (all.length > 500 ? " Bars are paler where many operations have pauses between them." : "") +
      (t.operations_left_out ? ` ${count(t.operations_left_out)} more operations are left out.`
        : "") + (loaded ? ` It was loaded before, ${si(loaded / 1e12, "s")} ahead of its first ` +
        "read, while the chip worked on the images before it." : "") + " Pulses overlap with the " +
      `next image${every > 0 ? `, and refreshes come every ${count(every)} images` : ""}.`;
    const picture = (width) => {
      const isNarrow = width < 600; /* names above their rows */
      const left = isNarrow ? 4 : 190, right = 12, row = isNarrow ? 32 : 22, bottom = 24;
      const height = row * awake.length + bottom + 4;
      const x = (ps) => left + ((width - left - right) * (ps - first)) / (end - first);
      const step = 10 ** Math.floor(Math.log10((end - first) / 4));
      const tick = [1, 2, 5, 10].map((m) => m * step)
        .find((m) => (end - first) / m <= (isNarrow ? 4 : 8));
      const ticks = Array.from({ length: Math.floor((end - first) / tick) + 1 },
        (_, i) => i * tick);
      const anchor = (ps) => (ps === 0 ? "start" : x(first + ps) > width - 30 ? "end" : "middle");
      return svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "gantt", role: "img",
        "aria-label": words },
      ticks.map((ps) => [svg("line", { x1: x(first + ps), x2: x(first + ps), y1: 2,
        y2: height - bottom, stroke: "var(--line)" }),
      svg("text", { x: x(first + ps), y: height - 8, "text-anchor": anchor(ps),
        fill: "var(--text)", "font-size": 12 }, si(ps / 1e12, "s"))]).flat(),
      awake.map((r, i) => svg("text", isNarrow ? { x: left, y: 2 + row * i + 12, "font-size": 11,
        fill: "var(--text)" } : { x: left - 8, y: 2 + row * i + 16, "text-anchor": "end",
        "font-size": 12, fill: "var(--text)" }, cut(r.name, 12, isNarrow ? width : left - 12))),
      awake.flatMap((r, i) => bars(r.of, x).map((o) => svg("rect",
        { x: x(o.start_ps), y: 2 + row * i + (isNarrow ? 16 : 4), height: isNarrow ? 12 : row - 8,
          width: Math.max(x(o.end_ps) - x(o.start_ps), 0.75), fill: `var(--phase-${o.phase})`,
          "fill-opacity": 0.3 + 0.7 * o.held / Math.max(o.end_ps - o.start_ps, 1),
          "data-track": o.track, "data-count": o.count },
        svg("title", {}, (o.count > 1 ? `${count(o.count)} operations, busy ` +
          `${percent(o.held / (o.end_ps - o.start_ps), 0)}, ` : `${o.name}, `) +
          `${name(o.phase)}, ${si((o.end_ps - o.start_ps) / 1e12, "s")} from ` +
          `${si((o.start_ps - first) / 1e12, "s")} on`)))));
    };
    return { all, first, busy, end, figure: el("figure", {},
      el("h3", {}, "Timeline of one image, from its first read on"),
      legend(phases), page.drawing(picture),
      idle.length ? el("details", { class: "idle" }, el("summary", {},
        `${count(idle.length)} unit${idle.length === 1 ? " does" : "s do"} nothing in this time`),
      el("p", { class: "faint" }, `${idle.map((r) => r.name).join(", ")}.`)) : null,
      el("figcaption", {}, words)) };
  }

  /* Which colour is which phase. */
  const legend = (phases) => el("ul", { class: "legend" }, phases.map((p) =>
    el("li", {}, el("span", { style: `background: var(--phase-${p})` }), name(p))));

  /* The most pulses of a device in each block of a layer. */
  function wear(layer, title) {
    const map = layer.wear.map;
    const rows = map.most.length, cols = map.most[0].length;
    const most = map.most.flat().reduce((a, b) => Math.max(a, b), 0);
    const canvas = el("canvas", { width: cols, height: rows, role: "img",
      "aria-label": `Wear of ${title}: most pulses on a device of each block, ` +
        `${count(most)} at most` });
    const context = canvas.getContext("2d");
    const image = context.createImageData(cols, rows);
    map.most.flat()
      .forEach((n, i) =>
        image.data.set([...colour(most ? Math.log1p(n) / Math.log1p(most) : 0), 255], 4 * i));
    context.putImageData(image, 0, 0);
    canvas.style.aspectRatio = `${Math.min(Math.max(cols / rows, 0.5), 2)}`;
    return el("figure", {}, el("h3", {}, `Wear of ${title}`),
      el("div", { class: "frame map" }, canvas),
      page.colourBar("0", count(most), "pulses of a device, logarithmic"),
      el("figcaption", {}, `Inputs from top to bottom, outputs from left to right; a block is ` +
        `${map.block_rows}\u00a0\u00d7\u00a0${map.block_cols} pairs, its colour the most pulses of a ` +
        `device in it; the last row is that of the bias.`));
  }

  return { area, chip, blockName, timeline, wear };
})();
