/*
 * node compare_page.js DIR SHOTS RUN...: DIR/three.html, the comparison of DIR/RUN..., and DIR/many.html of 32 runs in headless Chromium. No
 * console message, no request, every chart drawn with the runs' numbers, figures equal to summary.json, tables sort, keys work. Pictures
 * for the eye go into SHOTS.
 */
"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { open, look, checkJoined, checkPinned } = require("./browser.js");

const dir = path.resolve(process.argv[2]);
const shots = path.resolve(process.argv[3]);
const names = process.argv.slice(4);
const json = (...parts) => JSON.parse(fs.readFileSync(path.join(dir, ...parts), "utf8"));
const summaries = names.map((n) => json(n, "summary.json"));
const epochs = names.map((n) => {
  const [head, ...lines] = fs.readFileSync(path.join(dir, n, "epochs.csv"), "utf8").trim().split("\n").map((line) => line.split(","));
  return lines.map((line) => Object.fromEntries(head.map((key, i) => [key, line[i] === "" ? null : Number(line[i])])));
});

const PREFIX = { E: 1e18, P: 1e15, T: 1e12, G: 1e9, M: 1e6, k: 1e3, "": 1, m: 1e-3, "\u00b5": 1e-6, n: 1e-9, p: 1e-12, f: 1e-15, a: 1e-18 };

/* "-92.7 mJ" as -0.0927 */
function number(text, unit) {
  const found = text.match(new RegExp(`^([+\u2212]?)([0-9.,]+) ?([EPTGMkm\u00b5npfa]?)${unit}$`));
  assert.ok(found, `"${text}" is no figure in ${unit}`);
  return (found[1] === "\u2212" ? -1 : 1) * Number(found[2].replaceAll(",", "")) * PREFIX[found[3]];
}

const near = (got, wanted, within, what) => assert.ok(Math.abs(got - wanted) <= within, `${what}: ${got} for ${wanted}`);
/* Three digits of it are shown. */
const shows = (text, unit, wanted) => near(number(text, unit), wanted, 0.0051 * Math.abs(wanted), text);

/* A table as {head of its row: texts of its other cells}. */
const cells = (page, section, which = 0) => page.locator(`#${section} table`).nth(which).locator("tbody tr")
  .evaluateAll((rows) => Object.fromEntries(rows.map((r) => [r.cells[0].textContent, [...r.cells].slice(1).map((c) => c.textContent.replaceAll("\u00a0", " "))])));

/* How a row of results is shown: value of a summary, its text, unit of the difference and a tolerance of the difference. */
const share = (digits) => ({ text: (v) => `${(100 * v).toFixed(digits)} %`, unit: "pt", by: 100, within: 0.51 * 10 ** -digits });
const si = (unit) => ({ text: null, unit, by: 1 });
const FIGURES = {
  "test accuracy, last": [(s) => s.accuracy.test_final, share(2), 1],
  "test accuracy, best": [(s) => s.accuracy.test_best, share(2), 1],
  "images trained": [(s) => s.images, { text: (v) => v.toLocaleString("en-US"), unit: "", by: 1, within: 0 }, 0],
  /* numbers of images differ: totals and writes are not judged */
  energy: [(s) => s.energy_j.total, si("J"), 0],
  "energy, low": [(s) => s.energy_j.low, si("J"), 0],
  "energy, high": [(s) => s.energy_j.high, si("J"), 0],
  "energy per image": [(s) => s.energy_j.per_image, si("J"), -1],
  "energy per image, low": [(s) => s.energy_j.low / s.images, si("J"), 0],
  "energy per image, high": [(s) => s.energy_j.high / s.images, si("J"), 0],
  "latency per image": [(s) => s.latency_s.per_image, si("s"), -1],
  area: [(s) => s.area_mm2.total, { text: (v) => `${v.toFixed(3)} mm\u00b2`, unit: "mm\u00b2", by: 1, within: 0.00051 }, -1],
  "writes, worst cell": [(s) => s.writes.max_per_device, { text: (v) => v.toLocaleString("en-US"), unit: "", by: 1, within: 0 }, 0],
  "conversions clipped": [(s) => s.health.adc_clip_fraction, share(3), -1],
  "digital_fp32 / chip, total": [(s) => s.baselines.digital_fp32.total_energy_ratio, { text: (v) => `${Number(v.toPrecision(3))} \u00d7`, unit: "\u00d7", by: 1 }, 1],
  "digital_fp32 / chip, dynamic alone": [(s) => s.baselines.digital_fp32.energy_ratio, { text: (v) => `${Number(v.toPrecision(3))} \u00d7`, unit: "\u00d7", by: 1 }, 0],
};

