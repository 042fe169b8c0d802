/*
 * node report_page.js RUN SHOTS NAME: RUN/report.html in headless Chromium. No console message, no request, every chart drawn, figures equal
 * to summary.json, tables sort, explanations lead to sources, keys work. Pictures for the eye go into SHOTS.
 */
"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { open, look, checkJoined } = require("./browser.js");

const run = path.resolve(process.argv[2]);
const shots = path.resolve(process.argv[3]);
const file = path.join(run, "report.html");
const summary = JSON.parse(fs.readFileSync(path.join(run, "summary.json"), "utf8"));
const energyRows = fs.readFileSync(path.join(run, "energy.csv"), "utf8").trim().split("\n").length - 1;

const PREFIX = { E: 1e18, P: 1e15, T: 1e12, G: 1e9, M: 1e6, k: 1e3, "": 1, m: 1e-3, "\u00b5": 1e-6, n: 1e-9, p: 1e-12, f: 1e-15, a: 1e-18 };

/* "92.7 mJ" as 0.0927 */
function number(text, unit) {
  const found = text.replaceAll("\u00a0", " ").match(new RegExp(`^(-?[0-9.]+) ([EPTGMkm\u00b5npfa]?)${unit}$`));
  assert.ok(found, `"${text}" is no figure in ${unit}`);
  return Number(found[1]) * PREFIX[found[2]];
}

/* Three digits of it are shown. */
function shows(text, unit, wanted) {
  assert.ok(Math.abs(number(text, unit) - wanted) <= 0.0051 * Math.abs(wanted), `${text} stands for ${wanted} ${unit}`);
}

const cardOf = (page, title) => page.locator("header .card", { has: page.locator(".name", { hasText: new RegExp(`^${title}$`) }) });

