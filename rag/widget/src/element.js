// <wenju-ask>: attributes and methods outside, one widget inside. Several on a page know nothing of each other.

import { citationIn } from "./address.js";
import { ArticleView } from "./article.js";
import { Conversation } from "./conversation.js";
import { make, replaceContent } from "./elements.js";
import { QuestionForm } from "./form.js";
import { ChatLayout, PageLayout, examplesShown } from "./layouts.js";
import { NAMES, readOptions } from "./options.js";
import { Popover } from "./popover.js";
import { Service } from "./service.js";
import { Examples, Recent } from "./start.js";
import { adopt } from "./style.js";
import answerStyle from "./styles/answer.css";
import articleStyle from "./styles/article.css";
import baseStyle from "./styles/base.css";
import chatStyle from "./styles/chat.css";
import pageStyle from "./styles/page.css";
import printStyle from "./styles/print.css";
import { wordsFor } from "./words.js";

const STYLES = [baseStyle, answerStyle, articleStyle, chatStyle, pageStyle, printStyle];

/** Builds the widget of `host` in its shadow root. */
function makeApp(host, root, options) {
  const words = wordsFor(options.language);
  const app = { host, root, options, words, title: options.title || words.title };
  app.frame = make("div", { class: `frame ${options.layout === "page" ? "page" : "chat"} ${options.layout}`, lang: options.language });
  app.service = new Service(options.endpoint, words, options.key);
  app.say = (text) => {
    if (app.form.status.textContent !== text) replaceContent(app.form.status, text); // the same again would be read again
  };
  app.emit = (name, detail) => host.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  app.reset = () => {
    app.conversation.forget();
    app.form.showProblem("");
    app.form.field.focus();
  };
  app.popover = new Popover(app);
  app.article = new ArticleView(app);
  app.form = new QuestionForm(app, options.layout === "page");
  app.examples = new Examples(app, examplesShown(options.layout));
  app.recent = options.layout === "page" ? new Recent(app) : null;
  app.layout = options.layout === "page" ? new PageLayout(app) : new ChatLayout(app, options.layout === "launcher");
  app.conversation = new Conversation(app);
  app.frame.append(...app.layout.elements, app.popover.element, app.article.element);
  return app;
}

/** Defines the class for a script that came from the folder `home`. */
export function elementClass(home) {
  return class WenjuAsk extends HTMLElement {
    static get observedAttributes() {
      return [].concat(...NAMES.map((name) => [name, `data-${name}`]));
    }

    connectedCallback() {
      this.app = null;
      this.keepTitle();
      if (!this.shadowRoot) {
        const root = this.attachShadow({ mode: "open" });
        adopt(root, root, STYLES);
        // Keys typed here are none of the page's shortcuts.
        for (const kind of ["keydown", "keypress", "keyup"]) root.addEventListener(kind, (event) => event.stopPropagation());
      }
      this.prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
      this.showTheme = () => this.applyTheme();
      this.prefersDark.addListener(this.showTheme); // addEventListener came to it later
      this.onLeave = () => this.app && this.app.conversation.stop();
      this.onPrint = (event) => this.app && this.app.layout.openForPrint(event.type === "beforeprint");
      this.onAddress = () => this.openAddress();
      window.addEventListener("hashchange", this.onAddress);
      window.addEventListener("pagehide", this.onLeave);
      window.addEventListener("beforeprint", this.onPrint);
      window.addEventListener("afterprint", this.onPrint);
      this.build();
    }

    disconnectedCallback() {
      this.onLeave();
      if (this.app) this.app.popover.close();
      this.app = null;
      this.prefersDark.removeListener(this.showTheme);
      window.removeEventListener("hashchange", this.onAddress);
      window.removeEventListener("pagehide", this.onLeave);
      window.removeEventListener("beforeprint", this.onPrint);
      window.removeEventListener("afterprint", this.onPrint);
    }

    attributeChangedCallback(name, before, after) {
      if (!this.app || before === after) return;
      if (name === "title") this.keepTitle();
      else if (/theme$/.test(name)) this.applyTheme();
      else this.build();
    }

    /** A title attribute would be a tooltip over the whole widget. */
    keepTitle() {
      const title = this.getAttribute("title");
      if (title === null) return;
      this.setAttribute("data-title", title);
      this.removeAttribute("title");
    }

    /** Starts afresh with the attributes as they are. */
    build() {
      if (this.app) this.app.conversation.forget();
      const options = readOptions(this, home);
      if (!options.endpoint) {
        const text = wordsFor(options.language).badEndpoint(options.givenEndpoint);
        this.show(make("div", { class: "frame" }, make("p", { class: "failure", role: "alert" }, text)));
        console.error(text);
        return;
      }
      this.app = makeApp(this, this.shadowRoot, options);
      this.show(this.app.frame);
      this.applyTheme();
      this.app.conversation.showRunning();
      if (options.layout !== "launcher") this.app.examples.load();
      this.openAddress();
    }

    /** The question page opens the article that its address names; the addresses of other pages are their own. */
    openAddress() {
      const citation = this.app && this.app.options.layout === "page" && citationIn(location.hash);
      if (citation) this.app.article.open(citation, this.app.form.field);
    }

    /** In place of what stood there; a <style> beside it stays. */
    show(frame) {
      const before = this.shadowRoot.querySelector(".frame");
      if (before) before.remove();
      this.shadowRoot.append(frame);
    }

    applyTheme() {
      const { theme } = readOptions(this, home);
      const isDark = theme === "dark" || (theme === "auto" && this.prefersDark.matches);
      this.app.frame.classList.toggle("dark", isDark);
    }

    /** Opens the panel; a widget without a launcher is always open. */
    open() {
      if (this.app && this.app.layout.open) this.app.layout.open();
    }

    close() {
      if (this.app && this.app.layout.close) this.app.layout.close();
    }

    /** Asks as if the reader had; resolves to the Answer, or null where there is none. */
    async ask(text) {
      if (!this.app) throw new Error("wenju-ask is not on the page, or its endpoint is wrong: put it there before asking");
      this.open();
      return this.app.form.ask(String(text));
    }

    /** Forgets the conversation. */
    reset() {
      if (this.app) this.app.reset();
    }
  };
}
