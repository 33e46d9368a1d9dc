// Edits on their way to the session: one at a time, in the order of the hand, each until the server has said
// that it is kept. The browser's tab remembers those that are not, through a reload too; the page says so.
(() => {
  "use strict";
  const MQ = (window.MQ = window.MQ || {});
  const REST = 250; // ms without a further step until a position is sent: held keys are one decision
  const SOON = 400; // ms in which an answer comes so fast that nobody needs to be told
  const AGAIN = 6000; // ms without an answer until an edit is sent once more (the server knows it by its number)
  const LOOK = 2000; // ms between two looks whether somebody else has changed the session

  let queue = [], flying = null, since = 0, began = 0, timer = 0, count = 0, session = "", send = null, show = () => {};
  const page = Math.random().toString(36).slice(2);
  const place = () => `mq-outbox-${session}`;

  function save() {
    try { if (session) sessionStorage.setItem(place(), JSON.stringify(queue)); } catch { /* no storage: it is in memory */ }
  }
  function changed() {
    save();
    began = queue.length ? began || Date.now() : 0;
    show();
    window.dispatchEvent(new Event("mq-kept"));
  }
  function pump() {
    clearTimeout(timer);
    if (flying || !queue.length || !session || !send) return;
    const wait = queue.length > 1 ? 0 : queue[0].due - Date.now();
    if (wait > 0) { timer = setTimeout(pump, wait); return; }
    flying = queue[0]; since = Date.now();
    send(flying);
  }

  // What was done: ("settle", {values: {wheelbase: 2700}}). Positions of sliders that still wait go together.
  MQ.edit = function (kind, data) {
    const last = queue[queue.length - 1];
    const due = Date.now() + (kind === "settle" ? REST : 0);
    if (kind === "settle" && last && last !== flying && last.kind === kind) { Object.assign(last.data.values, data.values); last.due = due; }
    else queue.push({ sent: `${page}-${++count}`, session, kind, data, due });
    changed();
    pump();
  };
  MQ.waiting = () => queue.length;
  // The positions that sliders were put to and that are not stored yet.
  MQ.unsent = () => Object.assign({}, ...queue.filter((e) => e.kind === "settle").map((e) => e.data.values));

  MQ.outbox = function (element, props, trigger, watch) {
    const words = props.value.words;
    send = (e) => trigger("edit", { sent: e.sent, session: e.session, kind: e.kind, data: e.data });
    show = () => {
      const late = queue.length && Date.now() - began > SOON, lost = flying && Date.now() - since > AGAIN;
      const text = !late ? "" : (lost ? words.silent : words.unsent).replace("{n}", queue.length);
      const told = element.querySelector(".mq-outbox");
      if (told && told.textContent !== text) {
        told.textContent = text;
        told.className = text ? `mq-outbox mq-unsent${lost ? " lost" : ""}` : "mq-outbox";
      }
    };
    watch("value", () => {
      if (!flying || (props.value || {}).done !== flying.sent) return;
      queue.shift(); flying = null;
      changed();
      pump();
    });
    setInterval(() => {
      show();
      if (flying && Date.now() - since > AGAIN) { since = Date.now(); send(flying); }
    }, 200);

    const shown = () => document.querySelector(".mq-top [data-version]")?.dataset.version;
    const typing = () => document.activeElement?.closest?.(".mq-panel input, .mq-panel select, .mq-sliders input[type=number]");
    setInterval(async () => {
      const before = shown();
      if (document.hidden || queue.length || !session || !before || typing()) return;
      try {
        const answer = await fetch(`/sessions/${session}/version`);
        if (!answer.ok || queue.length || typing() || shown() !== before || (await answer.text()) === before) return;
        trigger("refresh", { session, tab: here() });
      } catch { /* the server is not there: what is shown stays */ }
    }, LOOK);

    // the page has its session when its address has one; what an earlier life of this tab left is sent first
    const opened = setInterval(() => {
      const found = new URLSearchParams(location.search).get("s");
      if (!found || !document.documentElement.dataset.ready) return;
      clearInterval(opened);
      session = found;
      let left = [];
      try { left = JSON.parse(sessionStorage.getItem(place()) || "[]"); } catch { /* nothing was left */ }
      for (const e of queue) e.session = session;
      queue = [...left, ...queue];
      changed();
      pump();
    }, 50);
    // a number that was typed and not left yet counts as given when the page goes
    window.addEventListener("pagehide", () => document.activeElement?.blur?.());

    // undo and redo, from the buttons at the top or by keys, wherever no text is being written
    const here = () => props.value.tabs[document.querySelector("#mq-tabs [role=tab][aria-selected=true]")?.innerText.trim()] || "";
    document.addEventListener("click", (event) => {
      const e = event.target.closest?.("[data-edit]");
      if (e) MQ.edit(e.dataset.edit, { tab: here() });
    });
    document.addEventListener("keydown", (event) => {
      const key = event.key.toLowerCase(), writing = event.target.closest?.("textarea, input:not([type=range]):not([type=checkbox])");
      if (writing || !(event.ctrlKey || event.metaKey) || event.altKey || !["z", "y"].includes(key)) return;
      event.preventDefault();
      MQ.edit(key === "y" || event.shiftKey ? "redo" : "undo", { tab: here() });
    });

    // words that change the design: Enter gives them away and empties the line
    document.addEventListener("keydown", (event) => {
      const line = event.target.closest?.("#mq-edit textarea, #mq-edit input");
      if (!line || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault(); event.stopPropagation();
      const text = line.value.trim();
      if (!text) return;
      line.value = "";
      line.dispatchEvent(new Event("input", { bubbles: true }));
      MQ.edit("words", { text });
    }, true);
  };
})();