async function checkFigures(page) {
  const card = async (title) => cardOf(page, title).locator(".value").innerText();
  assert.equal(await card("Test accuracy"), `${(100 * summary.accuracy.test_final).toFixed(2)} %`);
  shows(await card("Energy of training"), "J", summary.energy_j.total);
  shows(await card("Energy per image"), "J", summary.energy_j.per_image);
  shows(await card("Latency of training"), "s", summary.latency_s.total);
  shows(await card("Latency per image"), "s", summary.latency_s.per_image);
  shows(await card("Area"), "mm\u00b2", summary.area_mm2.total);
  /* a lead of less than a point is none; nobody binds alone who works less than four fifths of the time */
  const busy = Object.entries(summary.latency_s.busiest).sort((x, y) => y[1] - x[1]);
  const tied = Object.entries(summary.latency_s.busiest).filter(([, use]) => use > busy[0][1] - 0.01).map(([key]) => ({ image_port: "image port", dac: "DACs", tile: "tiles", adc: "ADCs",
    dpu: "digital unit", chi: "chi memory", program: "programming drivers" })[key]);
  const names = [tied.slice(0, -1).join(", "), tied[tied.length - 1]].filter(Boolean).join(" and ");
  const isAlone = busy[0][1] >= 0.8, most = `${(100 * busy[0][1]).toFixed(0)} %`;
  assert.equal(await card("What binds"), isAlone ? names : "order of phases");
  shows(await card("Average power"), "W", summary.power_w.average);
  shows(await card("Efficiency"), "TOPS/W", summary.throughput.tops_per_w);
  const lead = await page.locator("header .lead").innerText();
  assert.match(lead, new RegExp(`on ${summary.dataset.name} in .* ${isAlone ? `the busiest, ${names}, binds?` : `the order of the phases binds, since they wait for each other \\(busiest: ${names}, ${most} of the time\\)`}`));
  assert.match(lead, new RegExp(`Of the energy [a-z]+ .*; static, part of all phases, ${(100 * summary.energy_j.static / summary.energy_j.total).toFixed(0)} %\\.`));
  /* what a word of the first screen is, how long the chip lasts, and no line of a table for what was not reached */
  assert.equal(lead.includes("Chi is memory that collects weight changes until they make a pulse."), summary.array.chi_bits > 0, lead);
  assert.equal(await cardOf(page, "Lifetime").count(), summary.writes.lifetime_s === null ? 0 : 1);
  const reached = Object.values(summary.milestones).some((m) => m !== null);
  assert.deepEqual(await page.locator("p.milestones").allInnerTexts(), reached ? [] : ["No milestone was reached: the test accuracy stayed below 90 %."]);
  assert.equal(await page.locator("#accuracy .caption", { hasText: "Milestones" }).count(), reached ? 1 : 0);
  const said = await page.locator("main").innerText();
  assert.ok(!/mm2| of shared/.test(said), said.match(/.{30}(mm2| of shared).{30}/));
  const note = await cardOf(page, "What binds").innerText();
  assert.ok(note.includes(isAlone ? `busy ${most} of the time` : `busiest: ${names}, ${most}`), note);
  assert.ok(busy.length === tied.length || note.includes(`, ${(100 * busy[tied.length][1]).toFixed(0)} %`), note);
  const least = Math.min(...Object.values(summary.roofline).map((r) => r.images_per_s).filter((rate) => rate > 0));
  const cells = await page.locator("#time table", { hasText: "would let through" }).first().locator("tbody tr").first().locator("td").allInnerTexts();
  shows(cells[cells.length - 1], "", least);
  /* the sentence names who wins and who loses; what has to be said beside it follows */
  const [verdict, beside] = [await page.locator("h1").innerText(), summary.verdict.text];
  const [low, high] = ["low", "high"].map((end) => summary.baselines[summary.verdict.design][`total_energy_ratio_${end}`]);
  assert.match(verdict, low < 1 && high > 1 ? /^The .* and the .* cannot be told apart in energy within the ranges of their figures: the .* needs [0-9.e+]+ times as much \([0-9.e+]+ to [0-9.e+]+\)\.$/
    : /^The .*needs less energy than the .*, which needs [0-9.e+]+ times as much \([0-9.e+]+ to [0-9.e+]+\)\.$/);
  assert.equal(verdict.toLowerCase(), `${beside.slice(0, verdict.length - 1)}.`.toLowerCase());
  if (beside.length > verdict.length) {
    assert.ok(lead.toLowerCase().startsWith(beside.slice(verdict.length + 1).toLowerCase()), lead);
  }
  assert.deepEqual(await page.locator("header .notices li").allInnerTexts(), summary.advice.map((a) => `${a.text}.`));
  const parts = await page.locator("#energy table").first().locator("tbody tr").evaluateAll((rows) => rows.map((r) => [...r.cells].map((c) => c.textContent.replaceAll("\u00a0", " "))));
  const wanted = Object.entries(summary.energy_j.by_component).filter(([, c]) => c.total > 0);
  assert.equal(parts.length, wanted.length);
  for (const [name, c] of wanted) {
    const row = parts.find((r) => r[0] === name.replaceAll("_", " "));
    shows(row[1], "J", c.total);
    shows(row[3], "J", c.low);
    shows(row[4], "J", c.high);
  }
}

/* A row a layer, of what they share and of the chip, each figure that of summary.json, and an explanation of its own. */
async function checkLayers(page) {
  const tables = page.locator("#layers table");
  /* rows as objects, by the columns' heads */
  const cells = async (i) => {
    const texts = (rows) => rows.map((r) => [...r.cells].map((c) => c.textContent.replaceAll("\u00a0", " ")));
    const heads = (await tables.nth(i).locator("thead tr").evaluateAll(texts)).pop();
    return (await tables.nth(i).locator("tbody tr").evaluateAll(texts)).map((r) => Object.fromEntries(r.map((text, k) => [heads[k], text])));
  };
  const energy = await cells(0);
  const writes = await cells(1);
  assert.equal(energy.length, summary.layers.length + 1);
  [...summary.layers, summary].forEach((layer, i) => {
    const title = i === summary.layers.length ? "all" : layer.kind ? `${layer.layer} ${layer.kind} ${layer.shape}` : "shared";
    assert.equal(energy[i].layer, title);
    assert.equal(writes[i].layer, title);
    assert.equal(energy[i].rows, typeof layer.rows === "number" ? layer.rows.toLocaleString("en-US") : "");
    assert.equal(energy[i].tiles, String(layer.array.tiles));
    if (layer.energy_j.static > 0) {
      shows(energy[i]["energy per image"], "J", layer.energy_j.per_image);
      shows(energy[i]["static energy, all of training"], "J", layer.energy_j.static);
    }
    assert.equal(writes[i]["SET pulses"], layer.writes.set_total.toLocaleString("en-US"));
  });
  const designs = Object.values(summary.baselines);
  const beside = await tables.nth(2).locator("tbody tr").evaluateAll((rows) => rows.map((r) => [...r.cells].map((c) => c.textContent.replaceAll("\u00a0", " "))));
  assert.equal(beside.length, summary.layers.length + 1);
  beside.forEach((row, i) => { /* the chip's energy, the designs', their times */
    assert.equal(row[0], energy[i].layer);
    shows(row[1], "J", (summary.layers[i] ?? summary).energy_j.per_image);
    designs.forEach((design, d) => {
      const part = i < summary.layers.length ? design.layers[i] : { energy_j: { per_image: design.energy_j_per_image }, latency_s: { per_image: design.latency_s_per_image } };
      shows(row[2 + d], "J", part.energy_j.per_image);
      if (part.latency_s.per_image > 0) {shows(row[2 + designs.length + d], "s", part.latency_s.per_image);}
    });
  });
  await tables.nth(0).locator("tbody tr").nth(0).locator("button").nth(6).click();
  const dialog = page.locator("dialog");
  assert.match(await dialog.innerText(), /^layers\.0\.energy_j\.per_image/);
  await page.keyboard.press("Escape");
  await dialog.waitForNone();
}

