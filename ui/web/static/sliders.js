// The sliders of a design: native ranges with exact numbers, locks and drag arrows. Built once a family,
// then only brought up to date, so that a hand on a slider is never pushed.
(() => {
  "use strict";
  const MQ = (window.MQ = window.MQ || {});
  const WAIT = 90; // ms between two messages while a slider moves
  const REST = 250; // ms without a further step until a position is kept: held keys are one decision
  const TRUST = 4000; // ms in which answers to older positions do not move a slider back

  const tag = (name, more, ...children) => {
    const e = document.createElement(name);
    for (const k in more) k in e && k !== "list" ? (e[k] = more[k]) : e.setAttribute(k, more[k]);
    e.append(...children); return e;
  };
  const LOCK = (on) => `<svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true" fill="none" stroke="currentColor"
    stroke-width="1.6"><rect x="3" y="7.2" width="10" height="6.6" rx="1.6" fill="${on ? "currentColor" : "none"}"/>
    <path d="M5.2 7V4.8a2.8 2.8 0 0 1 5.6 0${on ? "V7" : "v.4"}"/></svg>`;
  const digits = (step) => Math.max(0, Math.min(4, Math.ceil(-Math.log10(step) - 1e-9)));

  MQ.sliders = function (element, props, trigger, watch) {
    const root = element.querySelector(".mq-sliders");
    if (!root) return;
    let shape = "", rows = {}, words = {}, timer = 0, rest = 0, last = 0, busy = null, resting = null, sent = {};

    const values = () => Object.fromEntries(Object.entries(rows).map(([n, r]) => [n, Number(r.number.value)]));
    const locks = () => Object.keys(rows).filter((n) => rows[n].lock.getAttribute("aria-pressed") === "true");
    function send(kind, name) {
      sent[name] = { value: Number(rows[name].number.value), when: Date.now() };
      trigger(kind, { name, values: values(), locks: locks() });
    }
    function settleNow() { clearTimeout(rest); clearTimeout(timer); const name = resting; resting = busy = null; if (name && rows[name]) send("settle", name); }
    function moving(name) {
      if (resting && resting !== name) settleNow();
      clearTimeout(rest);
      busy = name;
      const due = Math.max(0, last + WAIT - Date.now());
      clearTimeout(timer);
      timer = setTimeout(() => { last = Date.now(); send("move", name); }, due);
    }
    function settled(name) {
      if (resting && resting !== name) settleNow();
      busy = resting = name; clearTimeout(rest); rest = setTimeout(settleNow, REST);
    }
    function stale(item) {
      const mine = sent[item.name];
      if (!mine) return false;
      if (Math.abs(mine.value - item.value) <= 0.51 * item.step || Date.now() - mine.when > TRUST) { delete sent[item.name]; return false; }
      return true;
    }

    function row(item) {
      const d = digits(item.step), show = (v) => Number(v).toFixed(d);
      const id = `mq-${item.name}`;
      const range = tag("input", { type: "range", id, min: item.low, max: item.high, step: item.step, value: item.value, title: item.doc });
      const number = tag("input", { type: "number", min: item.low, max: item.high, step: item.step, value: show(item.value) });
      number.setAttribute("aria-label", `${item.label} ${item.unit}`);
      const lock = tag("button", { type: "button", className: "mq-lock", title: words.lock });
      lock.setAttribute("aria-label", `${words.lock}: ${item.label}`);
      const arrow = tag("button", { type: "button", className: "mq-arrow", hidden: true });
      const line = tag("div", { className: "mq-row" },
        tag("label", { htmlFor: id, title: item.doc }, item.label), arrow, number,
        tag("span", { className: "mq-unit" }, item.unit === "1" ? "" : item.unit), lock, range,
        tag("span", { className: "mq-ends" }, tag("i", {}, show(item.low)), tag("i", {}, show(item.high))));
      range.addEventListener("input", () => { number.value = show(range.value); paint(range); moving(item.name); });
      range.addEventListener("change", () => settled(item.name));
      number.addEventListener("change", () => {
        const v = Math.min(item.high, Math.max(item.low, Number(number.value) || item.low));
        number.value = show(v); range.value = v; paint(range); settled(item.name);
      });
      lock.addEventListener("click", () => { hold(rows[item.name], lock.getAttribute("aria-pressed") !== "true"); send("lock", item.name); });
      arrow.addEventListener("click", () => {
        const v = Math.min(item.high, Math.max(item.low, Number(arrow.dataset.to)));
        number.value = show(v); range.value = v; paint(range); settled(item.name);
      });
      return { line, range, number, lock, arrow, show, item };
    }
    function hold(r, on) {
      r.lock.setAttribute("aria-pressed", String(on));
      r.lock.innerHTML = LOCK(on);
      r.line.classList.toggle("mq-held", on);
      r.range.disabled = r.number.disabled = on;
    }
    const paint = (range) => range.style.setProperty("--at", `${100 * (range.value - range.min) / (range.max - range.min)}%`);

    function build(value) {
      rows = {}; words = value.words || {};
      root.replaceChildren();
      value.groups.forEach((group, k) => {
        const body = tag("div", { className: "mq-rows" });
        for (const item of group.items) { rows[item.name] = row(item); body.append(rows[item.name].line); }
        const box = tag("details", { open: k === 0 }, tag("summary", {}, group.label), body);
        root.append(box);
      });
    }
    function take() {
      const value = props.value;
      if (!value || !value.groups) { root.replaceChildren(tag("p", { className: "mq-hint" }, (value || {}).note || "")); shape = ""; rows = {}; return; }
      const now = value.family + value.language;
      if (now !== shape) { shape = now; build(value); }
      for (const group of value.groups) for (const item of group.items) {
        const r = rows[item.name];
        if (!r) continue;
        // an answer to an older position must not push the hand back
        if (!stale(item) && busy === null && document.activeElement !== r.number) {
          r.range.value = item.value; r.number.value = r.show(item.value); paint(r.range);
        }
        hold(r, Boolean(item.locked));
        const a = item.arrow;
        r.arrow.hidden = !a || Boolean(item.locked);
        if (a) {
          r.arrow.textContent = `${a.way > 0 ? "▶" : "◀"} ${a.text}`;
          r.arrow.dataset.to = a.to; r.arrow.title = a.title; r.arrow.setAttribute("aria-label", a.title);
        }
      }
    }
    watch("value", take);
    take();
  };

  // Panels: HTML from the server whose buttons and fields report what was done.
  MQ.panel = function (element, trigger) {
    const tell = (e, value) => trigger("act", { act: e.dataset.act, arg: e.dataset.arg || "", value });
    element.addEventListener("click", (event) => {
      const e = event.target.closest("[data-act]");
      if (!e || ["INPUT", "SELECT"].includes(e.tagName) || e.disabled) return;
      const form = e.closest("[data-form]");
      const fields = form ? form.querySelectorAll("[data-field]") : [];
      tell(e, form ? Object.fromEntries([...fields].map((f) => [f.dataset.field, f.value])) : e.getAttribute("aria-pressed") === "true");
    });
    element.addEventListener("change", (event) => {
      const e = event.target.closest("input[data-act], select[data-act]");
      if (e) tell(e, e.type === "checkbox" ? e.checked : e.value);
    });
  };
})();
