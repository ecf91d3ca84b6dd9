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
  document.addEventListener("change", function (event) {
    var all = event.target.closest("[data-all]");
    if (all) {
      document.querySelectorAll('input[name="' + all.dataset.all + '"]').forEach(function (box) { box.checked = all.checked; });
    }
    var table = event.target.closest("[data-bulk]");
    if (table) {
      var ticked = table.querySelectorAll("tbody input[type=checkbox]:checked").length;
      table.querySelectorAll("[data-ticked]").forEach(function (each) { each.textContent = ticked; });
      table.classList.toggle("has-ticked", ticked > 0);
    }
    var sends = event.target.closest("[data-send]");
    if (sends && sends.form) sends.form.requestSubmit();
  });

  // Nothing is fetched for a page that nobody sees, or whose live part is paused.
  document.addEventListener("htmx:beforeRequest", function (event) {
    var poll = event.target.closest("[data-live]");
    if (!poll || event.target !== poll) return;
    var busy = poll.querySelector("input[type=checkbox]:checked") || poll.contains(document.activeElement);
    if (document.hidden || busy || poll.dataset.live === "paused") event.preventDefault();
  });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-pause]");
    if (!button) return;
    var poll = document.getElementById(button.dataset.pause);
    var pauses = poll.dataset.live !== "paused";
    poll.dataset.live = pauses ? "paused" : "on";
    button.setAttribute("aria-pressed", String(pauses));
    button.textContent = pauses ? "Go on" : "Pause";
    say(pauses ? "Updates are paused" : "Updates go on");
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
  });

  // Keys, for whoever is not writing: / searches, g and a letter goes somewhere, ? shows the letters.
  var letters = document.documentElement.classList, going = false;
  document.addEventListener("keydown", function (event) {
    if (event.metaKey || event.ctrlKey || event.altKey || /INPUT|TEXTAREA|SELECT/.test(event.target.tagName)) return;
    if (document.documentElement.dataset.keys === "off") return;
    if (going) {
      going = false;
      letters.remove("shows-keys");
      var link = document.querySelector('nav[aria-label="Main"] a[data-key="' + CSS.escape(event.key) + '"]');
      if (link) link.click();
    } else if (event.key === "/") {
      var search = document.querySelector("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); }
    } else if (event.key === "?") {
      letters.toggle("shows-keys");
      say("g and a letter goes to a page, / searches");
    } else if (event.key === "g") {
      going = true;
      letters.add("shows-keys");
      setTimeout(function () { going = false; letters.remove("shows-keys"); }, 1500);
    }
  });
  // On a phone the menu is shut until somebody opens it.
  if (window.matchMedia("(max-width: 50rem)").matches) {
    document.querySelectorAll("details.menu").forEach(function (menu) { menu.open = false; });
  }
})();
