// Small comforts only: every page works without this file.
(function () {
  "use strict";
  var leave = document.querySelector(".leave");
  function go() {
    document.documentElement.textContent = "";
    location.replace(leave.href);
  }
  leave.addEventListener("click", function (event) {
    event.preventDefault();
    go();
  });
  // Shift three times within five seconds leaves at once.
  var pressed = [];
  document.addEventListener("keydown", function (event) {
    if (event.repeat) return;
    if (event.key !== "Shift") {
      pressed = [];
      return;
    }
    pressed = pressed.concat(Date.now()).slice(-3);
    if (pressed.length === 3 && pressed[2] - pressed[0] < 5000) go();
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
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", function () {
      navigator.clipboard.writeText(document.getElementById("own-code").textContent).then(function () {
        document.getElementById("copied").hidden = false;
      });
    });
  }
})();