/* "digital unit, 62 %": the resources within a point of the busiest. */
function busiest(s) {
  const most = Math.max(...Object.values(s.latency_s.busiest));
  const names = Object.entries(s.latency_s.busiest).filter(([, use]) => use > most - 0.01).map(([key]) => ({ image_port: "image port", dac: "DACs", tile: "tiles", adc: "ADCs",
    dpu: "digital unit", chi: "chi memory", program: "programming drivers" })[key]);
  return `${[names.slice(0, -1).join(", "), names[names.length - 1]].filter(Boolean).join(" and ")}, ${(100 * most).toFixed(0)} %`;
}

/* Two standard errors of the difference of two accuracies. */
const accuracies = summaries.map((s) => s.accuracy.test_final);
const mean = accuracies.reduce((a, b) => a + b, 0) / accuracies.length;
const chance = 2 * Math.sqrt((2 * mean * (1 - mean)) / Math.min(...summaries.map((s) => s.dataset.test)));

/* Who is best: no accuracy whose lead is chance; all that print the same, if some do not. */
function best(label, values, better, texts) {
  const most = better * Math.max(...values.map((v) => better * v));
  if (label.startsWith("test accuracy") && values.some((v) => v !== most && most - v <= chance)) {
    return [];
  }
  const printed = texts.map((t) => t.replace(/best$/, ""));
  const same = values.map((_, i) => i).filter((i) => printed[i] === printed[values.indexOf(most)]);
  return same.length < values.length ? same : [];
}

async function checkResults(page) {
  const rows = await cells(page, "results");
  for (const [label, [of, kind, better]] of Object.entries(FIGURES)) {
    const winners = better === 0 ? [] : best(label, summaries.map(of), better, rows[label].filter((_, i) => i === 0 || i % 3 === 1));
    const row = rows[label];
    assert.ok(row, `no row ${label}`);
    const values = summaries.map(of);
    values.forEach((value, i) => {
      const at = i === 0 ? 0 : 3 * i - 2;
      const isBest = winners.includes(i);
      assert.equal(row[at].endsWith("best"), isBest, `${label} of ${names[i]} is ${isBest ? "" : "not "}best`);
      const text = row[at].replace(/best$/, "");
      if (kind.text) {
        assert.equal(text, kind.text(value));
      } else {
        shows(text, kind.unit, value);
      }
      if (i > 0) {
        const gap = value - values[0];
        near(number(row[at + 1], kind.unit), kind.by * gap, kind.within === undefined ? 0.0051 * Math.abs(gap) : kind.within, `${label}, difference`);
        near(number(row[at + 2], "%"), (100 * gap) / values[0], Math.abs(gap / values[0]) < 9.995 ? 0.051 : 0.51, `${label}, %`);
      }
    });
  }
  assert.deepEqual(await page.locator("#runs p, #results p").evaluateAll((all) => all.map((p) => p.textContent.includes("Totals and writes have no best: the runs trained on different numbers of images."))),
    [true, true]);
  assert.deepEqual(rows["busiest resource"].filter((_, i) => i === 0 || i % 3 === 1), summaries.map(busiest));
}

