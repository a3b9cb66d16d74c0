/** The networks' looks as far as a picture needs them. Fonts are whatever the machine has. */
export const previewStyle = `
*{box-sizing:border-box}
body{margin:0;font:15px/1.4 "Segoe UI",Roboto,"Helvetica Neue",Arial,"Liberation Sans","Noto Color Emoji",sans-serif}
section{padding:16px 18px 20px}
section:only-of-type{min-height:100vh}
section>header{font-weight:600;margin:-16px -18px 16px;padding:11px 18px}
pre,code{font-family:Consolas,Menlo,"DejaVu Sans Mono",monospace;font-size:.88em}
pre{white-space:pre-wrap;overflow-wrap:anywhere}
small{opacity:.7}
.telegram{background:#cfdcc2 linear-gradient(160deg,#d8e3c8,#bcd3b4)}
.telegram>header{background:#fff;color:#1c1c1c;border-bottom:1px solid #d9d9d9}
.tg{max-width:470px;margin-bottom:10px}
.tg-bubble{position:relative;padding:8px 12px 9px;border-radius:14px 14px 14px 4px;background:#fff;color:#111;white-space:pre-wrap;overflow-wrap:anywhere;box-shadow:0 1px 2px #0003}
.tg-bubble a{color:#168acd;text-decoration:none}
.tg-bubble code{color:#168acd}
.tg-bubble pre{margin:4px 0;padding:6px 9px;border-left:3px solid #9b6bd0;border-radius:5px;background:#f0eaf8}
.tg-bubble blockquote{position:relative;margin:4px 0;padding:5px 24px 6px 10px;border-left:3px solid #3a95d5;border-radius:5px;background:#e9f3fb}
.tg-bubble blockquote::after{content:"\\201d";position:absolute;top:0;right:8px;font:700 20px/1.2 Georgia,serif;color:#3a95d5}
.tg-bubble blockquote.fold::before{content:"\\2303";position:absolute;right:8px;bottom:0;color:#3a95d5}
.tg-time{float:right;margin:8px 0 -4px 12px;font-size:12px;color:#8a969e}
.tg-row{display:flex;gap:4px;margin-top:4px}
.tg-key{flex:1;padding:9px 6px;border-radius:9px;background:#6f8f6ecc;color:#fff;font-weight:600;font-size:14px;text-align:center}
.tg-key.success{background:#3da35d}.tg-key.danger{background:#d9534f}.tg-key.primary{background:#3a8fd6}
.tg-file,.dc-file{display:flex;gap:10px;align-items:center}
.tg-file span,.dc-file span{font-size:28px}
.discord{background:#313338;color:#dbdee1}
.discord>header{color:#f2f3f5;border-bottom:1px solid #232428}
.discord>header::before{content:"# ";color:#80848e}
.dc{display:flex;gap:14px;margin-bottom:14px}
.dc-face{flex:none;width:40px;height:40px;border-radius:50%;background:#5865f2;color:#fff;font:700 20px/40px Georgia,serif;text-align:center}
.dc-post{min-width:0}
.dc-name{color:#f2f3f5;font-weight:600}
.dc-name span{margin:0 6px 0 2px;padding:1px 5px;border-radius:4px;background:#5865f2;color:#fff;font-size:10px;vertical-align:1px}
.dc-name time{color:#949ba4;font-size:12px;font-weight:400}
.dc-embed{max-width:560px;margin-top:6px;padding:10px 16px 13px 13px;border-left:4px solid;border-radius:4px;background:#2b2d31;overflow-wrap:anywhere;font-size:14px}
.dc-title{margin-bottom:5px;color:#f2f3f5;font-size:16px;font-weight:600}
.dc a{color:#00a8fc;text-decoration:none}
.dc-embed code{padding:1px 4px;border-radius:3px;background:#1e1f22}
.dc-embed pre{margin:5px 0;padding:7px 9px;border:1px solid #1e1f22;border-radius:4px;background:#1e1f22}
.dc-embed h3{margin:8px 0 2px;color:#f2f3f5;font-size:15px}
.dc-quote{padding-left:10px;border-left:4px solid #4e5058}
.dc-fields{display:flex;flex-wrap:wrap;gap:8px 26px;margin-top:9px}
.dc-fields>div{flex:1 1 100%}.dc-fields>.dc-inline{flex:0 1 auto;min-width:110px}
.dc-foot{margin-top:9px;color:#949ba4;font-size:12px}
.dc-file{display:inline-flex;margin-top:6px;padding:9px 14px;border:1px solid #232428;border-radius:8px;background:#2b2d31;color:#00a8fc}
.page{background:#fff;color:#111}
`;
