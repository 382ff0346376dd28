// Style sheets of a shadow root or a document: constructed ones, which a policy without 'unsafe-inline' lets in.

/** The nonce of the page's policy, as the script was given it; older browsers need it for their <style>. */
let nonce = "";
export const useNonce = (value) => {
  nonce = value || "";
};

/** scope: the document or shadow root; holder: where a <style> goes in browsers that cannot construct sheets. */
export function adopt(scope, holder, texts) {
  const { CSSStyleSheet: Sheet } = (scope.defaultView || scope.ownerDocument?.defaultView || window);
  if ("adoptedStyleSheets" in scope && Sheet.prototype.replaceSync) {
    scope.adoptedStyleSheets = texts.map((text) => {
      const sheet = new Sheet();
      sheet.replaceSync(text);
      return sheet;
    });
    return;
  }
  const style = (scope.ownerDocument || scope).createElement("style");
  if (nonce) style.setAttribute("nonce", nonce);
  style.textContent = texts.join("\n");
  holder.append(style);
}