async function checkLayers(page) {
  const rows = await cells(page, "layers");
  const base = summaries[0].layers;
  assert.equal(Object.keys(rows).length, 2 * base.length + 2 * (base.length - 1));
  base.forEach((layer, i) => {
    const name = layer.kind ? `layer ${i}` : "shared";
    summaries.forEach((s, k) => shows(rows[`${name}: energy per image`][k === 0 ? 0 : 3 * k - 2].replace(/best$/, ""), "J", s.layers[i].energy_j.per_image));
  });
  assert.equal(rows["layer 0: SET pulses"][0], base[0].writes.set_total.toLocaleString("en-US"));
}

async function checkHead(page) {
  assert.equal(await page.locator("h1").innerText(), "3 runs compared: seed, train.epochs, adc.bits and refresh.every_images differ.");
  const said = await page.locator("ul.verdict li").allInnerTexts();
  const lead = (of) => names.map((_, i) => i).sort((a, b) => of(summaries[a]) - of(summaries[b]))[0];
  const figures = { "energy per image": (s) => s.energy_j.per_image, "latency per image": (s) => s.latency_s.per_image, area: (s) => s.area_mm2.total };
  const lasting = lead((s) => -s.writes.lifetime_s); /* numbers of images differ: writes say nothing */
  assert.ok(said.find((text) => text.startsWith(`Run ${lasting + 1} (`)).split("It pays")[0].includes("the longest lifetime at this use ("), said.join());
  assert.ok(!said.some((text) => text.includes("writes on the worst cell")), said.join());
  const top = Math.max(...accuracies);
  assert.ok(accuracies.some((a) => a < top && top - a <= chance), "a lead that is chance");
  assert.ok(!said.some((text) => text.includes("the best test accuracy")), said.join());
  assert.equal(await page.locator("p.chance").innerText(), `500 test images: differences below about \u00b1${(100 * chance).toFixed(1)} pt are chance.`);
  for (const [label, of] of Object.entries(figures)) {
    const w = lead(of);
    const words = said.find((text) => text.startsWith(`Run ${w + 1} (${names[w]}) has the `));
    assert.ok(words.split("It pays")[0].includes(`the least ${label} (`), `${label}: ${words}`);
    assert.ok(w === 0 || words.includes(`${(100 * (1 - of(summaries[w]) / of(summaries[0]))).toFixed(1)} % below the base)`), words);
    assert.equal(words.includes(` Busiest: ${busiest(summaries[w])}; in the base ${busiest(summaries[0])}.`),
      busiest(summaries[w]).split(",")[0] !== busiest(summaries[0]).split(",")[0], words);
  }
  assert.equal(said.filter((text) => text.startsWith("Run ")).length, new Set([lasting, ...Object.values(figures).map(lead)]).size, "a line a run that is best in something");
  assert.equal(said[said.length - 1], "No run is best in test accuracy: a lead there is chance, or rounds to nothing.");
  assert.deepEqual(await page.locator(".notices li").allInnerTexts(), json("three.json").notices);
  assert.equal((await page.locator(".notices li").count()), 2);
  const keys = await cells(page, "scenario");
  assert.deepEqual(keys["adc.bits"].slice(1), ["8", "5", "8"]);
  assert.equal(Object.keys(keys).length, json("three.json").scenario.length);
}

async function checkEnergy(page) {
  const rows = await cells(page, "energy");
  const wanted = Object.entries(summaries[0].energy_j.by_component).filter(([key]) => summaries.some((s) => s.energy_j.by_component[key].total > 0));
  assert.equal(Object.keys(rows).length, wanted.length);
  for (const [key] of wanted) {
    summaries.forEach((s, i) => {
      shows(rows[key.replaceAll("_", " ")][2 * i], "J", s.energy_j.by_component[key].total);
      near(number(rows[key.replaceAll("_", " ")][2 * i + 1], "%"), (100 * s.energy_j.by_component[key].total) / s.energy_j.total, 0.051, key);
    });
  }
}