/* What a manager asks is on the first screen: verdict, figures, the chip, the designs beside it. Advice moves them down. */
async function checkFirstScreen(page) {
  const advice = await page.evaluate(() => document.querySelector("header .notices")?.getBoundingClientRect().height ?? 0);
  assert.ok(advice < 400, `advice takes ${advice}`);
  const low = await page.evaluate(() => ["h1", ".lead", "header .cards", "svg.chip", "header .two table"].map((what) => [what, document.querySelector(what).getBoundingClientRect().bottom + scrollY]));
  low.forEach(([what, bottom]) => assert.ok(bottom <= 800 + (advice > 0 ? advice + 24 : 0), `${what} ends at ${bottom}`));
}

/* Blocks cover the drawing in the proportion of their areas, which with their energies add up to the run's; the switch changes colours alone. */
async function checkDrawing(page) {
  const plan = await page.evaluate(() => JSON.parse(document.getElementById("data").textContent.replaceAll("\u00a0", " ")).floor_plan);
  const near = (got, wanted, what) => assert.ok(Math.abs(got - wanted) <= 1e-9 * wanted, `${what}: ${got} for ${wanted}`);
  near(plan.reduce((sum, b) => sum + b.area_mm2, 0), summary.area_mm2.total, "area of all blocks");
  near(plan.reduce((sum, b) => sum + b.energy_j, 0), summary.energy_j.total, "energy of all blocks");
  const rects = () => page.locator("svg.chip g rect").evaluateAll((all) => all.map((r) => ({ entry: Number(r.parentNode.dataset.entry), block: r.parentNode.dataset.block,
    area: Number(r.getAttribute("width")) * Number(r.getAttribute("height")), fill: r.getAttribute("fill") })));
  const drawn = await rects();
  assert.equal(drawn.length, plan.filter((b) => b.area_mm2 > 0).length);
  const whole = drawn.reduce((sum, r) => sum + r.area, 0);
  drawn.forEach((r) => near(r.area / whole, plan.find((b) => b.entry === r.entry && b.block === r.block).area_mm2 / summary.area_mm2.total, r.block));
  /* colours go by the root of the energy, so that small ones are told apart */
  const steps = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];
  const peak = Math.max(...plan.map((b) => b.energy_j));
  drawn.forEach((r) => {
    const at = 4 * Math.sqrt(plan.find((b) => b.entry === r.entry && b.block === r.block).energy_j / peak), i = Math.min(Math.floor(at), 3);
    assert.equal(r.fill, `rgb(${steps[i].map((v, k) => Math.round(v + (at - i) * (steps[i + 1][k] - v))).join(" ")})`, r.block);
  });
  assert.match(await page.locator(".chip-figure .bar").innerText(), /by its root, the middle is [0-9.]+ .?J/);
  await page.locator("input[value=use]").click();
  const used = await rects();
  assert.deepEqual(used.map((r) => r.area), drawn.map((r) => r.area));
  /* what is busy alike looks alike, and what spends most is the lightest */
  const of = (r) => plan.find((b) => b.entry === r.entry && b.block === r.block);
  used.forEach((r, i) => used.slice(i + 1).filter((other) => of(other).use === of(r).use).forEach((other) => assert.equal(other.fill, r.fill, `${r.block}, ${other.block}`)));
  const [idle, busiest] = [Math.min, Math.max].map((end) => end(...plan.map((b) => b.use)));
  if (busiest > idle + 0.2) {
    assert.notEqual(used.find((r) => of(r).use === busiest).fill, used.find((r) => of(r).use === idle).fill);
  }
  const hottest = Math.max(...plan.map((b) => b.energy_j));
  assert.equal(drawn.find((r) => of(r).energy_j === hottest).fill, "rgb(253 231 37)");
  await page.locator("input[value=energy]").click();
}

