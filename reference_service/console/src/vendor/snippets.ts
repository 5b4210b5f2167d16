/** How to ask the API for a vendor, in three languages. */
export const LANGUAGES = ["curl", "Python", "JavaScript"] as const;
export type Language = (typeof LANGUAGES)[number];

export function snippet(language: Language, origin: string, slug: string): string {
  // What encodeURIComponent leaves as it is, but a shell or a string literal would not.
  const name = encodeURIComponent(slug).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const url = `${origin}/v1/marketplace/vendors/${name}`;
  switch (language) {
    case "curl":
      return `curl --fail '${url}'`;
    case "Python":
      return [
        "import requests",
        "",
        `response = requests.get("${url}", timeout=10)`,
        "response.raise_for_status()",
        "vendor = response.json()",
      ].join("\n");
    case "JavaScript":
      return [
        `const response = await fetch("${url}");`,
        "if (!response.ok) throw new Error(`HTTP ${response.status}`);",
        "const vendor = await response.json();",
      ].join("\n");
  }
}
