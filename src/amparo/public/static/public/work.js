// Only where very much comes in: does the door's task while the person reads. Nobody waits for it, and a form that is
// sent before it is done is taken all the same.
(function () {
  "use strict";
  var place = document.currentScript.src.replace(/work\.js.*$/, "puzzle.js");
  document.querySelectorAll("input[name=task]").forEach(function (task) {
    var form = task.form;
    var worker = new Worker(place);
    worker.onmessage = function (event) {
      worker.terminate();
      form.elements.work.value = event.data;
      if (form.id === "come-forward") {
        fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }).then(function (answer) {
          form.setAttribute("data-forward", answer.status);
        });
      }
    };
    worker.postMessage(task.value);
  });
})();