/* The picture begins with the first read; every operation after it is under a bar of its phase's colour; units without one are folded. */
async function checkTimeline(page) {
  const t = JSON.parse(fs.readFileSync(path.join(run, "timeline.json"), "utf8"));
  const reads = t.operations.filter((o) => t.tracks[o.track].resource !== "image_port");
  const first = Math.min(...reads.map((o) => o.start_ps)), end = Math.max(...reads.map((o) => o.end_ps));
  const bars = await page.locator("svg.gantt rect").evaluateAll((all) => all.map((r) => ({ ...Object.fromEntries(["x", "width"].map((a) => [a, Number(r.getAttribute(a))])),
    track: Number(r.dataset.track), count: Number(r.dataset.count), fill: r.getAttribute("fill") })));
  const seen = t.operations.filter((o) => o.end_ps > first);
  assert.equal(bars.reduce((sum, b) => sum + b.count, 0), seen.length);
  const left = Math.min(...bars.map((b) => b.x)), right = Math.max(...bars.map((b) => b.x + b.width));
  const labels = await page.locator("svg.gantt text").evaluateAll((all) => all.map((e) => [e.textContent.replaceAll("\u00a0", " "), Number(e.getAttribute("x"))]));
  assert.equal(labels.find(([text]) => text === "0 s")[1], left, "the first bar begins at 0 s");
  seen.forEach((o) => {
    const from = left + ((right - left) * (Math.max(o.start_ps, first) - first)) / (end - first), to = left + ((right - left) * (o.end_ps - first)) / (end - first);
    assert.ok(bars.some((b) => b.track === o.track && b.fill === `var(--phase-${o.phase})` && b.x <= from + 1 && b.x + b.width >= to - 1), `${o.name} at ${o.start_ps}`);
  });
  const idle = t.tracks.filter((_, i) => !seen.some((o) => o.track === i)).map((track) => track.name);
  assert.ok(idle.length > 0, "the image was loaded before");
  assert.equal(await page.locator("details.idle p").evaluate((e) => e.textContent.replaceAll("\u00a0", " ")), `${idle.join(", ")}.`);
  idle.forEach((name) => assert.ok(!labels.some(([text]) => text === name), `${name} has no row`));
  const starts = await page.locator("#time details table").nth(1).locator("tbody tr td:nth-child(4)").allTextContents();
  assert.deepEqual(starts.map((s) => Number(s.replaceAll(",", ""))), t.operations.map((o) => o.start_ps - first));
  const busy = t.tracks.map((_, i) => reads.filter((o) => o.track === i).reduce((sum, o) => sum + o.busy_ps, 0));
  const most = Math.max(...busy);
  const words = await page.locator("figure:has(svg.gantt) figcaption").innerText();
  assert.ok(words.includes(`busiest: ${t.tracks[busy.indexOf(most)].name}, ${((100 * most) / (end - first)).toFixed(0)} % of it.`), words);
}

/* A phase has one colour, in the charts and in the timeline. */
async function checkColours(page) {
  const wrong = await page.evaluate(() => {
    const phases = ["forward", "error", "backward", "update", "transfer", "refresh"];
    const colour = (phase) => getComputedStyle(document.documentElement).getPropertyValue(`--phase-${phase}`).trim();
    const stacks = Object.values(Chart.instances).flatMap((c) => c.data.datasets).filter((d) => phases.includes(d.label));
    const path = Object.values(Chart.instances).find((c) => c.canvas.getAttribute("aria-label").startsWith("What the time goes to"));
    return { stacks: stacks.length, wrong: [...stacks.filter((d) => d.backgroundColor !== colour(d.label)).map((d) => d.label),
      ...path.data.labels.filter((label, i) => path.data.datasets[0].backgroundColor[i] !== colour(label))] };
  });
  assert.deepEqual(wrong.wrong, []);
  assert.ok(wrong.stacks >= 4, "two charts of phases");
}

