// What pages can do beside htmx: copy, say what happened, keys, and polls that rest while nobody looks.
(function () {
  "use strict";

  function say(text) {
    document.getElementById("live").textContent = text;
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (!button || button.dataset.before) return;
    var source = document.getElementById(button.dataset.copy);
    function done(text, more) {
      button.dataset.before = button.innerHTML;
      button.textContent = text;
      say(text + more);
      setTimeout(function () { button.innerHTML = button.dataset.before; delete button.dataset.before; }, 2000);
    }
    // Browsers that keep the clipboard to themselves, as without TLS, at least select the text.
    (navigator.clipboard ? navigator.clipboard.writeText(source.textContent) : Promise.reject()).then(function () {
      done("Copied", "");
    }, function () {
      var folded = source.closest("details");
      if (folded) folded.open = true;
      getSelection().selectAllChildren(source);
      done("Selected", ". Copy it with Ctrl+C or Command+C.");
    });
  });

  // Boxes that tick all others of a table, and how many are ticked.
  function recount(table) {
    var ticked = table.querySelectorAll("tbody input[type=checkbox]:checked").length;
    table.querySelectorAll("[data-ticked]").forEach(function (each) { each.textContent = ticked || ""; });
    table.classList.toggle("has-ticked", ticked > 0);
  }
  document.addEventListener("change", function (event) {
    var all = event.target.closest("[data-all]");
    if (all) {
      document.querySelectorAll('input[name="' + all.dataset.all + '"]').forEach(function (box) { box.checked = all.checked; });
    }
    var table = event.target.closest("[data-bulk]");
    if (table) recount(table);
    var sends = event.target.closest("[data-send]");
    if (sends && sends.form) send(sends);
  });

  // A list that is sent by itself: at once when a pointer chose. Arrows and letters pass what nobody means, so that by
  // keyboard Enter sends it, or leaving it; Escape takes it back, and a second one leads back to the row.
  var keyed = null;
  function isOther(list) {
    return Array.prototype.some.call(list.options, function (each) { return each.selected !== each.defaultSelected; });
  }
  function send(list, meant) {
    var waits = keyed === list && !meant;
    list.classList.toggle("changed", waits);
    if (waits) return say("Enter saves, Escape takes it back");
    keyed = null;
    if (isOther(list) && !list.closest(".htmx-request")) list.form.requestSubmit();
  }
  document.addEventListener("pointerdown", function () { keyed = null; });
  document.addEventListener("focusout", function (event) {
    if (keyed === event.target && document.hasFocus()) send(keyed, true);
  });
  function keyInList(list, event) {
    if (event.key === "Enter" && isOther(list)) {
      event.preventDefault();
      send(list, true);
    } else if (event.key === "Escape") {
      var row = list.closest("tr");
      if (isOther(list)) { list.form.reset(); list.classList.remove("changed"); } else if (row && opens(row)) opens(row).focus();
      keyed = null;
    } else if (/^(Arrow|Page|Home|End|.$)/.test(event.key) && event.key !== " " && !event.altKey) {
      keyed = list;
    }
  }
  // What was not saved does not stay in sight as if it were.
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var form = event.target.closest("form.inline");
      if (!form) return;
      form.reset();
      var told = form.parentNode.querySelector(".wrong") || form.parentNode.appendChild(document.createElement("span"));
      told.className = "wrong";
      told.setAttribute("role", "alert");
      told.textContent = "Rollcall did not answer, and nothing is changed. Try again.";
    });
  });

  // Nothing is fetched for a page that nobody sees, or whose live part is paused, and nothing replaced where one works.
  var resting = {}, ticked = null;
  function isBusy(poll) {
    var about = document.getElementById(poll.dataset.about) || poll, at = document.activeElement;
    return about.querySelector("tbody input:checked, .wrong, select.changed") ||
      (about.contains(at) && !at.closest("[data-pause]"));
  }
  document.addEventListener("htmx:beforeRequest", function (event) {
    var poll = event.target.closest("[data-live]");
    if (!poll || event.target !== poll) return;
    if (document.hidden || resting[poll.id] || isBusy(poll)) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", function (event) {
    var poll = event.detail.requestConfig.elt;
    if (poll.matches("[data-live]") && (resting[poll.id] || isBusy(poll))) event.detail.shouldSwap = false;
    ticked = event.detail.target.matches("tr") && event.detail.target.querySelector("input:checked");
  });
  function show(button) {
    var rests = Boolean(resting[button.dataset.pause]), words = rests ? "Go on" : "Pause";
    button.setAttribute("aria-pressed", String(rests));
    if (button.firstChild.data !== words) button.firstChild.data = words;
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-pause]");
    if (!button) return;
    var id = button.dataset.pause;
    resting[id] = !resting[id];
    show(button);
    say(resting[id] ? "Updates are paused" : "Updates go on");
  });

  // A time that runs out says how much is left, and early enough aloud (WCAG 2.2.1).
  var told = 0, TELL = [10, 5, 2, 1, 0];
  function tick() {
    var time = document.querySelector("[data-ends]");
    if (!time) return;
    var minutes = Math.max(0, Math.ceil((Date.parse(time.dataset.ends) - Date.now()) / 60000));
    var left = minutes + (minutes === 1 ? " minute" : " minutes");
    time.querySelector("[data-left]").textContent = minutes ? "in " + left : "now";
    time.classList.toggle("soon", minutes <= 10);
    var step = TELL.filter(function (each) { return minutes <= each; }).length;
    if (step > told) say(minutes ? left + " left. “One hour more” gives you another hour." : "Your time is over. Ask for a new link.");
    told = step;
  }
  if (document.querySelector("[data-ends]")) {
    tick();
    setInterval(tick, 15000);
    document.addEventListener("htmx:afterSwap", function (event) {
      if (event.target.id !== "time") return;
      tick();
      say(document.querySelector("[data-ends]").textContent);
      var more = document.querySelector("#time button");
      if (more) more.focus();
    });
  }

  // After a swap that replaced a page's main part, the first problem or the heading is where reading begins.
  document.addEventListener("htmx:afterSwap", function (event) {
    var problem = document.getElementById("problems");
    if (problem && event.target.contains(problem)) problem.focus();
    var box = ticked && event.target.matches("tr") && event.target.querySelector("input[type=checkbox]");
    if (box) box.checked = true;  // a row stays ticked when it is made anew
    if (event.target.dataset.announced) say(event.target.dataset.announced);
    document.querySelectorAll("[data-pause]").forEach(show);
  });

  // Keys, for whoever is not writing: / searches, g and a letter goes somewhere, j and k go through rows, and others
  // reach what is marked with them, in the row of the focus first. ? lists them.
  var letters = document.documentElement.classList, going = false;
  function opens(row) {
    return row.querySelector(".lead a") || row.querySelector("a");
  }
  function current() {
    return document.activeElement.closest("tbody tr") || document.querySelector("tbody tr:target");
  }
  function step(by) {
    var rows = Array.prototype.filter.call(document.querySelectorAll("main tbody tr"), opens), at = rows.indexOf(current());
    var next = rows[at < 0 ? 0 : at + by];
    if (next) opens(next).focus();
  }
  function hit(key) {
    var marked = '[data-hit="' + CSS.escape(key) + '"]', row = current();
    var found = (row && row.querySelector(marked)) || document.querySelector("main " + marked);
    if (!found || found.disabled) return false;
    if (found.matches("select, input:not([type=checkbox])")) found.focus(); else found.click();
    return true;
  }
  function help() {
    var list = document.getElementById("keys-help");
    if (list && !list.open) list.showModal(); else if (list) list.close();
  }
  document.addEventListener("keydown", function (event) {
    var at = event.target, moves = event.altKey && /^Arrow(Up|Down)$/.test(event.key);
    if (at.matches("select[data-send]")) keyInList(at, event);
    if (event.metaKey || event.ctrlKey || (event.altKey && !moves)) return;
    if (at.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return;
    if (document.documentElement.dataset.keys === "off" || (at.closest("dialog") && event.key !== "?")) return;
    if (going) {
      going = false;
      letters.remove("shows-keys");
      var link = document.querySelector('nav[aria-label="Main"] a[data-key="' + CSS.escape(event.key) + '"]');
      if (link) link.click();
    } else if (event.key === "/") {
      var search = document.querySelector("main input[type=search]");
      if (search) { event.preventDefault(); search.focus(); }
    } else if (event.key === "?") {
      help();
    } else if (event.key === "g") {
      going = true;
      letters.add("shows-keys");
      setTimeout(function () { going = false; letters.remove("shows-keys"); }, 1500);
    } else if (event.key === "j" || event.key === "k") {
      step(event.key === "j" ? 1 : -1);
    } else if (/^.$/.test(event.key) || moves) {
      if (hit((moves ? "Alt+" : "") + event.key)) event.preventDefault();
    }
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-keys-help]")) help();
  });
  // On a phone the menu is shut until somebody opens it.
  if (window.matchMedia("(max-width: 50rem)").matches) {
    document.querySelectorAll("details.menu").forEach(function (menu) { menu.open = false; });
  }
})();
