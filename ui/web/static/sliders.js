// The sliders of a design: native ranges with exact numbers, lists of kinds, locks and drag arrows. Built once a family,
// then only brought up to date, so that a hand on a slider is never pushed.
(() => {
  "use strict";
  const MQ = (window.MQ = window.MQ || {});
  const WAIT = 90; // ms between two messages while a slider moves

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
    let shape = "", rows = {}, groups = [], words = {}, timer = 0, last = 0, busy = null;

    const at = (name) => Number(rows[name].number.value);
    function moving(name) { // the body follows the hand; nothing is kept until it lets go
      busy = name;
      const due = Math.max(0, last + WAIT - Date.now());
      clearTimeout(timer);
      timer = setTimeout(() => { last = Date.now(); if (rows[name]) trigger("move", { values: { ...MQ.unsent(), [name]: at(name) } }); }, due);
    }
    function settled(name) { busy = null; MQ.edit("settle", { values: { [name]: at(name) } }); }

    function row(item) {
      const d = digits(item.step), show = (v) => Number(v).toFixed(d);
      const id = `mq-${item.name}`;
      const range = tag("input", { type: "range", id, min: item.low, max: item.high, step: item.step, value: item.value, title: item.doc });
      const number = item.kinds
        ? tag("select", { className: "mq-kind" }, ...item.kinds.map(([value, name]) => new Option(name, value)))
        : tag("input", { type: "number", min: item.low, max: item.high, step: item.step, value: show(item.value) });
      number.setAttribute("aria-label", `${item.label} ${item.unit}`);
      const lock = tag("button", { type: "button", className: "mq-lock", title: words.lock });
      lock.setAttribute("aria-label", `${words.lock}: ${item.label}`);
      const arrow = tag("button", { type: "button", className: "mq-arrow", hidden: true });
      const reset = tag("button", { type: "button", className: "mq-reset", title: words.reset, hidden: true }, "↺");
      reset.setAttribute("aria-label", `${words.reset}: ${item.label}`);
      reset.addEventListener("click", () => put(item.name, Number(reset.dataset.to)));
      const note = tag("small", { className: "mq-why", role: "status" });
      const line = tag("div", { className: "mq-row" },
        tag("label", { htmlFor: id, title: item.doc }, item.label), tag("span", { className: "mq-aside" }, reset, arrow), number,
        tag("span", { className: "mq-unit" }, item.unit === "1" ? "" : item.unit), lock);
      if (item.kinds) range.id = "", number.id = id; // names need no range: it only holds the value
      else line.append(range, tag("span", { className: "mq-ends" }, tag("i", {}, show(item.low)), tag("i", {}, show(item.high))));
      line.append(note);
      range.addEventListener("input", () => { number.value = show(range.value); paint(range); moving(item.name); });
      range.addEventListener("change", () => settled(item.name));
      if (item.kinds) number.addEventListener("change", () => { range.value = number.value; settled(item.name); });
      else number.addEventListener("change", () => {
        const v = number.valueAsNumber, kept = Number(range.value);
        if (!(v >= item.low && v <= item.high)) { // nothing, or nothing that may be: what was there stays, and why
          number.value = show(kept);
          note.textContent = words.kept.replace("{range}", `${show(item.low)} – ${show(item.high)}`).replace("{value}", show(kept));
          return;
        }
        note.textContent = "";
        number.value = show(v); range.value = v; paint(range); settled(item.name);
      });
      lock.addEventListener("click", () => {
        const on = lock.getAttribute("aria-pressed") !== "true";
        hold(rows[item.name], on);
        MQ.edit("lock", { name: item.name, on });
      });
      arrow.addEventListener("click", () => put(item.name, Math.min(item.high, Math.max(item.low, Number(arrow.dataset.to)))));
      return { line, range, number, lock, arrow, reset, note, show, item };
    }
    function put(name, v) {
      const r = rows[name];
      r.number.value = r.show(v); r.range.value = v; paint(r.range);
      MQ.edit("settle", { values: { [name]: v } }); // the value itself: what is shown is rounded
    }
    function hold(r, on) {
      r.lock.setAttribute("aria-pressed", String(on));
      r.lock.innerHTML = LOCK(on);
      r.line.classList.toggle("mq-held", on);
      r.range.disabled = r.number.disabled = on;
    }
    const paint = (range) => range.style.setProperty("--at", `${100 * (range.value - range.min) / (range.max - range.min)}%`);

    function build(value) {
      rows = {}; groups = []; words = value.words || {};
      root.replaceChildren();
      value.groups.forEach((group, k) => {
        const body = tag("div", { className: "mq-rows" });
        for (const item of group.items) { rows[item.name] = row(item); body.append(rows[item.name].line); }
        const all = tag("button", { type: "button", className: "mq-reset", title: words.reset, hidden: true }, "↺");
        all.setAttribute("aria-label", `${words.reset}: ${group.label}`);
        all.addEventListener("click", (event) => {
          event.preventDefault(); // the group stays as open as it is
          for (const item of group.items) if (!rows[item.name].reset.hidden) put(item.name, Number(rows[item.name].reset.dataset.to));
        });
        groups[k] = all;
        const box = tag("details", { open: k === 0 }, tag("summary", {}, group.label, all), body);
        root.append(box);
      });
    }
    function take() {
      const value = props.value;
      if (!value || !value.groups) { root.replaceChildren(tag("p", { className: "mq-hint" }, (value || {}).note || "")); shape = ""; rows = {}; return; }
      const now = value.family + value.language;
      if (now !== shape) { shape = now; build(value); }
      const unsent = MQ.unsent();
      value.groups.forEach((group, k) => {
        groups[k].hidden = !group.items.some((i) => !i.locked && i.start !== undefined && Math.abs(i.start - i.value) > 1e-9);
      });
      for (const group of value.groups) for (const item of group.items) {
        const r = rows[item.name], waits = item.name in unsent;
        if (!r) continue;
        r.line.classList.toggle("mq-unkept", waits);
        // an answer to an older position must not push the hand back
        if (!waits && busy !== item.name && (item.kinds || document.activeElement !== r.number)) {
          r.range.value = item.value; r.number.value = r.show(item.value); paint(r.range);
        }
        hold(r, Boolean(item.locked));
        r.reset.hidden = Boolean(item.locked) || item.start === undefined || Math.abs(item.start - item.value) < 1e-9;
        r.reset.dataset.to = item.start;
        const a = item.arrow;
        r.arrow.hidden = !a || Boolean(item.locked);
        if (a) {
          r.arrow.textContent = `${a.way > 0 ? "▶" : "◀"} ${a.text}`;
          r.arrow.dataset.to = a.to; r.arrow.title = a.title; r.arrow.setAttribute("aria-label", a.title);
        }
      }
    }
    watch("value", take);
    window.addEventListener("mq-kept", take);
    take();
  };

  // Panels: HTML from the server whose buttons and fields report what was done, as an edit where it is one.
  MQ.panel = function (element, trigger, edits, watch) {
    const tell = (e, value) => {
      const told = { act: e.dataset.act, arg: e.dataset.arg || "", value };
      if (edits) MQ.edit(edits, told); else trigger("act", told);
    };
    let typed = null; // a field that is being written in outlives an answer to something else
    element.addEventListener("input", (event) => { const e = event.target; if (e.dataset.arg || e.dataset.field) typed = { act: e.dataset.act, arg: e.dataset.arg, field: e.dataset.field, value: e.value }; });
    watch("value", () => requestAnimationFrame(() => {
      if (!typed) return;
      const fields = [...element.querySelectorAll("input, select")];
      const e = fields.find((f) => typed.field ? f.dataset.field === typed.field : f.dataset.act === typed.act && f.dataset.arg === typed.arg);
      if (e && e.value !== typed.value) { e.value = typed.value; e.focus(); }
    }));
    element.addEventListener("click", (event) => {
      const e = event.target.closest("[data-act]");
      if (!e || ["INPUT", "SELECT"].includes(e.tagName) || e.disabled) return;
      const form = e.closest("[data-form]");
      const fields = form ? form.querySelectorAll("[data-field]") : [];
      if (form) typed = null;
      tell(e, form ? Object.fromEntries([...fields].map((f) => [f.dataset.field, f.value])) : e.getAttribute("aria-pressed") === "true");
    });
    element.addEventListener("change", (event) => {
      const example = event.target.selectedOptions?.[0]?.dataset.example, form = event.target.closest("[data-form]");
      if (form && example !== undefined) form.querySelector("input").placeholder = example;
      const e = event.target.closest("input[data-act], select[data-act]");
      if (e) typed = null;
      if (e) tell(e, e.type === "checkbox" ? e.checked : e.value);
      // the limit of an emptied field stays: the answer is the panel as it was, which Gradio does not set anew
      if (e && e.dataset.act === "limit" && !e.value.trim()) e.value = e.defaultValue;
    });
  };
})();
