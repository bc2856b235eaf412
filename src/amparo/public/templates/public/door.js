// Small comforts only: every page works without this file.
(function () {
  "use strict";
  var way = document.querySelector(".leave");
  var said = document.getElementById("leave-said");
  var WITHIN = 5000;
  function go() {
    // The page is emptied before anything else: what stood here is gone from the screen with the next frame, however
    // long the other site takes to come.
    var blank = document.createElement("div");
    blank.className = "blank";
    document.body.replaceChildren(blank);
    document.documentElement.scrollTop = 0;
    location.replace(way.href);
  }
  document.querySelectorAll("a[href='" + way.getAttribute("href") + "']").forEach(function (link) {
    link.addEventListener("click", function (event) {
      event.preventDefault();
      go();
    });
  });
  // Shift three times within five seconds leaves at once. Another key in between was somebody typing.
  var pressed = [];
  var waiting = 0;
  function forget() {
    clearTimeout(waiting);
    pressed = [];
    said.textContent = "";
  }
  document.addEventListener("keydown", function (event) {
    if (event.repeat) return;
    if (event.key !== "Shift") {
      forget();
      return;
    }
    var now = Date.now();
    pressed = pressed.filter(function (at) { return now - at < WITHIN; }).concat(now);
    clearTimeout(waiting);
    if (pressed.length === 3) {
      go();
      return;
    }
    // Heard by who cannot see what the key does, so that nobody leaves by accident.
    said.textContent = pressed.length === 2 ? said.dataset.once : said.dataset.twice;
    waiting = setTimeout(forget, WITHIN);
  });
  // A page taken from the browser's memory could show a report after "Leave this page".
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) location.reload();
  });
  var note = document.getElementById("no-script");
  if (note) note.hidden = true;
  var box = document.getElementById("code");
  var code = location.hash.slice(1);
  if (box && box.form && /^[0-9A-Za-z-]{26,40}$/.test(code)) {
    history.replaceState(null, "", location.pathname);
    box.value = code;
    box.form.submit();
  }
  var copy = document.getElementById("copy");
  var own = document.querySelector("#own-code, [data-copied]");
  if (copy && own && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", function () {
      navigator.clipboard.writeText(own.textContent).then(function () {
        document.getElementById("copied").hidden = false;
      });
    });
  }
})();
