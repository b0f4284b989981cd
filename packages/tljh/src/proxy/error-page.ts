export interface ErrorPage {
  readonly contentType: string;
  readonly body: string;
}

interface ErrorText {
  readonly title: string;
  readonly text: string;
}

const texts: Readonly<Record<number, ErrorText>> = {
  404: { title: "Not found", text: "There is nothing at this address." },
  503: {
    title: "JupyterHub is not there yet",
    text: "It is being started or restarted, which takes some seconds. Notebooks that run are not affected. This page tries again by itself.",
  },
};

const usual: ErrorText = {
  title: "Something went wrong",
  text: "The request could not be carried out. Try again; if that does not help, tell your administrator.",
};

/** What a browser, or a program that asks for JSON, is told while the hub cannot say it itself. */
export function errorPage(code: number, accept: string | undefined, method = "GET"): ErrorPage {
  const { title, text } = texts[code] ?? usual;
  if (!/\btext\/html\b/.test(accept ?? "")) {
    const body = JSON.stringify({ status: code, message: `${title}. ${text}` });
    return { contentType: "application/json", body };
  }
  const isRepeated = code === 503 && (method === "GET" || method === "HEAD");
  return { contentType: "text/html; charset=utf-8", body: page(code, title, text, isRepeated) };
}

function page(code: number, title: string, text: string, isRepeated: boolean): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${isRepeated ? '<meta http-equiv="refresh" content="5">\n' : ""}<title>${title}</title>
<style>
:root { color-scheme: light dark; }
body { font: 1.125rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 20vh auto 0; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; }
small { opacity: 0.75; }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${text}</p>
<p><small>Administrators: <code>journalctl -u jupyterhub</code> says why (${code}).</small></p>
</main>
</body>
</html>
`;
}
