// Makes the code of a picture on this device. The picture never leaves it: it is in no form, it is read by a worker
// that can reach no network, and what is sent is the code alone, when "Send the code" is pressed.
(function () {
  "use strict";
  var part = document.getElementById("make");
  var chosen = document.getElementById("picture");
  var form = document.getElementById("send");
  var said = part.querySelectorAll("[data-said]");
  var worker = null;

  function show(name) {
    said.forEach(function (each) { each.hidden = each.dataset.said !== name; });
    form.hidden = name !== "made";
  }

  function can() {
    return window.Worker && window.WebAssembly && window.OffscreenCanvas && window.createImageBitmap;
  }

  function forget() {
    ["pdq", "quality", "pipeline"].forEach(function (name) { form.elements[name].value = ""; });
    if (worker) worker.terminate();
    worker = null;
  }

  function answer(told) {
    if (told.trouble) return show(told.trouble);
    if (told.quality < Number(form.dataset.least)) return show("too_plain");
    form.elements.pdq.value = told.hash;
    form.elements.quality.value = told.quality;
    form.elements.pipeline.value = form.dataset.pipeline;
    show("made");
  }

  async function make(file) {
    forget();
    if (!file) return show("");
    if (file.type.indexOf("video/") === 0) return show("video");
    show("busy");
    var own = (worker = new Worker(part.dataset.worker, { type: "module" }));
    function broken() {
      if (own === worker) show("old");
    }
    own.onmessage = function (event) {
      if (own === worker) answer(event.data);
      own.terminate();
    };
    own.onerror = broken;
    // Loaded only now, and here: the worker itself may load nothing.
    try {
      var wasm = await (await fetch(part.dataset.wasm)).arrayBuffer();
      own.postMessage({ wasm: wasm, file: file });
    } catch (error) {
      broken();
    }
  }

  part.hidden = false;
  document.getElementById("without").hidden = true;
  if (!can()) {
    chosen.hidden = true;
    return show("old");
  }
  // A page that was left and shown again holds no picture and no code.
  chosen.value = "";
  forget();
  show("");
  chosen.addEventListener("change", function () {
    make(chosen.files[0]);
  });
})();