/* One layer at a time: figures of the one that is chosen, its devices and its wear. */
async function checkLayerView(page) {
  const chosen = summary.layers.findIndex((l) => l.kind && l.array.tiles > 0 && l.layer > 0);
  if (chosen < 0) {
    return;
  }
  await page.locator("#layers select").selectOption(String(chosen));
  const value = async (title) => page.locator(".layer .card", { has: page.locator(".name", { hasText: new RegExp(`^${title}$`) }) }).locator(".value").innerText();
  assert.equal(await value("Tiles"), String(summary.layers[chosen].array.tiles));
  shows(await value("Energy per image"), "J", summary.layers[chosen].energy_j.per_image);
  assert.equal(await page.locator(".layer figure h3", { hasText: `Weights of layer ${chosen}` }).count(), 1);
  const worn = JSON.parse(fs.readFileSync(path.join(run, "chip.json"), "utf8")).layers[chosen].wear !== null;
  assert.equal(await page.locator(".layer .map canvas").count(), worn ? 1 : 0);
  if (!worn) {
    return;
  }
  const side = await page.locator(".layer .map canvas").evaluate((e) => e.getBoundingClientRect().width);
  assert.ok(side <= 240, `a wear map is ${side} wide`);
  assert.equal(await page.locator(".layer .bar .ramp").count(), 1, "with the bar of its colours");
}

/* No point lies on the frame, no energy is below 0, and a value alone has no logarithmic axis; legends show dashes. */
async function checkAxes(page) {
  const charts = await page.evaluate(() => Object.values(Chart.instances).map((c) => ({ title: c.canvas.getAttribute("aria-label").split(".")[0], type: c.scales.y.type,
    x: [c.scales.x.min, c.scales.x.max], y: [c.scales.y.min, c.scales.y.max], points: c.data.datasets.flatMap((d) => d.data.map((p) => (p && typeof p === "object" ? [p.x, p.y] : [null, p]))),
    left: c.chartArea.left, right: c.chartArea.right, at: c.getDatasetMeta(0).data.map((p) => p.x), dashes: (c.legend?.legendItems || []).map((l) => (l.lineDash || []).join()),
    wanted: c.data.datasets.map((d) => (d.borderDash || []).join()) })));
  for (const title of ["Accuracy by epoch", "What accuracy costs"]) {
    const c = charts.find((one) => one.title === title);
    c.points.filter(([, y]) => y !== null).forEach(([, y]) => assert.ok(c.y[0] < y && y < c.y[1], `${title}: ${y} between ${c.y}`));
    const alone = new Set(c.points.map(([, y]) => y)).size === 1;
    assert.ok(!(alone && c.type === "logarithmic"), `${title}: a value alone`);
    assert.ok(c.x[0] >= 0, `${title} begins at ${c.x[0]}`);
    if (summary.epochs === 1) {
      c.at.forEach((x) => assert.ok(x > c.left + 2 && x < c.right - 2, `${title}: a point on the frame`));
    }
  }
  const by = charts.find((one) => one.title === "Accuracy by epoch");
  assert.deepEqual(by.dashes, by.wanted, "dashes in the legend");
}

async function checkTables(page) {
  const table = page.locator("#energy table").first();
  const column = async (i) => (await table.locator(`tbody tr td:nth-child(${i})`).allInnerTexts());
  const head = table.locator("thead th").first();
  await head.locator("button").focus();
  await page.keyboard.press("Enter");
  assert.equal(await head.getAttribute("aria-sort"), "ascending");
  const names = await column(1);
  assert.deepEqual(names, names.slice().sort((a, b) => a.localeCompare(b)));
  await page.keyboard.press("Space");
  assert.equal(await head.getAttribute("aria-sort"), "descending");
  assert.deepEqual(await column(1), names.slice().reverse());
  await table.locator("thead th").nth(1).locator("button").click();
  const joules = (await column(2)).map((text) => number(text, "J"));
  assert.deepEqual(joules, joules.slice().sort((a, b) => b - a));
  await page.locator("#energy summary").press("Enter");
  assert.equal(await page.locator("#energy details table tbody tr").count(), energyRows);
  await page.locator("#energy details button", { hasText: "Copy as CSV" }).press("Enter");
  const csv = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(csv.split("\n").length, energyRows + 1);
  assert.match(csv, /^phase,component,operations,each,energy,source of the constant\n/);
}

