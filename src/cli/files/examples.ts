import type { FormatId } from '../../core/format/document.ts';

/** What a new file starts with (stores/stores.go, ExampleComplexTree and its like). */
export const examples: Readonly<Record<FormatId, string>> = {
  yaml: `hello: Welcome! Edit this file as you please.
example_key: example_value
# Example comment
example_array:
    - example_value1
    - example_value2
example_number: 1234.56789
example_booleans:
    - true
    - false
`,
  json: `{
	"hello": "Welcome! Edit this file as you please.",
	"example_key": "example_value",
	"example_array": [
		"example_value1",
		"example_value2"
	],
	"example_number": 1234.56789,
	"example_booleans": [
		true,
		false
	]
}
`,
  dotenv: `# This is an example file.
hello=Welcome! Edit this file as you please.
example_key=example_value
`,
  ini: `[Welcome!]
; This is an example file.
hello       = Welcome! Edit this file as you please.
example_key = example_value
`,
  binary: 'Welcome! Edit this file as you please.',
};
