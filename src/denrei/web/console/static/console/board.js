// Keeps a board up to date: by server-sent events, else by asking (the polling of htmx, which goes on
// by itself). Only parts that changed are put in, so that nobody loses his place.
"use strict";

(() => {
  const SILENT = 15_000; // no sign of life for so long: the stream is dead
  const STALE = 25_000; // and nothing by asking either: what is shown is old
  const AGAIN = 60_000; // after so long a stream is tried once more
  const FAILURES = 2;

  const byId = (id) => document.getElementById(id);
  const live = () => byId("live");
  const received = new Map(); // part → as it was received last
  let source = null;
  let failures = 0;
  let retry = 0;
  let heard = Date.now();
  let at = document.body.dataset.now || live()?.dataset.now || "";

  function put(part) {
    const old = byId(part.id);
    const text = part.outerHTML;
    if (!old || received.get(part.id) === text) return;
    received.set(part.id, text);
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    const scrolled = [...old.querySelectorAll(".scroller[id]")].map((one) => [one.id, one.scrollLeft]);
    const opened = [...old.querySelectorAll("details[id][open]")].map((one) => one.id);
    const fresh = document.importNode(part, true);
    for (const form of fresh.querySelectorAll("form[method=post]")) sign(form);
    old.replaceWith(fresh);
    window.htmx?.process(fresh);
    for (const [id, left] of scrolled) if (byId(id)) byId(id).scrollLeft = left;
    for (const id of opened) byId(id)?.setAttribute("open", "");
    if (focused) byId(focused)?.focus({ preventScroll: true });
  }

  // One picture is drawn for all who watch; the token against forgery is each page's own.
  function sign(form) {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]");
    if (token && !form.elements.csrfmiddlewaretoken) form.prepend(token.cloneNode());
  }

  function show(html) {
    const root = new DOMParser().parseFromString(html, "text/html").getElementById("moving");
    if (!root) return;
    for (const part of root.querySelectorAll("[data-part]")) put(part);
    hear(root.dataset.now);
  }

  function hear(time) {
    heard = Date.now();
    if (time) at = time;
    mark();
  }

  function mark() {
    const element = live()?.querySelector("[data-mark]");
    if (!element) return;
    const state = Date.now() - heard > STALE ? "stale" : source ? "live" : "polled";
    const words = live().dataset[state].replace("{at}", at);
    element.dataset.mark = state;
    const place = element.querySelector("[data-mark-words]");
    if (place.textContent !== words) place.textContent = words;
  }

  function open() {
    clearTimeout(retry);
    if (source || document.hidden || !live() || !window.EventSource) return;
    source = new EventSource(live().dataset.events);
    source.addEventListener("picture", (event) => {
      failures = 0;
      show(event.data);
    });
    source.addEventListener("beat", (event) => {
      failures = 0;
      hear(event.data);
    });
    source.addEventListener("again", () => {
      close();
      open();
    });
    source.addEventListener("error", () => {
      failures += 1;
      if (source?.readyState === EventSource.CLOSED || failures >= FAILURES) giveUp();
    });
  }

  function close() {
    source?.close();
    source = null;
  }

  function giveUp() {
    close();
    failures = 0;
    retry = setTimeout(open, AGAIN);
    mark();
  }

  // A page that nobody sees holds no stream: browsers allow few to one server.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) close();
    else open();
    mark();
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target === live() && source && !document.hidden) event.preventDefault();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target === live() && event.detail.successful) show(event.detail.xhr.responseText);
  });
  setInterval(() => {
    if (source && Date.now() - heard > SILENT) giveUp();
    mark();
    tick();
  }, 1000);

  // The clock of a wall, and how long ago the launch was, by the clock of the server.
  const clock = byId("clock");
  const ahead = clock ? Number(clock.dataset.now) - Date.now() : 0;

  function tick() {
    if (!clock) return;
    const now = new Date(Date.now() + ahead);
    const zone = { timeZone: clock.dataset.zone, hourCycle: "h23" };
    const parts = { hour: "2-digit", minute: "2-digit", second: "2-digit" };
    clock.querySelector("b").textContent = new Intl.DateTimeFormat("en-GB", { ...zone, ...parts }).format(now);
    const elapsed = byId("elapsed");
    if (elapsed) elapsed.textContent = duration(now - Number(elapsed.dataset.since), elapsed.dataset);
  }

  function duration(milliseconds, words) {
    const seconds = Math.max(0, Math.floor(milliseconds / 1000));
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    const pattern = hours ? words.long : words.short;
    return pattern.replace("{h}", hours).replace("{m}", minutes).replace("{s}", seconds % 60);
  }

  open();
  mark();
  tick();
})();
