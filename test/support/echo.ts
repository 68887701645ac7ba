const SOURCE = `export default {
  async fetch(request) {
    const { method, url, headers } = request;
    const bytes = (await request.arrayBuffer()).byteLength;
    const isMove = url.endsWith("/there");
    const body = JSON.stringify({ method, url, headers: Object.fromEntries(headers), bytes });
    const answer = new Response(isMove ? null : body, {
      status: isMove ? 303 : 418,
      headers: {
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
        "Content-Type": "text/html; charset=utf-8",
        Location: "/admin",
      },
    });
    answer.headers.append("Set-Cookie", "a=1");
    answer.headers.append("Set-Cookie", "b=2");
    return answer;
  },
};`;

/** A second Worker of vitest's workerd, which answers what it was asked. */
export const ECHO = {
  name: "echo",
  compatibilityDate: "2026-11-02",
  modules: [{ type: "ESModule" as const, path: "index.js", contents: SOURCE }],
};