/* Numbers have their unit, which no line's end parts from them. */
async function checkUnits(page) {
  const row = (await cells(page, "results"))["efficiency of inference"];
  summaries.forEach((s, i) => shows(row[i === 0 ? 0 : 3 * i - 2].replace(/best$/, ""), "TOPS/W", s.inference.tops_per_w));
  await checkJoined(page);
}

/* What the charts were given is what the files say. */
async function checkCharts(page) {
  const drawn = await page.evaluate(() => Object.values(Chart.instances).map((chart) => ({
    title: chart.canvas.getAttribute("aria-label"), axis: chart.options.scales.x.title.text, labels: chart.data.labels,
    sets: chart.data.datasets.map((d) => ({ label: d.label, data: d.data })) })));
  const chart = (title) => drawn.find((d) => d.title.startsWith(`${title}.`));
  const by = chart("Test accuracy by epoch").sets;
  assert.deepEqual(by.map((s) => s.data), epochs.map((rows) => rows.map((e) => ({ x: e.epoch, y: 100 * e.test_accuracy }))));
  assert.deepEqual(chart("What accuracy costs").sets.map((s) => s.data.map((d) => d.x)), epochs.map((rows) => rows.map((e) => 1e3 * e.energy_j)));
  const micro = (title, unit) => ({ [`\u00b5${unit}`]: 1e6, [`n${unit}`]: 1e9 })[chart(title).axis.split(", ").pop()];
  const sum = (title, i) => chart(title).sets.reduce((total, s) => total + s.data[i], 0);
  summaries.forEach((s, i) => {
    const energy = "Energy per image by phase", time = "Latency per image by phase", range = "Energy per image with its range";
    near(sum(energy, i) / micro(energy, "J") / s.energy_j.per_image, 1, 1e-9, energy);
    const parts = chart("Energy per image by component");
    const [part, ofRun] = [parts.labels[0].replaceAll(" ", "_"), parts.sets[i]];
    assert.ok(ofRun.label.startsWith(`${i + 1} `), "a bar a run");
    near(ofRun.data[0] / micro("Energy per image by component", "J") / (s.energy_j.by_component[part].total / s.images), 1, 1e-9, part);
    near(sum(time, i) / micro(time, "s") / s.latency_s.per_image, 1, 1e-9, time);
    const [low, high] = chart(range).sets[0].data[i].map((v) => v / micro(range, "J"));
    near(low / (s.energy_j.low / s.images), 1, 1e-12, range);
    near(high / (s.energy_j.high / s.images), 1, 1e-12, range);
    near(chart(range).sets[1].data[i].x / micro(range, "J") / s.energy_j.per_image, 1, 1e-12, range);
  });
}

/* A phase has the colour that it has in reports. */
async function checkColours(page) {
  const wrong = await page.evaluate(() => Object.values(Chart.instances).flatMap((c) => c.data.datasets)
    .filter((d) => ["forward", "error", "backward", "update", "transfer", "refresh"].includes(d.label))
    .map((d) => [d.label, d.backgroundColor === getComputedStyle(document.documentElement).getPropertyValue(`--phase-${d.label}`).trim()]));
  assert.ok(wrong.length >= 8 && wrong.every(([, is]) => is), JSON.stringify(wrong));
}

