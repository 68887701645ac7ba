/** VitePress's own theme with the look of Gatehouse, the API reference, and the address of this service. */
import { onContentUpdated, useRouter } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import { onMounted } from "vue";
import ApiReference from "./ApiReference.vue";
import "./style.css";

/** The service in the guides. The pages show the address of their own service instead. */
const EXAMPLE = "https://auth.example.com";
/** The service on a developer's machine, which may have another port. */
const LOCAL = "http://localhost:8787";

/** The guides that are about another service than the one on a developer's machine. */
const DEPLOYMENT = /\/(containers|delivery|deploy|doctor|domains|scale|troubleshooting)$/;

function showOwnAddress() {
  const isLocal = location.hostname === "localhost";
  const examples = isLocal ? [LOCAL] : [];
  if (!isLocal || !DEPLOYMENT.test(location.pathname)) examples.push(EXAMPLE);
  for (const code of document.querySelectorAll(".vp-doc code")) {
    const texts = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const { currentNode } = texts;
      for (const example of examples)
        currentNode.nodeValue = currentNode.nodeValue.replaceAll(example, location.origin);
    }
  }
}

export default {
  extends: DefaultTheme,
  enhanceApp: ({ app }) => {
    app.component("ApiReference", ApiReference);
  },
  setup() {
    const router = useRouter();
    onContentUpdated(showOwnAddress);
    // The API reference was the first page before: `/docs#login`.
    onMounted(() => {
      const { pathname, hash } = location;
      const isMissing = hash !== "" && !document.getElementById(decodeURIComponent(hash.slice(1)));
      if (/^\/docs\/?$/.test(pathname) && isMissing) router.go(`/docs/api${hash}`);
    });
  },
};
