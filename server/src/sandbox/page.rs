//! The frame of the sandboxes' own pages: plain HTML, no script needed.

use std::fmt::Write as _;

use axum::response::Html;

/// Text made safe for HTML content and for double-quoted attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

const STYLE: &str = ":root{color-scheme:light dark;--line:light-dark(#d8d8d8,#3a3a3a);--soft:light-dark(#f5f5f5,#1d1d1f);\
--accent:light-dark(#7a3f00,#ffb86b)}\
body{font:14px/1.5 system-ui,sans-serif;margin:0 auto;max-width:72rem;padding:1rem}\
header{border-bottom:2px solid var(--accent);margin-bottom:1rem}h1{font-size:20px}h2{font-size:16px;margin-top:2rem}\
header p{color:var(--accent)}nav a{margin-right:1rem}table{border-collapse:collapse;width:100%}\
th,td{text-align:left;padding:.35rem .5rem;border-bottom:1px solid var(--line);vertical-align:top}\
form{display:inline-flex;gap:.35rem;flex-wrap:wrap;margin:.15rem 0}input,select,button{font:inherit;min-height:28px}\
code,pre{font:12px/1.5 ui-monospace,monospace;background:var(--soft);padding:.1rem .3rem;overflow-wrap:anywhere}\
.scroll{overflow-x:auto}";

/// A whole page. `nav` is `(address, text)`; `body` is HTML already escaped by its author.
pub fn layout(title: &str, nav: &[(&str, &str)], body: &str) -> Html<String> {
    let mut links = String::new();
    for (href, text) in nav {
        let _ = write!(links, "<a href=\"{}\">{}</a>", escape(href), escape(text));
    }
    let title = escape(title);
    Html(format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width,initial-scale=1\"><title>{title}</title><link rel=\"icon\" href=\"data:,\">\
         <style>{STYLE}</style></head><body><header><h1>{title}</h1><p>A sandbox: nothing here is real, no mail leaves \
         this machine.</p><nav>{links}</nav></header><main>{body}</main></body></html>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_name_stays_text() {
        let page = layout("x", &[], &escape("<script>alert('1')</script>")).0;
        assert!(!page.contains("<script>"));
        assert!(page.contains("&lt;script&gt;"));
    }
}
