import type { PluginNames } from "./names.ts";

/** A plugin's folder: each file's path in it, and its text. */
export type Files = Readonly<Record<string, string>>;

/** The 3-Clause BSD licence, as the original's and this program's. */
export function license({ package: name }: PluginNames, year: number): string {
  return `BSD 3-Clause License

Copyright (c) ${year}, the authors of ${name}
All rights reserved.

Redistribution and use in source and binary forms, with or without
modification, are permitted provided that the following conditions are met:

1. Redistributions of source code must retain the above copyright notice, this
   list of conditions and the following disclaimer.

2. Redistributions in binary form must reproduce the above copyright notice,
   this list of conditions and the following disclaimer in the documentation
   and/or other materials provided with the distribution.

3. Neither the name of the copyright holder nor the names of its contributors
   may be used to endorse or promote products derived from this software
   without specific prior written permission.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS"
AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE
IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
`;
}

/** What differs between the languages in a plugin's README. */
export interface ReadmeParts {
  readonly files: readonly (readonly [name: string, what: string])[];
  /** How it reaches others, after the folder itself: a paragraph. */
  readonly publishing: string;
}

export function readme({ package: name, folder }: PluginNames, parts: ReadmeParts): string {
  const rows = parts.files.map(([file, what]) => `| \`${file}\` | ${what} |`);
  return `# ${name}

A plugin of [The Littlest JupyterHub](https://tljh.jupyter.org): say here in one sentence what a hub has with it.

| file | what it is |
| --- | --- |
${rows.join("\n")}

## Work on it

\`\`\`
tljh plugin check ./${folder}            # what it would do to this server; changes nothing
tljh plugin test ./${folder}             # its tests
sudo tljh install --plugin ./${folder}   # install it; again after each change
\`\`\`

## Share it

Anybody with a copy of this folder can install it as above. ${parts.publishing}

License: 3-Clause BSD.
`;
}
