/* What a figure is made of, and its parts in turn, down to counts, constants and their sources. */
"use strict";
const explain = (() => {
  const { data, PHASES, el, si, percent, count, name, table } = page;
  const book = data.explanations;
  let dialog = null;
  const trail = []; /* what was opened, one from the other */

  const amount = (v) => (Number.isInteger(v) ? count(v) : Number(v.toPrecision(4)));
  const short = (v, unit) => (unit === "J" || unit === "s" || unit === "W" ? si(v, unit)
    : page.joined(amount(v), unit));

  /* [name, value], [name, amount, constant] or, of an error,
   * [name, change, share, factor, constant] */
  const constantOf = (t) => (t.length === 3 ? t[2] : t.length === 5 ? t[4] : null);
  const valueOf = (t) => (t.length === 3 ? t[1] * data.constants[t[2]].value : t[1]);

  const lead = (text, place) => el("button", { type: "button", class: "figure",
    click: () => open(place) }, text);

  /* "layers.0." or "baselines.digital_mixed." of a key, and the rest of it. */
  function split(key) {
    const of = key.match(/^((?:baselines\.[^.]+\.(?:iso_[^.]+\.)?)?(?:layers\.[^.]+\.)?)(.*)$/);
    return { prefix: of[1], rest: of[2] };
  }

  /* The phase and the component of a product in the explanation of `key`. */
  function actOf(key, term) {
    const last = split(key).rest.split(".").pop();
    return PHASES.includes(term[0]) ? { phase: term[0], component: last }
      : { phase: PHASES.includes(last) ? last : null, component: term[0] };
  }

  /* The key behind a part that has another name there. */
  function keyOf(key, part) {
    const { prefix, rest } = split(key);
    return [part, rest === "latency_s.total" ? `${prefix}latency_s.critical_path.${part}` : part]
      .find((k) => book[k] && k !== key);
  }

  function partName(key, term) {
    const to = keyOf(key, term[0]);
    if (to) {
      return lead(to, { key: to });
    }
    return term.length === 2 ? lead(name(term[0]), { key, leaf: term }) : name(term[0]);
  }

  function terms(key, x) {
    const rows = x.terms.map((t) => ({ t, part: t[0], amount: t.length === 3 ? t[1] : null,
      each: t.length === 3 ? data.constants[t[2]].value : null, value: valueOf(t) }));
    const whole = x.value * (x.divisor || 1);
    const unitOf = (t) => (book[t[0]] ? book[t[0]].unit : x.over ? "" : x.unit);
    const products = rows.some((r) => r.amount !== null);
    if (rows.some((r) => r.t.length === 5)) {
      return table("Sources of error, and what each alone does", [
        { key: "part", name: "source of error",
          show: (v, r) => lead(v, { constant: constantOf(r.t), name: v }) },
        { key: "moved", name: "moves", number: true,
          show: (v) => (v === null ? "" : short(v, x.unit)) },
        { key: "factor", name: "by a factor of", number: true },
        { key: "value", name: "change", number: true, show: (v) => percent(v, 1) }],
      rows.map((r) => ({ ...r, moved: r.t[2], factor: r.t[3] })));
    }
    return rows.length ? table("Parts", [
      { key: "part", name: "part", show: (v, r) => partName(key, r.t) },
      ...(products ? [
        { key: "amount", name: "amount", number: true, show: (v, r) => (v === null ? ""
          : lead(amount(v), { key, product: r.t })) },
        { key: "each", name: "\u00d7 each", number: true, show: (v, r) => (v === null ? ""
          : lead(/square/.test(x.over) ? `${Number(v.toPrecision(3))} \u00b5m\u00b2`
            : si(v, /^static_|seconds/.test(actOf(key, r.t).component) ? "W" : x.unit),
          { constant: constantOf(r.t), name: actOf(key, r.t).component })) }] : []),
      { key: "value", name: "value", number: true,
        show: (v, r) => short(v, /square/.test(x.over) ? "\u00b5m\u00b2" : unitOf(r.t)) },
      { key: "share", name: "share", number: true,
        show: (v) => (v === null ? "" : percent(v, 1)) }],
    rows.map((r) => ({ ...r, share: x.text !== undefined || !whole ? null : r.value / whole })))
      : null;
  }

  /* The same figure of each layer, where there is one. */
  function byLayer(key) {
    const rows = split(key).prefix ? [] : Object.keys(book)
      .filter((k) => k.startsWith("layers.") && split(k).rest === key && book[k].value)
      .map((k) => ({ key: k, value: book[k].value }));
    return rows.length < 2 ? null : table("The same by layer", [
      { key: "key", name: "layer", show: (v) => lead(v, { key: v }) },
      { key: "value", name: "value", number: true, show: (v) => short(v, book[key].unit) }], rows);
  }

  function figurePage({ key }) {
    const x = book[key];
    const over = x.over && keyOf(key, x.over);
    const end = x.end === "high" ? "the value \u00d7 (1 + the root of the sum of their squares)"
      : "the value / (1 + the root of the sum of their squares)";
    return [
      el("p", {}, el("strong", {}, x.text !== undefined ? x.text || "none" : x.value === null
        ? "no value" : short(x.value, x.unit)),
      typeof x.value === "number" ? ` exactly ${x.value} ${x.unit.replace("mm2", "mm\u00b2")}` : "",
      typeof x.low === "number" ? `; range ${x.low} to ${x.high} ${x.unit.replace("mm2", "mm\u00b2")}` : ""),
      el("p", {}, `${data.meanings[x.meaning]}`,
        x.end ? `. The value is ${x.middle} ${x.unit}; with the changes below: ${end}` : "",
        x.over ? ", divided by " : "", x.over ? (over ? lead(x.over, { key: over }) : x.over) : "",
        x.over ? ` (${amount(x.divisor)})` : "", "."),
      terms(key, x),
      x.zeros ? el("p", { class: "faint" }, `${count(x.zeros)} more parts are 0.`) : null,
      byLayer(key)];
  }

  function constantPage({ constant }) {
    return [el("p", {}, "From the component library, with its source:"),
      el("pre", { tabindex: "0" }, data.constants[constant].text)];
  }

  /* How often a component acted, by layer; how long how many instances stood. */
  function productPage({ key, product }) {
    const { phase, component } = actOf(key, product);
    const { prefix, rest } = split(key);
    const block = component.replace(/^static_/, "");
    if (component === "instances" || /^area/.test(rest)) {
      return [el("p", {}, `${count(product[1])} instances are built: the scenario's layers, ` +
        "tiles and converters ask for them."),
      settings(/^(network|tile|adc|dac|dpu|chi|transfer|interconnect)\./)];
    }
    if (component !== block) {
      const path = [`${prefix}latency_s.critical_path.${phase}`,
        `latency_s.critical_path.${phase}`, `latency_other_s.${phase}`].find((k) => book[k]);
      const built = [`${prefix}area_mm2.by_component.${block}`, `area_mm2.by_component.${block}`]
        .find((k) => book[k]);
      return [el("p", {}, `${amount(product[1])} is instances \u00d7 seconds: what is built of ` +
        `${name(block)}, times the time that ${phase} adds to the critical path.`),
      ...(block === "register_bit" ? [el("p", {}, "A gated clock counts the time that its unit " +
        "works instead, but for the share that it takes while it stands."),
      settings(/^cost\.clock_/)] : []),
      el("ul", {}, [built, path].filter(Boolean).map((k) => el("li", {}, lead(k, { key: k }))))];
    }
    const rows = prefix ? [] : Object.keys(book)
      .filter((k) => k.startsWith("layers.") &&
        split(k).rest === `energy_j.by_component.${component}`)
      .flatMap((k) => book[k].terms.filter((t) => t[0] === phase)
        .map((t) => ({ key: k, amount: t[1] })));
    return [el("p", {}, el("strong", {}, count(product[1])), ` times ${name(component)} acted in ` +
      `${phase}. ${prefix.startsWith("baselines.") ? "The design's counts follow from its work for "
        + "the same images (docs/reference/cost.md)." : "Counted while the simulated chip worked: "
        + "ledger.json has it by phase, component and layer."}`),
    rows.length ? table("By layer", [
      { key: "key", name: "layer", show: (v) => lead(split(v).prefix.slice(0, -1), { key: v }) },
      { key: "amount", name: "count", number: true, show: count }], rows) : null];
  }

  const settings = (pattern) => table("Keys of the scenario that it follows from", [
    { key: "key", name: "key" }, { key: "value", name: "value" }, { key: "unit", name: "unit" },
    { key: "meaning", name: "meaning", class: "source" }],
  data.scenario.filter((r) => pattern.test(r.key)));

  function leafPage({ key, leaf }) {
    const x = book[key];
    const isTime = /picoseconds/.test(x.over || "");
    return [el("p", {}, el("strong", {}, short(leaf[1], isTime ? "ps" : x.over ? "" : x.unit)),
      isTime ? ": durations of operations on the simulated chip's own clock, which follow from " +
        "these keys; the timeline shows those of one image."
        : `: counted while the simulated chip worked. ${data.meanings[x.meaning]}; ledger.json ` +
          "and summary.json keep it."),
    isTime ? settings(/^(timing\.|dpu\.(lanes|clock)|adc\.per|refresh\.(every|layers))/) : byLayer(key)];
  }

  const title = (p) => (p.product ? `${p.key}: amount of ${p.product[0]}` : p.leaf
    ? `${p.key}: ${p.leaf[0]}` : p.key || p.name);

  function render() {
    const place = trail[trail.length - 1];
    const content = place.product ? productPage(place) : place.leaf ? leafPage(place)
      : place.constant !== undefined ? constantPage(place) : figurePage(place);
    const back = (n) => () => {
      trail.length = n;
      render();
    };
    dialog.replaceChildren(
      trail.length < 2 ? "" : el("nav", { class: "crumbs", "aria-label": "Way back" },
        trail.slice(0, -1).map((p, i) => el("button", { type: "button", class: "figure",
          click: back(i + 1) }, `\u2039 ${title(p)}`))),
      el("h3", { tabindex: "-1" }, title(place)), ...content.filter(Boolean),
      el("form", { method: "dialog" }, el("button", { class: "plain" }, "Close")));
    dialog.setAttribute("aria-label", title(place));
    dialog.scrollTop = 0;
    dialog.querySelector("h3").focus();
  }

  function open(place) {
    trail.push(place);
    if (!dialog) {
      dialog = el("dialog", { close: () => {
        dialog.remove();
        dialog = null;
        trail.length = 0;
      } });
      document.body.append(dialog);
      dialog.showModal();
    }
    render();
  }

  /* A figure that opens what it is made of. */
  return (text, key) => (book && book[key] ? el("button", { type: "button", class: "figure",
    title: `what ${key} is made of`, click: () => open({ key }) }, text)
    : document.createTextNode(text));
})();