/* By keys alone: sorting by a result, scrolling a table that is wider than the page, copying. */
async function checkKeys(page) {
  const table = page.locator("#runs table");
  const head = table.locator("thead th", { hasText: "energy per image" });
  await head.locator("button").focus();
  const order = async () => (await table.locator("tbody th").allInnerTexts()).map((t) => Number(t.split(" ")[0]) - 1);
  const wanted = names.map((_, i) => i).sort((a, b) => summaries[b].energy_j.per_image - summaries[a].energy_j.per_image);
  await page.keyboard.press("Enter");
  assert.equal(await head.getAttribute("aria-sort"), "descending");
  assert.deepEqual(await order(), wanted);
  await page.keyboard.press("Space");
  assert.equal(await head.getAttribute("aria-sort"), "ascending");
  assert.deepEqual(await order(), wanted.slice().reverse());
  assert.equal(await page.locator("#results thead button").count(), 3, "values in many units are not sorted by");
  const region = page.locator("#results .scroll");
  await region.focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.querySelector("#results .scroll").scrollLeft > 0 || document.querySelector("#results .scroll").scrollWidth <= document.querySelector("#results .scroll").clientWidth);
  await page.locator("#results button", { hasText: "Copy as CSV" }).press("Enter");
  const csv = (await page.evaluate(() => navigator.clipboard.readText())).split("\n");
  assert.equal(csv[0], `figure,${names.map((n, i) => `${i + 1} ${n}: value${i ? `,${i + 1} ${n}: difference,${i + 1} ${n}: %` : ""}`).join(",")}`);
  assert.ok(csv.find((line) => line.startsWith("energy,")).split(",").slice(1, 3).map(Number).every((v, i) => v === summaries[i].energy_j.total), "all digits");
}

(async () => {
  const three = path.join(dir, "three.html"), many = path.join(dir, "many.html");
  for (const file of [three, many]) {
    assert.ok(fs.statSync(file).size < 1.5e6, `${file} is below 1.5 MB`);
  }
  {
    const { page, close } = await open(three);
    assert.deepEqual(await page.evaluate(() => JSON.parse(document.getElementById("data").textContent).comparison), json("three.json"));
    await checkHead(page);
    await checkResults(page);
    await checkLayers(page);
    await checkEnergy(page);
    await checkUnits(page);
    await checkCharts(page);
    await checkColours(page);
    await checkKeys(page);
    await close();
  }
  {
    const { page, close } = await open(path.join(dir, "two.html"));
    const said = await page.locator("ul.verdict li").allInnerTexts();
    const above = (of) => `, ${(100 * (of(summaries[2]) / of(summaries[1]) - 1)).toFixed(1)} % above the base`;
    const pays = said.find((text) => text.startsWith(`Run 2 (${names[2]}) has the least latency per image (`)).split("It pays: ")[1];
    assert.ok(pays.includes(above((s) => s.energy_j.per_image)) && pays.includes(above((s) => s.area_mm2.total)), pays);
    assert.ok(pays.includes(` Busiest: ${busiest(summaries[2])}; in the base ${busiest(summaries[1])}.`), pays);
    await close();
  }
  {
    const { page, close } = await open(path.join(dir, "worn.html"));
    const said = await page.locator("ul.verdict li").allInnerTexts();
    const writes = summaries[0].writes.max_per_device;
    assert.ok(!(await page.locator("main").innerText()).includes("have no best"));
    assert.deepEqual((await cells(page, "results"))["writes, worst cell"].filter((t) => t.endsWith("best")), [`${writes.toLocaleString("en-US")}best`]);
    assert.ok(said.find((text) => text.startsWith("Run 2 (worn) has the least energy per image ("))
      .endsWith(`It pays: writes on the worst cell ${(2 * writes).toLocaleString("en-US")}, 2.00 \u00d7 that of the base.`), said.join());
    assert.ok(said.find((text) => text.startsWith("Run 1 (reference) has the fewest writes on the worst cell (")).includes("It pays: energy per image"), said.join());
    await close();
  }
  {
    const { page, close } = await open(many);
    const looks = await page.evaluate(() => Object.values(Chart.instances)[0].data.datasets.map((d) => JSON.stringify([d.borderColor, d.borderDash, d.pointStyle])));
    assert.equal(new Set(looks).size, 32, "32 lines look differently");
    await close();
  }
  await checkPinned(three, "#runs", 2);
  await look(three, shots, "compare");
  await look(many, shots, "compare-32");
  console.log("the page of a comparison: as it should be");
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