/* On paper, charts have the colours of paper, whatever the screen has. */
async function checkPrint(page) {
  const ink = () => page.evaluate(() => Object.values(Chart.instances)[0].options.color);
  const light = await ink();
  await page.emulateMedia({ colorScheme: "dark" });
  await page.waitForFunction((before) => Object.values(Chart.instances)[0].options.color !== before, light); /* drawn anew */
  const screen = await ink();
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.equal(await ink(), "#000000");
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.equal(await ink(), screen);
  await page.emulateMedia({ colorScheme: "light" });
}

/* From the energy of an image down to the source of a constant and to the count of a layer, and back. */
async function checkExplanation(page) {
  const figure = cardOf(page, "Energy per image").locator("button.figure");
  await figure.focus();
  await page.keyboard.press("Enter");
  const dialog = page.locator("dialog");
  const at = async (title) => assert.equal(await dialog.locator("h3").first().innerText(), title);
  const go = async (text) => dialog.locator("table button.figure", { hasText: text }).first().press("Enter");
  await at("energy_j.per_image");
  await go("energy_j.total");
  await at("energy_j.total");
  const numbers = (await dialog.innerText()).match(/[0-9][-+.0-9e]*/g).map(Number);
  assert.ok(numbers.includes(summary.energy_j.total), "the explanation has the figure with all digits");
  await go("energy_j.dynamic");
  const component = Object.entries(summary.energy_j.by_component).filter(([key]) => !key.startsWith("static_")).sort((a, b) => b[1].total - a[1].total)[0][0];
  await go(component);
  await at(`energy_j.by_component.${component}`);
  await dialog.locator("tbody td:nth-child(3) button.figure").first().press("Enter");
  assert.match(await dialog.innerText(), /\n *source: \S/);
  await dialog.locator(".crumbs button.figure", { hasText: component }).press("Enter");
  await at(`energy_j.by_component.${component}`);
  await dialog.locator("tbody td:nth-child(2) button.figure").first().press("Enter");
  assert.match(await dialog.innerText(), /ledger\.json/);
  await page.keyboard.press("Escape");
  await dialog.waitForNone();
  assert.ok(await figure.evaluate((element) => element === document.activeElement), "the focus is back");
}

/* Every explanation gives its figure again from its parts; each part is explained in turn, has a constant with a text, or was counted. */
async function checkAllExplanations(page) {
  const { explanations, constants, meanings } = await page.evaluate(() => JSON.parse(document.getElementById("data").textContent.replaceAll("\u00a0", " ")));
  assert.ok(Object.keys(explanations).length > 200);
  for (const [key, x] of Object.entries(explanations)) {
    assert.ok(meanings[x.meaning].length > 0, key);
    x.terms.filter((t) => /^(layers|baselines|energy_j|area_mm2|latency_s)\./.test(t[0])).forEach((t) => assert.ok(explanations[t[0]], `${key}: ${t[0]} leads nowhere`));
    x.terms.filter((t) => t.length > 2).forEach((t) => assert.ok(constants[t[t.length - 1]].text.length > 10, `${key}: ${t[0]}`));
    x.terms.filter((t) => t.length === 3).forEach((t) => assert.match(constants[t[2]].text, /source: /, `${key}: ${t[0]}`));
    if (typeof x.value === "number" && !x.end) {
      const sum = x.terms.reduce((total, t) => total + (t.length === 3 ? t[1] * constants[t[2]].value : t[1]), 0);
      assert.equal(sum / (x.divisor ?? 1), x.value, key);
    }
  }
}

(async () => {
  assert.ok(fs.statSync(file).size < 1e6, "report.html is below 1 MB");
  const { page, close } = await open(file);
  await checkJoined(page);
  await checkFigures(page);
  await checkLayers(page);
  await checkFirstScreen(page);
  await checkDrawing(page);
  await checkTimeline(page);
  await checkColours(page);
  await checkAxes(page);
  await checkLayerView(page);
  await checkPrint(page);
  await checkExplanation(page);
  await checkAllExplanations(page);
  await checkTables(page);
  await close();
  await look(file, shots, process.argv[4]);
  console.log("report.html: as it should be");
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
