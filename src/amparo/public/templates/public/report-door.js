/* <report-door item="…">: a way to report, for any page. It asks nobody anything, keeps nothing and sets no cookie;
   pressing a choice posts a form to the door, as a form of the page would. What stands inside the element is shown
   wherever this file does not arrive. Licence: Apache-2.0. */
(function () {
  "use strict";
  const DOOR = "@DOOR@";
  const WORDS = "@WORDS@";
  if (!window.customElements || customElements.get("report-door")) return;

  const LOOK = `
:host{display:block;max-inline-size:100%;color-scheme:light dark;
--ink:var(--report-door-ink,#1d2530);--paper:var(--report-door-paper,#fff);--edge:var(--report-door-edge,#7d8590);
--wash:var(--report-door-wash,#e6f1ef);--accent:var(--report-door-accent,#0b625d);
--focus:var(--report-door-focus,#b45f06);--radius:var(--report-door-radius,10px)}
@media(prefers-color-scheme:dark){:host(:not([theme=light])){
--ink:var(--report-door-ink,#eceae5);--paper:var(--report-door-paper,#1b222a);--edge:var(--report-door-edge,#7f8b98);
--wash:var(--report-door-wash,#17302e);--accent:var(--report-door-accent,#7fd1c7);
--focus:var(--report-door-focus,#ffbf47)}}
:host([theme=dark]){
--ink:var(--report-door-ink,#eceae5);--paper:var(--report-door-paper,#1b222a);--edge:var(--report-door-edge,#7f8b98);
--wash:var(--report-door-wash,#17302e);--accent:var(--report-door-accent,#7fd1c7);
--focus:var(--report-door-focus,#ffbf47)}
:host([theme=light]){color-scheme:light}
:host([theme=dark]){color-scheme:dark}
:host([hidden]),[hidden]{display:none!important}
*{box-sizing:border-box}
.all{font:var(--report-door-font,inherit);overflow-wrap:anywhere;text-align:start}
button{font:inherit;min-block-size:44px;padding-block:8px;padding-inline:14px;border:1.5px solid var(--edge);
border-radius:var(--radius);background:var(--paper);color:var(--ink);cursor:pointer;text-align:start}
button:hover{border-color:var(--accent);background:var(--wash)}
button:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
.panel{margin-block-start:8px;padding-block:10px;padding-inline:14px;border:1.5px solid var(--edge);
border-radius:var(--radius);background:var(--paper);color:var(--ink)}
dialog.panel{margin:auto;inline-size:min(100% - 32px,420px)}
dialog::backdrop{background:#000a}
p{margin-block:0 8px;margin-inline:0}
.what{font-weight:600}
.note{margin-block:10px 0}
form{display:grid;gap:8px;margin:0}
form button{inline-size:100%}
::slotted([slot=also]){display:block;padding-block:10px}
.close{margin-block-start:10px}`;

  const sheet = (() => {
    // A constructed sheet is no inline style, so a site's strict style-src lets it be. Old browsers have none.
    try {
      const made = new CSSStyleSheet();
      made.replaceSync(LOOK);
      return made;
    } catch {
      return null;
    }
  })();

  function make(tag, part, text, more) {
    const made = document.createElement(tag);
    if (part) made.setAttribute("part", (made.className = part));
    if (text) made.textContent = text;
    return Object.assign(made, more);
  }

  function spoken(language) {
    const code = String(language || "").toLowerCase().split("-")[0];
    const known = code === "no" || code === "nn" ? "nb" : code;
    return Object.hasOwn(WORDS, known) ? known : "";
  }

  /* A form sent twice with one key is one report, so each has its own, like any form that a server makes. */
  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    return Array.from(bytes, (byte, at) => (/^[468]$|^10$/.test(at) ? "-" : "") + byte.toString(16).padStart(2, "0")).join("");
  }

  class ReportDoor extends HTMLElement {
    static observedAttributes = ["item", "type", "topics", "lang", "target", "view"];

    connectedCallback() {
      const isNew = !this.shadowRoot;
      if (isNew) this.begin();
      this.show();
      // Whoever had unfolded the page's own choices before this came has these unfolded, too.
      if (isNew && this.button && this.querySelector("details[open]")) this.open(true);
    }

    attributeChangedCallback() {
      if (this.isConnected && this.shadowRoot) this.show();
    }

    get language() {
      const near = this.closest("[lang]");
      const wanted = [near && near.lang, ...(navigator.languages || [navigator.language]), "en"];
      return wanted.map(spoken).find(Boolean);
    }

    get link() {
      const item = (this.getAttribute("item") || "").trim();
      // "post:abc" is the platform's own name for it; everything else is an address, seen from this page.
      if (!item || /^(post|message|live|account):[^/]/.test(item)) return item;
      try {
        return new URL(item, document.baseURI).href;
      } catch {
        return item;
      }
    }

    begin() {
      const root = this.attachShadow({ mode: "open" });
      if (sheet && "adoptedStyleSheets" in root) root.adoptedStyleSheets = [sheet];
      else root.append(make("style", "", LOOK));
      this.inner = root.appendChild(make("div", "all"));
      // Whoever listens on the page hears nothing of what is pressed in here.
      for (const kind of ["click", "keydown", "keyup", "pointerdown", "pointerup", "mousedown", "mouseup", "touchstart"])
        root.addEventListener(kind, (event) => event.target.getRootNode() === root && event.stopPropagation());
    }

    show() {
      const language = this.language, words = WORDS[language];
      const view = this.getAttribute("view"), wasOpen = this.panel && this.isOpen;
      Object.assign(this.inner, { lang: language, dir: words.dir });
      this.keys = {};
      const panel = make(view === "dialog" ? "dialog" : "div", "panel", "", { id: "panel" });
      const what = make("p", "what", words.what[this.getAttribute("type")] || words.what[""], { id: "what" });
      panel.setAttribute("aria-labelledby", "what");
      if (view !== "dialog") panel.setAttribute("role", "group");
      panel.append(what, this.form(words, language), make("slot", "", "", { name: "also" }), make("p", "note", words.note));
      this.panel = panel;
      if (view === "open") {
        this.button = null;
        this.inner.replaceChildren(panel);
        return;
      }
      this.button = make("button", "button", words.report, { type: "button" });
      this.button.onclick = () => this.open(!this.isOpen);
      if (view === "dialog") {
        this.button.setAttribute("aria-haspopup", "dialog");
        const close = make("button", "close", words.close, { type: "button" });
        close.onclick = () => this.open(false);
        panel.append(close);
      } else {
        this.button.setAttribute("aria-controls", "panel");
        panel.onkeydown = this.button.onkeydown = (event) => {
          if (event.key !== "Escape" || !this.isOpen) return;
          this.open(false);
          this.button.focus();
        };
      }
      this.inner.replaceChildren(this.button, panel);
      this.open(Boolean(wasOpen));
    }

    form(words, language) {
      const form = make("form", "form"), link = this.link;
      form.target = this.getAttribute("target") || "_blank";
      // The page that opens can neither reach this one nor read which page it was.
      form.setAttribute("rel", "noopener noreferrer");
      if (!link) {
        // Nothing to report from here, and still a way to help.
        form.action = DOOR + "/help-me";
        form.append(make("button", "choice", words.help));
        return form;
      }
      form.method = "post";
      form.action = DOOR + "/report";
      const key = make("input", "", "", { type: "hidden", name: "key" });
      form.append(key);
      for (const [name, value] of Object.entries({ link, language }))
        form.append(make("input", "", "", { type: "hidden", name, value }));
      const shown = (this.getAttribute("topics") || "").split(/[\s,]+/).filter((topic) => words.topics[topic]);
      for (const topic of shown.length ? shown : Object.keys(words.topics)) {
        const choice = make("button", "choice", words.topics[topic], { name: "topic", value: topic });
        choice.onclick = () => (key.value = this.keys[topic] = this.keys[topic] || newKey());
        form.append(choice);
      }
      return form;
    }

    get isOpen() {
      return this.panel.tagName === "DIALOG" ? this.panel.open : !this.panel.hidden;
    }

    open(wanted) {
      if (wanted) this.keys = {};
      if (this.panel.tagName !== "DIALOG") {
        this.panel.hidden = !wanted;
        this.button.setAttribute("aria-expanded", String(wanted));
      } else if (wanted) {
        if (!this.panel.open) this.panel.showModal();
      } else {
        this.panel.close();
      }
    }
  }
  customElements.define("report-door", ReportDoor);
})();
